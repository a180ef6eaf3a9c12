//! The keys of a client: registered one by one, or published at an address.

use std::collections::BTreeSet;

use strict_yaml::{MapReader, Problem, Spanned, Value};

use super::words::{items, private_key, status};
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
        let alg = key.required_one_of("alg", &KeyAlg::ALL);
        let origin = origin(&mut key);
        let status = status(&mut key);
        let usage = key.optional::<String>("use");
        key.finish();
        if let (Some(Spanned { value: kid, .. }), Some(alg)) = (kid, alg) {
            all.push(ClientKeySpec {
                kid,
                alg: alg.value,
                origin,
                status,
                usage: usage.unwrap_or_else(|| "sig".to_owned()),
            });
        }
    }
    all
}

fn origin(key: &mut MapReader<'_, '_>) -> KeyOrigin {
    let private = private_key(key);
    let Some(node) = key.node("public_jwk") else {
        return private.map_or(KeyOrigin::Fresh, KeyOrigin::Private);
    };
    if private.is_some() {
        key.problems().push(
            Problem::new(node.place, "`public_jwk` stands beside `private_key_pem`")
                .help("one is enough: the public half follows from the private one"),
        );
    }
    let mut members = serde_json::Map::new();
    match node.as_map() {
        None => key
            .problems()
            .push(node.mismatch("a map with the members of a public JWK")),
        Some(map) => {
            for entry in &map.entries {
                match &entry.value.value {
                    _ if ["d", "p", "q", "dp", "dq", "qi", "k"]
                        .contains(&entry.key.value.as_str()) =>
                    {
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
                    _ => key.problems().push(entry.value.mismatch("a string")),
                }
            }
        }
    }
    KeyOrigin::Public(members)
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
