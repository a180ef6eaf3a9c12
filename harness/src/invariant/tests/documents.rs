//! Metadata and keys.

use serde_json::{Value, json};

use super::{ORG, holds, json_answer};
use crate::exchange::{Exchange, Party, RequestSpec};

fn metadata(document: &Value) -> Exchange {
    document_at("/.well-known/openid-configuration", document)
}

fn document_at(path: &str, document: &Value) -> Exchange {
    let request = RequestSpec::new(Party::Org, "GET", format!("{ORG}{path}"));
    json_answer(request, 200, document)
}

fn keys(keys: &Value) -> Exchange {
    let request = RequestSpec::new(Party::Org, "GET", format!("{ORG}/oauth2/v1/keys"));
    json_answer(request, 200, &json!({"keys": keys}))
}

#[test]
fn documents_of_one_issuer_agree() {
    let rule = "  applies_to: { endpoint: metadata }\n  relation: documents-agree\n";
    let two = |first: &Value, second: &Value| {
        holds(
            rule,
            &[
                metadata(first),
                document_at("/.well-known/oauth-authorization-server", second),
            ],
        )
    };
    let first = json!({"issuer": ORG, "jwks_uri": "a", "scopes_supported": ["a", "b"]});
    assert_eq!(
        two(
            &first,
            &json!({"issuer": ORG, "scopes_supported": ["b", "a"]})
        ),
        Some(true)
    );
    assert_eq!(two(&first, &json!({"jwks_uri": "b"})), Some(false));
    let signed = |jwt: &str| json!({"issuer": ORG, "signed_metadata": jwt});
    assert_eq!(two(&signed("a.b.c"), &signed("a.b.d")), Some(true));
    assert_eq!(
        two(&first, &json!({"scopes_supported": ["b"]})),
        Some(false)
    );
    // Nothing was compared: another member, one document alone, one document read twice.
    assert_eq!(two(&first, &json!({"other": 1})), None);
    assert_eq!(holds(rule, &[metadata(&first)]), None);
    assert_eq!(
        holds(rule, &[metadata(&first), metadata(&json!({"issuer": "x"}))]),
        None
    );
    // Each document signs its own members (RFC 8414 section 2.1).
    let signed = |by: &str| json!({"issuer": ORG, "signed_metadata": by});
    assert_eq!(two(&signed("a"), &signed("b")), Some(true));
}

#[test]
fn endpoints_are_at_the_origin_of_their_issuer() {
    let rule = "  applies_to: { endpoint: metadata }\n  relation: issuer-origin\n";
    let one = |url: &str| holds(rule, &[metadata(&json!({"userinfo_endpoint": url}))]);
    assert_eq!(one("http://localhost:1/a"), Some(true));
    assert_eq!(one("http://localhost:2/a"), Some(false));
    assert_eq!(one("https://localhost:1/a"), Some(false));
    assert_eq!(one("no url"), None);
}

#[test]
fn lists_have_something_in_them() {
    let rule = "  applies_to: { endpoint: metadata }\n  relation: no-empty-lists\n";
    let one = |document: Value| holds(rule, &[metadata(&document)]);
    assert_eq!(one(json!({"scopes_supported": ["a"]})), Some(true));
    assert_eq!(one(json!({"scopes_supported": []})), Some(false));
    assert_eq!(one(json!({"issuer": "x"})), None);
}

#[test]
fn openid_documents_have_what_is_required() {
    let rule = "  applies_to: { endpoint: metadata }\n  relation: openid-members\n";
    let good = json!({
        "issuer": ORG, "authorization_endpoint": "a", "jwks_uri": "k", "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    });
    assert_eq!(holds(rule, &[metadata(&good)]), Some(true));
    for (name, other) in [
        ("jwks_uri", None),
        ("subject_types_supported", Some(json!(["unknown"]))),
        (
            "id_token_signing_alg_values_supported",
            Some(json!(["ES256"])),
        ),
    ] {
        let mut bad = good.clone();
        match other {
            Some(other) => bad[name] = other,
            None => drop(bad.as_object_mut().unwrap().remove(name)),
        }
        assert_eq!(holds(rule, &[metadata(&bad)]), Some(false), "{name}");
    }
    let oauth = document_at("/.well-known/oauth-authorization-server", &json!({}));
    assert_eq!(holds(rule, &[oauth]), None);
}

#[test]
fn published_keys_are_public_distinct_and_long_enough() {
    let one = |relation: &str, document: &Value| {
        let rule = format!("  applies_to: {{ endpoint: keys }}\n  relation: {relation}\n");
        holds(&rule, &[keys(document)])
    };
    let modulus = |bytes: usize, first: u8| {
        let mut number = vec![0xff; bytes];
        number[0] = first;
        crate::jwt::base64url(number)
    };
    let rsa = |kid: &str, n: String| json!({"kty": "RSA", "kid": kid, "n": n, "e": "AQAB"});
    let good = json!([rsa("a", modulus(256, 0x80)), {"kty": "EC", "kid": "b", "crv": "P-256", "alg": "ES256"}]);
    for relation in ["no-private-keys", "distinct-kids", "key-sizes"] {
        assert_eq!(one(relation, &good), Some(true), "{relation}");
    }
    let private = json!([{"kty": "RSA", "d": "x"}]);
    assert_eq!(one("no-private-keys", &private), Some(false));
    assert_eq!(
        one("no-private-keys", &json!([{"kty": "oct"}])),
        Some(false)
    );
    let twice = json!([rsa("a", modulus(256, 0x80)), rsa("a", modulus(256, 0x81))]);
    assert_eq!(one("distinct-kids", &twice), Some(false));
    assert_eq!(one("distinct-kids", &json!([{"kty": "RSA"}])), None);
    for short in [modulus(128, 0x80), modulus(256, 0x7f), modulus(256, 0)] {
        assert_eq!(one("key-sizes", &json!([rsa("a", short)])), Some(false));
    }
    let curve = json!([{"kty": "EC", "crv": "P-384", "alg": "ES256"}]);
    assert_eq!(one("key-sizes", &curve), Some(false));
    assert_eq!(one("key-sizes", &json!([{"kty": "OKP"}])), None);
    for contradiction in [
        json!([{"kty": "RSA", "alg": "ES256"}]),
        json!([{"kty": "OKP", "alg": "RS256"}]),
        json!([{"kty": "RSA", "use": "sig", "key_ops": ["encrypt"]}]),
        json!([{"kty": "RSA", "use": "enc", "key_ops": ["verify"]}]),
    ] {
        assert_eq!(one("key-sizes", &contradiction), Some(false));
    }
    for agrees in [
        json!([{"kty": "RSA", "alg": "RSA-OAEP", "use": "enc", "key_ops": ["wrapKey"]}]),
        json!([{"kty": "RSA", "alg": "PS512", "use": "sig", "key_ops": ["verify", "another"]}]),
        json!([{"kty": "EC", "alg": "ECDH-ES", "key_ops": ["deriveKey"]}]),
    ] {
        assert_eq!(one("key-sizes", &agrees), Some(true));
    }
}
