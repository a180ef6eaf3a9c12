//! Whether a client's secret must be the key of an HMAC, and how long it must be then.
//!
//! RFC 7518 section 3.2 wants a key at least as long as the hash. With a shorter one a server refuses the assertion
//! rightly, and for another reason than the one a case is about: neither an acceptance nor a refusal could be judged.

use super::Step;
use super::model::{Capability, Change, ClientAuth, ClientRole, Mutation};
use super::step::{Action, Configured, Control, ControlCommand};

/// What signing in one step with the client's secret needs, if it does; `steps` are all that are taken.
pub(super) fn need<'s>(
    action: &Action,
    change: &Change,
    mut steps: impl Iterator<Item = &'s Step>,
) -> Option<Capability> {
    let kind = action.kind();
    let client_auth = change.client_auth.unwrap_or(kind.client_auth()?);
    if client_auth != ClientAuth::ClientSecretJwt {
        return None;
    }
    let client = change.client.or(kind.client())?;
    let other_alg = change.params.iter().find_map(|(name, mutation)| {
        let Mutation::Jwt(jwt) = mutation else {
            return None;
        };
        jwt.alg.as_deref().filter(|_| name == "client_assertion")
    });
    let bytes = match other_alg.unwrap_or("HS256") {
        "HS256" => 32,
        "HS384" => 48,
        "HS512" => 64,
        _ => return None,
    };
    // Where a step gives the client another secret, its length is what is tried.
    (!steps.any(|step| gives_a_secret(step, client)))
        .then_some(Capability::SecretOfAtLeast(client, bytes))
}

fn gives_a_secret(step: &Step, client: ClientRole) -> bool {
    let Action::Control(Control(ControlCommand::Configure(Configured::Client(whose), members))) =
        &step.action
    else {
        return false;
    };
    *whose == client && members.iter().any(|(name, _)| name == "client_secret")
}
