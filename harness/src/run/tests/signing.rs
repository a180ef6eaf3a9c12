//! Tokens signed by whom, with which of the published keys.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::bench::{Bench, Reply};
use crate::jwks::sample::Pair;
use crate::result::Verdict;

const SIGNED: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - token: { as: public_app, grant_type: one, extra: { scope: a } }
    expect: { jwt: { at: body.access_token, signed_by: org, claims: { sub: ada } } }
";

/// A server whose org publishes one key set after the other and signs with the last.
async fn signing(org: Vec<&Pair>, signer: &Pair, custom: &Pair) -> Bench {
    let sets: Vec<_> = org.iter().map(|pair| pair.document().to_string()).collect();
    let custom = custom.document().to_string();
    let token = signer.sign(
        &json!({"alg": "ES256", "kid": "new"}),
        &json!({"sub": "ada"}),
    );
    let body = json!({"access_token": token}).to_string();
    let fetched = AtomicUsize::new(0);
    Bench::start(move |request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(200, body.as_str()),
        "/oauth2/v1/keys" => {
            let at = fetched.fetch_add(1, Ordering::Relaxed).min(sets.len() - 1);
            Reply::json(200, sets[at].as_str())
        }
        "/oauth2/aus1/v1/keys" => Reply::json(200, custom.as_str()),
        _ => Reply::json(404, "{}"),
    })
    .await
}

#[tokio::test]
async fn keys_are_fetched_again_when_a_kid_is_unknown() {
    let (old, new, other) = (Pair::new("old"), Pair::new("new"), Pair::new("other"));
    let bench = signing(vec![&old, &new], &new, &other).await;
    assert_eq!(
        bench.run("signed", SIGNED).await.case("signed").verdict,
        Verdict::Passed
    );
    let fetched = bench
        .asked()
        .iter()
        .filter(|path| *path == "/oauth2/v1/keys")
        .count();
    assert_eq!(fetched, 2);
    assert_eq!(
        bench.run("signed", SIGNED).await.case("signed").verdict,
        Verdict::Passed
    );
    let fetched = bench
        .asked()
        .iter()
        .filter(|path| *path == "/oauth2/v1/keys")
        .count();
    assert_eq!(fetched, 2, "keys are kept");
}

#[tokio::test]
async fn a_key_of_another_server_is_named() {
    let (org, other) = (Pair::new("org"), Pair::new("new"));
    let bench = signing(vec![&org], &other, &other).await;
    let run = bench.run("signed", SIGNED).await;
    let case = run.case("signed");
    assert_eq!(case.verdict, Verdict::Failed);
    let signature = &case.findings[1];
    assert_eq!(
        signature.check.to_string(),
        "jwt body.access_token signature"
    );
    assert_eq!(
        signature.actual.as_deref(),
        Some("signed with a key of custom_as: no published key has the kid `new`")
    );
}

#[tokio::test]
async fn keys_that_cannot_be_had_make_an_error() {
    let bench = Bench::start(|request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(
            200,
            r#"{"access_token":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln"}"#,
        ),
        _ => Reply::json(404, "{}"),
    })
    .await;
    let run = bench.run("signed", SIGNED).await;
    let case = run.case("signed");
    assert_eq!(case.verdict, Verdict::Error);
    assert_eq!(
        case.reason.as_deref(),
        Some("the keys of `org` cannot be had: the jwks_uri answers 404 and no key set")
    );
}
