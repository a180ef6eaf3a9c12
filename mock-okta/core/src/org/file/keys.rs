//! The keys of a client: registered one by one, or published at an address.

use std::collections::BTreeSet;

use strict_yaml::{Map, MapReader, Node, Problem, Spanned, Value};

use super::private_key::private_key;
use super::words::{items, status};
use crate::keys::{self, PRIVATE_MEMBERS, PUBLIC_MEMBERS};
use crate::org::uri::{check_http, shown};
use crate::org::{ClientKeySpec, KeyAlg, KeyOrigin};

pub(super) fn keys(client: &mut MapReader<'_, '_>) -> Vec<ClientKeySpec> {
    let mut kids: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for item in items(client, "keys") {
        let mut key = MapReader::new(item, client.problems(), "a key");
        let kid = key.required_str("kid");
        if let Some(kid) = &kid
            && !kids.insert(kid.value.clone())
        {
            let message = format!("the client has two keys `{}`", kid.value);
            key.problems().push(Problem::new(kid.place, message));
        }
        let alg = algorithm(&mut key);
        let origin = origin(&mut key, alg.as_ref().map(|alg| alg.value));
        let status = status(&mut key);
        let usage = key.optional::<String>("use");
        let usage = usage.unwrap_or_else(|| "sig".to_owned());
        if let Some(jwk) = key.node("public_jwk") {
            let said = Said {
                kid: kid.as_ref().map(|kid| kid.value.as_str()),
                alg: alg.as_ref().map(|alg| alg.value.as_str()),
                usage: &usage,
            };
            said.check(jwk, &mut key);
        }
        key.finish();
        if let (Some(Spanned { value: kid, .. }), Some(alg)) = (kid, alg) {
            all.push(ClientKeySpec {
                kid,
                alg: alg.value,
                origin,
                status,
                usage,
            });
        }
    }
    all
}

/// Algorithms of JWS for which other servers take keys and Okta does not: RSASSA-PSS and `EdDSA`.
const NOT_AT_OKTA: [&str; 5] = ["PS256", "PS384", "PS512", "EdDSA", "Ed25519"];

/// `alg`, and more than a list of words for those that a client might well have.
fn algorithm(key: &mut MapReader<'_, '_>) -> Option<Spanned<KeyAlg>> {
    let node = key.node("alg");
    if let Some(node) = node
        && let Value::String(text) = &node.value
        && NOT_AT_OKTA.contains(&text.as_str())
    {
        let all = KeyAlg::ALL.map(|(name, _)| name).join(", ");
        let problem = Problem::new(node.place, format!("Okta takes no keys for {text}"));
        key.problems()
            .push(problem.expected(format!("one of {all}")));
        return None;
    }
    key.required_one_of("alg", &KeyAlg::ALL)
}

fn origin(key: &mut MapReader<'_, '_>, alg: Option<KeyAlg>) -> KeyOrigin {
    let private = private_key(key, alg);
    let Some(node) = key.node("public_jwk") else {
        return private.map_or(KeyOrigin::Fresh, KeyOrigin::Private);
    };
    if private.is_some() {
        key.problems().push(
            Problem::new(node.place, "`public_jwk` stands beside `private_key_pem`")
                .help("one is enough: the public half follows from the private one"),
        );
    }
    let before = key.problems().len();
    let members = public_members(node, key);
    if let (Some(alg), Some(map)) = (alg, node.as_map())
        && key.problems().len() == before
    {
        check_public(alg, &members, map, node, key);
    }
    KeyOrigin::Public(members)
}

/// What the entry of a key says beside its JWK.
struct Said<'s> {
    kid: Option<&'s str>,
    alg: Option<&'s str>,
    usage: &'s str,
}

impl Said<'_> {
    /// Reports the members of the JWK that contradict it, each at its place. A member that is left out contradicts nothing.
    fn check(&self, jwk: &Node, key: &mut MapReader<'_, '_>) {
        let entries = jwk.as_map().map(|map| map.entries.as_slice());
        for entry in entries.unwrap_or_default() {
            let name = entry.key.value.as_str();
            let expected = match name {
                "kid" => self.kid,
                "alg" => self.alg,
                "use" => Some(self.usage),
                _ => None,
            };
            if let (Value::String(written), Some(expected)) = (&entry.value.value, expected)
                && written != expected
            {
                let message =
                    format!("`{name}` of the JWK contradicts `{name}: {expected}` of the key");
                key.problems().push(
                    Problem::new(entry.value.place, message)
                        .expected(format!("`{expected}`, or no `{name}` in the JWK")),
                );
            }
            if name == "key_ops" && self.usage == "sig" && !may_verify(&entry.value) {
                key.problems().push(
                    Problem::new(entry.value.place, "`key_ops` of the JWK does not allow to verify")
                        .expected("a list with `verify`, as the public half of a signing key has it (RFC 7517 section 4.3)"),
                );
            }
        }
    }
}

/// Whether `key_ops` is a list that holds `verify`.
fn may_verify(operations: &Node) -> bool {
    let Value::Seq(items) = &operations.value else {
        return false;
    };
    let mut items = items.iter();
    items.any(|item| matches!(&item.value, Value::String(text) if text == "verify"))
}

/// The members of a public JWK that the org uses.
fn public_members(
    node: &Node,
    key: &mut MapReader<'_, '_>,
) -> serde_json::Map<String, serde_json::Value> {
    let mut members = serde_json::Map::new();
    let Some(map) = node.as_map() else {
        let mismatch = node.mismatch("a map with the members of a public JWK");
        key.problems().push(mismatch);
        return members;
    };
    for entry in &map.entries {
        match &entry.value.value {
            _ if PRIVATE_MEMBERS.contains(&entry.key.value.as_str()) => {
                key.problems().conceal(entry.value.place);
                key.problems().push(
                    Problem::new(
                        entry.key.place,
                        format!("`{}` is part of a private key", entry.key.value),
                    )
                    .help("give the public members only, or `private_key_pem`"),
                );
            }
            Value::String(text) => {
                members.insert(entry.key.value.clone(), text.clone().into());
            }
            _ if !PUBLIC_MEMBERS.contains(&entry.key.value.as_str()) => {}
            _ => key.problems().push(entry.value.mismatch("a string")),
        }
    }
    members
}

/// What is wrong with a public JWK, at the member that is wrong.
fn check_public(
    alg: KeyAlg,
    members: &serde_json::Map<String, serde_json::Value>,
    map: &Map,
    node: &Node,
    key: &mut MapReader<'_, '_>,
) {
    let Some(flaw) = keys::flaw(alg, members) else {
        return;
    };
    let entry = map
        .entries
        .iter()
        .find(|entry| entry.key.value == flaw.member);
    let place = entry.map_or(node.place, |entry| entry.value.place);
    let message = format!("`{}` of the JWK {}", flaw.member, flaw.reason);
    key.problems().push(
        Problem::new(place, message)
            .expected(format!("the public JWK of a key for {}", alg.as_str())),
    );
}

/// `jwks_uri`: where the client publishes its keys, which then cannot be registered as well.
pub(super) fn address_of_keys(
    client: &mut MapReader<'_, '_>,
    registered: &[ClientKeySpec],
) -> Option<String> {
    let uri = client.optional_str("jwks_uri")?;
    if !registered.is_empty() {
        client.problems().push(
            Problem::new(uri.place, "`jwks_uri` stands beside `keys`")
                .help("a client registers its keys or publishes them: remove one of the two"),
        );
    }
    if let Err(reason) = check_http(&uri.value) {
        let shown = shown(&uri.value);
        client.problems().push(
            Problem::new(
                uri.place,
                format!("`{shown}` is no address of keys (`jwks_uri`): {reason}"),
            )
            .expected("an absolute http or https URL without a fragment"),
        );
    }
    Some(uri.value)
}
