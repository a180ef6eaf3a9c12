//! What a server may do, and what looks like it.

use super::bench::{Bench, Reply};
use super::{FLOW, good};
use crate::result::Verdict;

#[tokio::test]
async fn a_redirect_of_a_server_that_has_answered_before_is_its_own() {
    let elsewhere =
        || Reply::text(302, "text/html", "").header("location", "https://elsewhere.example/");
    let of = |path: &'static str| {
        Bench::start(move |request| match request.path.as_str() {
            there if there == path => elsewhere(),
            _ => good(request),
        })
    };
    // The API redirects, at an origin that has given tokens.
    let run = of("/resources/chat").await.run("flow", FLOW).await;
    let case = run.case("flow");
    assert_eq!(case.verdict, Verdict::Failed);
    assert!(
        case.findings
            .iter()
            .any(|one| one.check == crate::result::Aspect::Status)
    );
    // Nothing there has answered before.
    let run = of("/oauth2/v1/token").await.run("flow", FLOW).await;
    assert_eq!(run.case("flow").verdict, Verdict::Error);
}

#[tokio::test]
async fn an_opaque_access_token_is_not_signed_again_and_its_cases_are_skipped() {
    let scenario = |opaque: bool| {
        format!(
            "resource_type: none
covers: [authz.code-flow]
steps:
  - token: {{ as: public_app, grant_type: one, extra: {{ scope: a }} }}
    save: {{ token: body.access_token }}
  - sign: {{ by: org, token: \"${{token}}\", opaque: {opaque} }}
    save: {{ signed: body.jwt }}
  - id: call
    call: {{ url: \"${{custom_as.api}}\", bearer: \"${{signed}}\" }}
    expect: {{ status: 200 }}
cases:
  - id: case
    title: A case
    at: call
    change: {{ $bearer: nonsense }}
    expect: {{ status: 401 }}
"
        )
    };
    let bench = Bench::start(|request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(200, r#"{"access_token":"opaque"}"#),
        _ => good(request),
    })
    .await;
    let run = bench.run("flow", &scenario(true)).await;
    for (id, reason) in [
        ("flow", "step `sign`: the access token is not a JWT"),
        (
            "flow/case",
            "the same request without the change (`flow`) was skipped: step `sign`: the access token",
        ),
    ] {
        let case = run.case(id);
        assert_eq!((case.verdict, case.blame), (Verdict::Skipped, None), "{id}");
        let found = case.reason.as_deref().unwrap();
        assert!(found.starts_with(reason), "{found}");
    }
    // An ID token is always a JWT.
    let run = bench.run("flow", &scenario(false)).await;
    assert_eq!(run.case("flow").verdict, Verdict::Error);
}
