//! The sections `apps` and `agents`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use strict_yaml::{MapReader, Node, Place, Problem, Problems};

use super::keys::{address_of_keys, keys};
use super::resolve::{KnownNames, RecordKind};
use super::words::{
    addresses, each, id, items, lifetime_of, optional_users, secret, status, strings,
};
use crate::org::{
    ApplicationType, AuthMethod, Client, ClientId, ClientKeySpec, ClientKind, ConsentMethod,
    GrantType, Status,
};

/// Grants of an agent when the file names none.
const AGENT_GRANTS: [GrantType; 4] = [
    GrantType::AuthorizationCode,
    GrantType::RefreshToken,
    GrantType::TokenExchange,
    GrantType::JwtBearer,
];

pub(super) fn apps(
    top: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<ClientId, Client> {
    each(top, "apps", "an app", |app| {
        let id = id(app, "0oa", None);
        if let Some(id) = &id {
            known.declare(RecordKind::App, id, app.problems());
        }
        let name = app.required::<String>("name");
        let application_type = app.required_one_of("application_type", &ApplicationType::ALL);
        let status = status(app);
        let grant_types =
            grants(app).unwrap_or_else(|| BTreeSet::from([GrantType::AuthorizationCode]));
        let shared = CommonMembers::read(app, known, AuthMethod::ClientSecretBasic);
        shared.check_redirects(&grant_types, app);
        let kind = ClientKind::App {
            application_type: application_type?.value,
        };
        let id = ClientId::new(id?.value);
        let pkce = shared.auth_methods.contains(&AuthMethod::None);
        Some((
            id.clone(),
            shared.client(id, name?, kind, status, grant_types, pkce),
        ))
    })
}

pub(super) fn agents(
    top: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<ClientId, Client> {
    each(top, "agents", "an agent", |agent| {
        let id = id(agent, "wlp", None);
        if let Some(id) = &id {
            known.declare(RecordKind::Agent, id, agent.problems());
        }
        let name = agent.required::<String>("name");
        let status = agent
            .optional_one_of("status", &Status::ALL)
            .map_or(Status::Active, |status| status.value);
        let linked_apps = items(agent, "linked_apps");
        let linked_apps = strings(linked_apps, agent.problems());
        let linked_apps = known.find_all(&[RecordKind::App], &linked_apps, agent.problems());
        let grant_types = grants(agent).unwrap_or_else(|| BTreeSet::from(AGENT_GRANTS));
        let shared = CommonMembers::read(agent, known, AuthMethod::PrivateKeyJwt);
        shared.check_redirects(&grant_types, agent);
        let kind = ClientKind::Agent {
            linked_apps: linked_apps.into_iter().map(ClientId::new).collect(),
        };
        let id = ClientId::new(id?.value);
        Some((
            id.clone(),
            shared.client(id, name?, kind, status, grant_types, true),
        ))
    })
}

/// What apps and agents have in common.
struct CommonMembers {
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    auth_methods: BTreeSet<AuthMethod>,
    client_secret: Option<crate::secret::Secret>,
    keys: Vec<ClientKeySpec>,
    jwks_uri: Option<String>,
    pkce_required: Option<bool>,
    assigned_users: crate::org::Users,
    consent: ConsentMethod,
    reauthenticate_after: Option<SignedDuration>,
    org_server_only: bool,
}

impl CommonMembers {
    fn read(client: &mut MapReader<'_, '_>, known: &KnownNames, default: AuthMethod) -> Self {
        let redirect_uris = addresses(client, "redirect_uris");
        let post_logout_redirect_uris = addresses(client, "post_logout_redirect_uris");
        let methods = client.node("token_endpoint_auth_methods");
        let place = methods.map_or(client.place(), |node| node.place);
        let auth_methods = match methods {
            Some(node) => vocabulary(node, &AuthMethod::ALL, client.problems()),
            None => BTreeSet::from([default]),
        };
        let client_secret = client
            .node("client_secret")
            .and_then(|_| secret(client, "client_secret"));
        client.guard("client_secret");
        let keys = keys(client);
        let jwks_uri = address_of_keys(client, &keys);
        let shared = Self {
            redirect_uris,
            post_logout_redirect_uris,
            auth_methods,
            client_secret,
            keys,
            jwks_uri,
            pkce_required: client.optional("pkce_required"),
            assigned_users: optional_users(client, "assigned_users", known),
            consent: client
                .optional_one_of("consent_method", &ConsentMethod::ALL)
                .map_or(ConsentMethod::Trusted, |method| method.value),
            reauthenticate_after: lifetime_of(client, "reauthenticate_after", ("1m", "24h")),
            org_server_only: client
                .optional("org_authorization_server_only")
                .unwrap_or_default(),
        };
        shared.check_credentials(place, client.problems());
        shared
    }

    /// A method needs its credential, and `none` stands alone.
    fn check_credentials(&self, place: Place, problems: &mut Problems) {
        use AuthMethod::{ClientSecretBasic, ClientSecretJwt, ClientSecretPost, PrivateKeyJwt};
        let has = |methods: &[AuthMethod]| {
            methods
                .iter()
                .any(|method| self.auth_methods.contains(method))
        };
        if has(&[ClientSecretBasic, ClientSecretPost, ClientSecretJwt])
            && self.client_secret.is_none()
        {
            problems.push(
                Problem::new(place, "the client authenticates with a secret but has none")
                    .help("add `client_secret: …`, or name another method in `token_endpoint_auth_methods`"),
            );
        }
        if has(&[PrivateKeyJwt]) && self.keys.is_empty() && self.jwks_uri.is_none() {
            problems.push(
                Problem::new(place, "the client authenticates with a key but has none").help(
                    "add `keys: [{ kid: my-key-1, alg: RS256 }]`: the key itself is made at start",
                ),
            );
        }
        if has(&[AuthMethod::None]) && self.auth_methods.len() > 1 {
            problems.push(
                Problem::new(place, "`none` cannot stand beside other methods")
                    .help("a client is either public (`none`) or confidential"),
            );
        }
    }

    fn check_redirects(&self, grants: &BTreeSet<GrantType>, client: &mut MapReader<'_, '_>) {
        if grants.contains(&GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            let place = client.place();
            client.problems().push(
                Problem::new(place, "the client may use authorization codes but has no `redirect_uris`")
                    .help("add `redirect_uris: [http://localhost:8787/callback]`, or set `grant_types` without authorization_code"),
            );
        }
    }

    fn client(
        self,
        id: ClientId,
        name: String,
        kind: ClientKind,
        status: Status,
        grant_types: BTreeSet<GrantType>,
        pkce_by_default: bool,
    ) -> Client {
        Client {
            id,
            name,
            kind,
            status,
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            grant_types,
            auth_methods: self.auth_methods,
            client_secret: self.client_secret,
            keys: self.keys,
            jwks_uri: self.jwks_uri,
            pkce_required: self.pkce_required.unwrap_or(pkce_by_default),
            assigned_users: self.assigned_users,
            consent: self.consent,
            reauthenticate_after: self.reauthenticate_after,
            org_server_only: self.org_server_only,
        }
    }
}

/// The grants a client is registered for, if the file names them.
pub(super) fn grants(reader: &mut MapReader<'_, '_>) -> Option<BTreeSet<GrantType>> {
    let node = reader.node("grant_types")?;
    Some(vocabulary(node, &GrantType::ALL, reader.problems()))
}

/// A list of words of a closed vocabulary, at least one.
fn vocabulary<T: Copy + Ord>(
    node: &Node,
    words: &[(&str, T)],
    problems: &mut Problems,
) -> BTreeSet<T> {
    match node.as_seq() {
        Some([]) => {
            problems.push(
                Problem::new(node.place, "the list is empty")
                    .help("remove the key to have the default"),
            );
            BTreeSet::new()
        }
        Some(items) => items
            .iter()
            .filter_map(|item| item.one_of(words, problems))
            .collect(),
        None => {
            problems.push(node.mismatch("a list"));
            BTreeSet::new()
        }
    }
}
