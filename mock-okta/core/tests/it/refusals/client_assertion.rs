//! Client assertions: signature, claims, times, single use.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::ClientId;

use super::{Case, case};
use crate::support::{
    AGENT, Answer, Client, EVERY_ALGORITHM, Jws, OTHER_AGENT, SERVICE_APP, SERVICE_APP_SECRET,
    Signer, TOKEN,
};

/// An assertion of the agent with one thing changed.
fn send(client: &Client, change: fn(Jws) -> Jws) -> Answer {
    client.post_proving(&change(client.assertion(AGENT, TOKEN)), TOKEN, &[])
}

/// The same with a claim `seconds` from now.
fn at(client: &Client, claim: &str, seconds: i64) -> Answer {
    let assertion = client.assertion(AGENT, TOKEN);
    let assertion = assertion.claim(claim, client.now.get() + seconds);
    client.post_proving(&assertion, TOKEN, &[])
}

/// Okta's catalogue has one code for both, so the words have to be right for either.
#[test]
fn what_is_said_of_a_time_ahead_is_true_of_either_claim() {
    for claim in ["iat", "nbf"] {
        let answer = at(&Client::new(Edition::default()), claim, 60);
        let words = answer.body["error_description"].as_str();
        assert!(
            words.is_some_and(|words| words.contains(claim)),
            "{claim}: {words:?}"
        );
    }
}

/// An assertion of the agent with many keys: signed by one of them, named as another.
fn by_key(client: &Client, kid: &str, named: &str) -> Answer {
    let (_, signer) = client.signer(EVERY_ALGORITHM, Some(kid));
    let assertion = client.assertion(EVERY_ALGORITHM, TOKEN);
    let alg = client.alg(EVERY_ALGORITHM, kid);
    let assertion = assertion.header("kid", named).header("alg", alg);
    client.post_proving(&assertion.signed_by(signer), TOKEN, &[])
}

pub(super) const CASES: &[Case] = &[
    case(
        "an assertion issued by another client",
        |client| send(client, |jws| jws.claim("iss", OTHER_AGENT)),
        "401 invalid_client client_assertion_invalid_issuer",
    ),
    case(
        "an assertion about another client",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN).claim("sub", OTHER_AGENT);
            client.post_proving(&assertion, TOKEN, &[("client_id", AGENT)])
        },
        "401 invalid_client client_assertion_invalid_subject",
    ),
    case(
        "a client without a key",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN);
            client.edit(|org| {
                let mut keyless = org.clients[AGENT].clone();
                keyless.id = ClientId::new("wlpkeyless0000000001");
                org.clients.insert(keyless.id.clone(), keyless);
            });
            let assertion = assertion
                .claim("iss", "wlpkeyless0000000001")
                .claim("sub", "wlpkeyless0000000001");
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_jwks_not_configured",
    ),
    case(
        "an unsigned assertion",
        |client| {
            send(client, |jws| {
                jws.header("alg", "none").signed_by(Signer::Nobody)
            })
        },
        "401 invalid_client client_assertion_invalid_signature_algorithm",
    ),
    case(
        "an HS256 assertion under the public key of a client without secret",
        |client| {
            let key = client.core.snapshot().keys.client(&ClientId::new(AGENT))[0].clone();
            let public = serde_json::Value::Object(key.public.jwk).to_string();
            let assertion = client.assertion(AGENT, TOKEN).header("alg", "HS256");
            let assertion = assertion.signed_by(Signer::Mac("HS256", public.into_bytes()));
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_invalid_signature_algorithm",
    ),
    case(
        "a client of client_secret_jwt whose secret was taken away",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(SERVICE_APP) {
                    app.client_secret = None;
                }
            });
            let assertion = client.secret_assertion(SERVICE_APP, TOKEN, "HS256", "anything");
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_invalid_no_secret",
    ),
    case(
        "a secret shorter than the hash",
        |client| {
            let secret = &SERVICE_APP_SECRET[..63];
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(SERVICE_APP) {
                    app.client_secret = Some(mock_okta_core::secret::Secret::new(secret));
                }
            });
            let assertion = client.secret_assertion(SERVICE_APP, TOKEN, "HS512", secret);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_invalid_secret_length",
    ),
    case(
        "an HMAC by another secret",
        |client| {
            let other = "s".repeat(64);
            let assertion = client.secret_assertion(SERVICE_APP, TOKEN, "HS256", &other);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_invalid_signature",
    ),
    case(
        "an assertion with the algorithm of another key",
        |client| by_key(client, "rs384", "rs512"),
        "401 invalid_client client_assertion_invalid_signature_algorithm",
    ),
    case(
        "an assertion by a key that was rotated out",
        |client| by_key(client, "old", "old"),
        "401 invalid_client client_assertion_invalid_kid",
    ),
    case(
        "an assertion by a key for encryption",
        |client| by_key(client, "enc", "enc"),
        "401 invalid_client client_assertion_not_signed_with_signing_key",
    ),
    case(
        "an assertion by a key with another use",
        |client| by_key(client, "odd", "odd"),
        "401 invalid_client client_assertion_invalid_key_use",
    ),
    case(
        "an assertion under a kid that nobody registered",
        |client| send(client, |jws| jws.header("kid", "nobody")),
        "401 invalid_client client_assertion_invalid_kid",
    ),
    case(
        "an assertion signed by another client",
        |client| {
            let other_key = client.server_signer(&mock_okta_core::keys::ServerName::Org);
            let assertion = client.assertion(AGENT, TOKEN).signed_by(other_key.1);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_invalid_signature",
    ),
    case(
        "an assertion for the issuer",
        |client| send(client, |jws| jws.claim("aud", crate::support::BASE)),
        "401 invalid_client client_assertion_invalid_audience",
    ),
    case(
        "an assertion without exp",
        |client| send(client, |jws| jws.claim("exp", ())),
        "401 invalid_client client_assertion_expiration_required",
    ),
    case(
        "an expired assertion",
        |client| at(client, "exp", 0),
        "401 invalid_client client_assertion_expired_token",
    ),
    case(
        "an assertion that lives too long",
        |client| at(client, "exp", 3606),
        "401 invalid_client client_assertion_expires_too_far_in_future",
    ),
    case(
        "an assertion from the future",
        |client| at(client, "iat", 6),
        "401 invalid_client client_assertion_issued_at_in_future",
    ),
    case(
        "an assertion that is not valid yet",
        |client| at(client, "nbf", 6),
        "401 invalid_client client_assertion_issued_at_in_future",
    ),
    case(
        "an assertion twice",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN);
            client.post_proving(&assertion, TOKEN, &[]);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client client_assertion_already_used",
    ),
];
