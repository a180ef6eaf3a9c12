//! How clients must authenticate for a case to mean what it says: a parameter that a form of authentication does not have
//! cannot be changed, and a client whose name is enough is not refused for want of a credential.

use std::collections::BTreeSet;

use crate::scenario::Step;
use crate::scenario::case_step::CaseStep;
use crate::scenario::model::{
    Authentication, Capability, Change, ClientAuth, ClientRole, JwtMutation, Mutation, SignWith,
};
use crate::scenario::step::{Action, Configured, Control, ControlCommand};

/// Members of a registration that say how the client authenticates.
const REGISTERED: [&str; 4] = [
    "token_endpoint_auth_methods",
    "client_secret",
    "keys",
    "jwks_uri",
];

/// Adds what the steps need of their clients.
pub(super) fn of_flow(steps: &[CaseStep<'_>], needs: &mut BTreeSet<Capability>) {
    let mut registered_anew = BTreeSet::new();
    for case_step in steps {
        let action = &case_step.step.action;
        registered_anew.extend(registers(case_step.step));
        let nothing = Change::default();
        let change = case_step.change.unwrap_or(&nothing);
        needs.extend(signers(change));
        let Some(client) = change.client.or(action.kind().client()) else {
            continue;
        };
        let Some(usual) = usual(action) else {
            continue;
        };
        // Where test control has just registered the client differently, the target file no longer says how.
        if registered_anew.contains(&client) {
            continue;
        }
        let ways = match change.client_auth {
            // This role has no credential, wherever it is played.
            Some(ClientAuth::None) if client == ClientRole::PublicApp => Vec::new(),
            Some(ClientAuth::None) => vec![Authentication::Credential],
            asked => of_request(asked.unwrap_or(usual), change),
        };
        needs.extend(
            ways.into_iter()
                .map(|way| Capability::Authenticates(client, way)),
        );
    }
}

/// How the client of a step authenticates, where it does.
fn usual(action: &Action) -> Option<ClientAuth> {
    match action {
        Action::SignIn(_) => Some(ClientAuth::Registered),
        other => other.kind().client_auth(),
    }
}

/// What a request takes for granted about its client.
fn of_request(client_auth: ClientAuth, change: &Change) -> Vec<Authentication> {
    match client_auth {
        ClientAuth::ClientSecretBasic => vec![Authentication::SecretInHeader],
        ClientAuth::ClientSecretPost => vec![Authentication::SecretInBody],
        ClientAuth::PrivateKeyJwt => vec![Authentication::Assertion],
        // An HMAC by the secret: `hmac_key` says what it needs.
        ClientAuth::ClientSecretJwt | ClientAuth::None => Vec::new(),
        ClientAuth::Registered => {
            let params = change.params.iter();
            let mut ways: Vec<_> = params.filter_map(of_parameter).collect();
            let is_credential =
                |(name, _): &(String, _)| name.eq_ignore_ascii_case("authorization");
            if change.headers.iter().any(is_credential) {
                ways.push(Authentication::NotInHeader);
            }
            ways
        }
    }
}

/// What the change of a parameter takes for granted, where the client authenticates as it is registered.
fn of_parameter((name, mutation): &(String, Mutation)) -> Option<Authentication> {
    match (name.as_str(), mutation) {
        // A secret that is added stands beside the assertion.
        ("client_assertion" | "client_assertion_type", _) | ("client_secret", Mutation::Set(_)) => {
            Some(Authentication::Assertion)
        }
        ("client_secret", _) => Some(Authentication::Secret),
        ("client_id", _) => Some(Authentication::NotInHeader),
        _ => None,
    }
}

/// Clients whose key or secret signs a changed JWT.
fn signers(change: &Change) -> impl Iterator<Item = Capability> {
    change.jwts().flat_map(|jwt| {
        let symmetric = jwt.alg.as_deref().is_some_and(|alg| alg.starts_with("HS"));
        let way = if symmetric {
            Authentication::Secret
        } else {
            Authentication::Assertion
        };
        JwtMutation::signers(jwt).filter_map(move |signer| match signer {
            SignWith::Client(client) => Some(Capability::Authenticates(client, way)),
            _ => None,
        })
    })
}

/// The client that a step registers with another way to authenticate.
fn registers(step: &Step) -> Option<ClientRole> {
    let Action::Control(Control(ControlCommand::Configure(Configured::Client(client), members))) =
        &step.action
    else {
        return None;
    };
    let says_how = |(name, _): &(String, _)| REGISTERED.contains(&name.as_str());
    members.iter().any(says_how).then_some(*client)
}
