//! `clients` of a target file, with their keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use strict_yaml::{MapReader, Node, Place, Problem, Problems};

use super::Context;
use crate::scenario::model::ClientRole;
use crate::secret::Secret;
use crate::signing_key::{ALGORITHMS, KeyProblem, SigningKey};
use crate::targets::deployment::{Client, ClientKey, RegisteredAuth};

#[derive(Clone, Copy)]
enum Method {
    None,
    Basic,
    Post,
    Key,
}

const METHODS: [(&str, Method); 4] = [
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
    let method = entry
        .required_one_of("auth", &METHODS)
        .map(|method| method.value);
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
        redirect_uri,
    })
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
