//! Client authentication that is accepted: every algorithm, keys with and without a name, rotated and published ones.

use crate::support::{
    Client, EVERY_ALGORITHM, KEYS_AT, PUBLISHER, SERVICE_APP, SERVICE_APP_SECRET, TOKEN, rich_org,
};
use mock_okta_core::Document;
use mock_okta_core::org::{ClientId, Status};
use serde_json::{Value, json};

/// A client that was authenticated is asked for the next thing.
const AUTHENTICATED: &str = "400 invalid_request token_request_missing_grant_type";

fn client() -> Client {
    Client::of("rich", rich_org)
}

#[test]
fn every_asymmetric_algorithm_is_taken() {
    let client = client();
    for kid in ["rs256", "rs384", "rs512", "es256", "es384", "es512"] {
        let (_, signer) = client.signer(EVERY_ALGORITHM, Some(kid));
        let assertion = client
            .assertion(EVERY_ALGORITHM, TOKEN)
            .header("kid", kid)
            .header("alg", kid.to_uppercase())
            .signed_by(signer);
        let answer = client.post_proving(&assertion, TOKEN, &[]);
        assert_eq!(answer.refusal(), AUTHENTICATED, "{kid}");
    }
}

#[test]
fn every_symmetric_algorithm_is_taken_of_a_client_that_uses_them() {
    let client = client();
    for alg in ["HS256", "HS384", "HS512"] {
        let assertion = client.secret_assertion(SERVICE_APP, TOKEN, alg, SERVICE_APP_SECRET);
        let answer = client.post_proving(&assertion, TOKEN, &[]);
        assert_eq!(answer.refusal(), AUTHENTICATED, "{alg}");
    }
}

#[test]
fn without_a_kid_every_active_key_is_tried_where_none_is_demanded() {
    let client = client();
    client.set_switch("client_assertion_kid", "optional");
    let by = |kid: &str, alg: &str| {
        let (_, signer) = client.signer(EVERY_ALGORITHM, Some(kid));
        let assertion = client
            .assertion(EVERY_ALGORITHM, TOKEN)
            .header("alg", alg)
            .without_header("kid")
            .signed_by(signer);
        client.post_proving(&assertion, TOKEN, &[]).refusal()
    };
    assert_eq!(by("es384", "ES384"), AUTHENTICATED);
    assert_ne!(by("old", "ES256"), AUTHENTICATED, "an inactive key");
}

#[test]
fn rotation_is_a_matter_of_which_key_is_active() {
    let client = client();
    let by = |kid: &str| {
        let (_, signer) = client.signer(EVERY_ALGORITHM, Some(kid));
        let assertion = client
            .assertion(EVERY_ALGORITHM, TOKEN)
            .header("kid", kid)
            .header("alg", "ES256")
            .signed_by(signer);
        client.post_proving(&assertion, TOKEN, &[]).refusal()
    };
    let set = |kid: &str, status: Status| {
        client.edit(|org| {
            let agent = org.clients.get_mut(EVERY_ALGORITHM).expect("the agent");
            let key = agent.keys.iter_mut().find(|key| key.kid == kid);
            key.expect("a key").status = status;
        });
    };
    let unknown = "401 invalid_client client_assertion_invalid_kid";
    assert_eq!(
        (by("es256").as_str(), by("old").as_str()),
        (AUTHENTICATED, unknown)
    );
    set("old", Status::Active);
    set("es256", Status::Inactive);
    assert_eq!(
        (by("es256").as_str(), by("old").as_str()),
        (unknown, AUTHENTICATED)
    );
}

fn published(client: &Client, kids: &[&str]) -> Document {
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.client(&ClientId::new(EVERY_ALGORITHM));
    let keys: Vec<Value> = keys
        .iter()
        .filter(|key| kids.contains(&key.public.kid.as_str()))
        .map(|key| Value::Object(key.public.jwk.clone()))
        .collect();
    Document::Found(json!({ "keys": keys }).to_string().into_bytes())
}

fn by_published_key(client: &Client, kid: &str) -> http::Request<Vec<u8>> {
    let (_, signer) = client.signer(EVERY_ALGORITHM, Some(kid));
    let assertion = client
        .assertion(EVERY_ALGORITHM, TOKEN)
        .claim("iss", PUBLISHER)
        .claim("sub", PUBLISHER)
        .header("kid", kid)
        .header("alg", kid.to_uppercase())
        .signed_by(signer)
        .compact();
    let form = [
        ("client_assertion_type", crate::support::ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
    ];
    http::Request::post(TOKEN)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(crate::support::encode(&form).into_bytes())
        .expect("a request")
}

/// The way of the shell: admit, fetch what is needed, admit again; how often it had to fetch, and the refusal.
fn fetching(client: &Client, kid: &str, document: &Document) -> (u32, String) {
    let request = by_published_key(client, kid);
    let mut admitted = client.core.admit(&request, client.instant());
    let mut fetched = 0;
    if let Some(needs) = admitted.needs() {
        assert_eq!(needs.url, KEYS_AT);
        fetched += 1;
        client
            .core
            .learn(&needs.url, document.clone(), client.instant());
        admitted = client.core.admit(&request, client.instant());
        assert_eq!(admitted.needs(), None, "one fetch is enough");
    }
    let response = client.core.render(client.core.decide(admitted));
    (fetched, crate::support::Answer::of(&response).refusal())
}

#[test]
fn published_keys_are_fetched_once_an_hour_and_when_a_kid_is_new() {
    let client = client();
    let first = published(&client, &["es256", "rs256"]);
    let rotated = published(&client, &["es384"]);
    let passes = |fetched: u32| (fetched, AUTHENTICATED.to_owned());
    assert_eq!(fetching(&client, "es256", &first), passes(1));
    assert_eq!(fetching(&client, "rs256", &first), passes(0));
    client.wait(3600);
    assert_eq!(fetching(&client, "es256", &first), passes(0));
    client.wait(1);
    assert_eq!(fetching(&client, "es256", &first), passes(1));
    // An unknown kid does not make the org ask again and again.
    client.wait(60);
    let unknown = "401 invalid_client jwks_uri_algorithm_required".to_owned();
    assert_eq!(fetching(&client, "es384", &rotated), (0, unknown));
    client.wait(1);
    assert_eq!(fetching(&client, "es384", &rotated), passes(1));
}

#[test]
fn a_failure_is_not_repeated_at_once() {
    let client = client();
    let keys = published(&client, &["es256"]);
    let unavailable = "401 invalid_client jwks_uri_error".to_owned();
    let failed = fetching(&client, "es256", &Document::Unavailable);
    assert_eq!(failed, (1, unavailable.clone()));
    client.wait(10);
    assert_eq!(fetching(&client, "es256", &keys), (0, unavailable));
    client.wait(1);
    assert_eq!(
        fetching(&client, "es256", &keys),
        (1, AUTHENTICATED.to_owned())
    );
}

#[test]
fn what_no_client_publishes_is_not_kept() {
    let client = client();
    let elsewhere = "https://elsewhere.example/keys";
    let keys = published(&client, &["es256"]);
    client.core.learn(elsewhere, keys.clone(), client.instant());
    client.edit(|org| {
        if let Some(publisher) = org.clients.get_mut(PUBLISHER) {
            publisher.jwks_uri = Some(elsewhere.to_owned());
        }
    });
    let request = by_published_key(&client, "es256");
    assert!(
        client
            .core
            .admit(&request, client.instant())
            .needs()
            .is_some()
    );
}

#[test]
fn a_reset_forgets_what_was_learnt() {
    let client = client();
    let keys = published(&client, &["es256"]);
    assert_eq!(fetching(&client, "es256", &keys).0, 1);
    client.core.reset();
    assert_eq!(fetching(&client, "es256", &keys).0, 1);
}
