//! `clients` of a target file, with their keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use strict_yaml::{FromNode, MapReader, Node, Place, Problem, Problems};

use super::Context;
use crate::scenario::model::ClientRole;
use crate::secret::Secret;
use crate::signing_key::{ALGORITHMS, KeyProblem, SigningKey};
use crate::targets::deployment::{Client, ClientKey, RegisteredAuth};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    None,
    Basic,
    Post,
    Key,
}

pub(super) const METHODS: [(&str, Method); 4] = [
    ("none", Method::None),
    ("client_secret_basic", Method::Basic),
    ("client_secret_post", Method::Post),
    ("private_key_jwt", Method::Key),
];

/// Reads the clients by role. `None` when the agent is missing or wrong.
pub(super) fn read(
    node: &Node,
    cx: &Context<'_>,
    problems: &mut Problems,
) -> Option<BTreeMap<ClientRole, Client>> {
    let mut clients = MapReader::new(node, problems, "the clients");
    clients.required_node(ClientRole::Agent.as_str());
    let mut found = BTreeMap::new();
    for (name, role) in ClientRole::ALL {
        // The edition says which client signs users in; it is not another client.
        if *role == ClientRole::UserClient {
            continue;
        }
        if let Some(node) = clients.node(name)
            && let Some(client) = client(node, cx, clients.problems())
        {
            suits(*role, &client, node, clients.problems());
            found.insert(*role, client);
        }
    }
    clients.finish();
    found.contains_key(&ClientRole::Agent).then_some(found)
}

fn client(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<Client> {
    let mut entry = MapReader::new(node, problems, "a client");
    let client_id = entry.required::<String>("client_id");
    let redirect_uri = entry.optional::<String>("redirect_uri");
    let methods = entry
        .required_node("auth")
        .and_then(|node| methods(node, entry.problems()));
    let method = methods.as_ref().map(|methods| methods.0);
    entry.guard("client_secret");
    let secret = match method {
        Some(Method::Basic | Method::Post) => entry.required_node("client_secret"),
        _ => entry.node("client_secret"),
    };
    let secret = secret.and_then(|node| cx.secret(node, entry.problems()));
    let key = match method {
        Some(Method::Key) => entry.required_node("key"),
        _ => entry.node("key"),
    };
    let key = key.and_then(|node| client_key(node, cx, entry.problems()));
    entry.finish();

    let auth = match method? {
        Method::None => RegisteredAuth::None,
        Method::Basic => RegisteredAuth::ClientSecretBasic(secret?),
        Method::Post => RegisteredAuth::ClientSecretPost(secret?),
        Method::Key => RegisteredAuth::PrivateKeyJwt(key?),
    };
    Some(Client {
        client_id: client_id?,
        auth,
        secret_anywhere: methods?.1,
        redirect_uri,
    })
}

/// How a client authenticates: one method, or both that show a secret. The first is used, and whether the other works too.
fn methods(node: &Node, problems: &mut Problems) -> Option<(Method, bool)> {
    if node.as_seq().is_none() {
        return Some((node.one_of(&METHODS, problems)?, false));
    }
    let nodes: Vec<Node> = FromNode::from_node(node, problems)?;
    let mut methods = Vec::with_capacity(nodes.len());
    for node in &nodes {
        methods.push(node.one_of(&METHODS, problems)?);
    }
    match methods[..] {
        [method] => Some((method, false)),
        [Method::Basic, Method::Post] => Some((Method::Basic, true)),
        [Method::Post, Method::Basic] => Some((Method::Post, true)),
        _ => {
            problems.push(
                Problem::new(node.place, "these methods do not go together")
                    .expected("one method, or `[client_secret_basic, client_secret_post]` where both places of a secret work"),
            );
            None
        }
    }
}

/// Whether a client can play a role: what a role is about must not be contradicted by how its client authenticates.
fn suits(role: ClientRole, client: &Client, node: &Node, problems: &mut Problems) {
    let is_public = matches!(client.auth, RegisteredAuth::None);
    let (wrong, expected) = match role {
        ClientRole::PublicApp => (!is_public, "auth: none"),
        ClientRole::WebApp | ClientRole::ServiceApp | ClientRole::AppWithoutPkce => {
            (is_public, "a client with a secret or a key")
        }
        _ => (false, ""),
    };
    if wrong {
        let message = format!("this client cannot be `{role}`: {}", role.meaning());
        problems.push(
            Problem::new(node.place, message)
                .expected(expected)
                .help("name another client, or leave the role out: cases that need it are skipped"),
        );
    }
}

fn client_key(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<ClientKey> {
    let mut entry = MapReader::new(node, problems, "a key");
    let place = entry.place();
    let kid = entry.optional::<String>("kid");
    let alg = entry.node("alg").and_then(|node| {
        node.one_of(&ALGORITHMS, entry.problems())?;
        node.as_str().map(str::to_owned)
    });
    let mut read = |name| {
        entry.guard(name);
        let node = entry.node(name)?;
        Some((node.place, cx.secret(node, entry.problems())))
    };
    let pem = read("private_key_pem");
    let jwk = read("private_jwk");
    let missing = pem.is_none() && jwk.is_none();
    let problems = entry.problems();
    if missing {
        problems.push(
            Problem::new(place, "a key lacks its private part")
                .expected("private_key_pem or private_jwk; one is enough"),
        );
    }
    let mut written = Vec::new();
    let mut parsed = None;
    if let Some((place, Some(pem))) = pem {
        parsed = note(SigningKey::from_pem(pem.expose()), place, problems);
        written.push(pem);
    }
    if let Some((place, Some(jwk))) = jwk {
        let value = note(SigningKey::parse_jwk(jwk.expose()), place, problems);
        if let Some(value) = value {
            let key = note(SigningKey::from_jwk(&value), place, problems);
            parsed = parsed.or(key);
            written.extend(private_members(&value));
        }
        written.push(jwk);
    }
    entry.finish();

    let key = Arc::new(parsed?);
    let alg = alg.unwrap_or_else(|| key.algorithm().to_owned());
    Some(ClientKey {
        kid,
        alg,
        key,
        written,
    })
}

fn note<T>(read: Result<T, KeyProblem>, place: Place, problems: &mut Problems) -> Option<T> {
    let found = read.map_err(|problem| {
        let mut shown = Problem::new(place, problem.to_string());
        if let Some(expected) = problem.expected() {
            shown = shown.expected(expected);
        }
        if let Some(help) = problem.help() {
            shown = shown.help(help);
        }
        problems.push(shown);
    });
    found.ok()
}

/// The numbers of a JWK that must stay secret (RFC 7518 §6.2.2, §6.3.2).
fn private_members(jwk: &serde_json::Value) -> Vec<Secret> {
    ["d", "p", "q", "dp", "dq", "qi"]
        .iter()
        .filter_map(|name| jwk.get(name)?.as_str())
        .map(Secret::new)
        .collect()
}
