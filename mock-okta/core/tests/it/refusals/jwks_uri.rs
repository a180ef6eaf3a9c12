//! A client that publishes its keys: what is wrong with what was published.

use mock_okta_core::Document;
use mock_okta_core::org::ClientId;
use serde_json::{Value, json};

use super::{Answer, Case, case};
use crate::support::{Client, EVERY_ALGORITHM, Jws, KEYS_AT, PUBLISHER, TOKEN};

/// A key of the agent with many, as it would be published, with changed members.
fn key(client: &Client, kid: &str, change: &[(&str, Value)]) -> Value {
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.client(&ClientId::new(EVERY_ALGORITHM));
    let key = keys.iter().find(|key| key.public.kid == kid);
    let mut jwk = Value::Object(key.expect("a key").public.jwk.clone());
    for (name, value) in change {
        jwk[*name] = value.clone();
    }
    jwk
}

/// Publishes and asks with an assertion by the key `es256`.
fn ask(client: &Client, keys: &[Value], change: fn(Jws) -> Jws) -> Answer {
    let document = json!({ "keys": keys }).to_string().into_bytes();
    let now = client.instant();
    client.core.learn(KEYS_AT, Document::Found(document), now);
    let (kid, signer) = client.signer(EVERY_ALGORITHM, Some("es256"));
    let assertion = client.assertion(EVERY_ALGORITHM, TOKEN);
    let assertion = assertion
        .claim("iss", PUBLISHER)
        .claim("sub", PUBLISHER)
        .header("alg", "ES256")
        .header("kid", kid)
        .signed_by(signer);
    client.post_proving(&change(assertion), TOKEN, &[])
}

pub(super) const CASES: &[Case] = &[
    case(
        "keys that were never fetched",
        |client| {
            let assertion = client.assertion(EVERY_ALGORITHM, TOKEN);
            let assertion = assertion.claim("iss", PUBLISHER).claim("sub", PUBLISHER);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client jwks_uri_error",
    ),
    case(
        "no key at all",
        |client| ask(client, &[], |jws| jws),
        "401 invalid_client jwks_uri_no_key",
    ),
    case(
        "two keys under one kid",
        |client| {
            let twice = [
                key(client, "es256", &[]),
                key(client, "es384", &[("kid", json!("es256"))]),
            ];
            ask(client, &twice, |jws| jws)
        },
        "401 invalid_client jwks_uri_ambiguous_keys",
    ),
    case(
        "a key without kid beside another",
        |client| {
            let nameless = [
                key(client, "es256", &[]),
                key(client, "es384", &[("kid", Value::Null)]),
            ];
            ask(client, &nameless, |jws| jws)
        },
        "401 invalid_client jwks_uri_ambiguous_keys",
    ),
    case(
        "no key for the algorithm",
        |client| ask(client, &[key(client, "rs256", &[])], |jws| jws),
        "401 invalid_client jwks_uri_algorithm_required",
    ),
    case(
        "a published key for encryption",
        |client| {
            let key = key(client, "es256", &[("use", json!("enc"))]);
            ask(client, &[key], |jws| jws)
        },
        "401 invalid_client jwks_uri_invalid_key_use",
    ),
    case(
        "an assertion that names other keys",
        |client| {
            ask(client, &[key(client, "es256", &[])], |jws| {
                jws.header("jku", "https://evil.example/keys")
            })
        },
        "401 invalid_client jwks_uri_jku_mismatch_error",
    ),
    case(
        "a kid that was not published",
        |client| {
            ask(client, &[key(client, "es256", &[])], |jws| {
                jws.header("kid", "x")
            })
        },
        "401 invalid_client client_assertion_invalid_kid",
    ),
    case(
        "a published key that is none",
        |client| {
            let key = key(client, "es256", &[("x", json!("AAAA"))]);
            ask(client, &[key], |jws| jws)
        },
        "401 invalid_client client_assertion_invalid_jwks",
    ),
    case(
        "another key under the kid",
        |client| {
            let other = key(
                client,
                "enc",
                &[("kid", json!("es256")), ("use", json!("sig"))],
            );
            ask(client, &[other], |jws| jws)
        },
        "401 invalid_client client_assertion_invalid_signature",
    ),
];
