//! Refusals that a firewall sends, and those of a server that lack what is due.

use super::bench::{Bench, Reply, Request};
use super::{FLOW, good};
use crate::result::{Blame, Verdict};

/// A refusal that a status alone describes.
const REVOKE: &str = "
resource_type: none
covers: [revoke.errors]
steps:
  - token: { as: public_app, grant_type: one, extra: { scope: a } }
    expect: { status: 200 }
    save: { access_token: body.access_token }
  - revoke: { as: agent, token: \"${access_token}\" }
    expect: { status: 200 }
cases:
  - id: other-agent
    at: revoke
    change: { $as: other_agent }
    expect: { status: [200, 400, 401, 403] }
";

const PAGE: &str = "<!doctype html><title>Request blocked</title>";

fn is_refused(request: &Request) -> bool {
    match request.path.as_str() {
        "/oauth2/v1/token" => !request.body.contains("scope=a"),
        // The subject of the assertion of the other agent.
        "/oauth2/v1/revoke" => {
            let assertion = request.body.split("client_assertion=").nth(1);
            let claims = assertion.and_then(|assertion| assertion.split('.').nth(1));
            claims.is_some_and(|claims| claims.contains(&other_agent()))
        }
        _ => false,
    }
}

/// A part of the claims of an assertion of the other agent that those of the agent have not.
fn other_agent() -> String {
    crate::jwt::base64url(r#"{"iss":"wlpother"#)[..18].to_owned()
}

async fn with(reply: Reply) -> Bench {
    Bench::start(move |request| match request.path.as_str() {
        _ if is_refused(request) => reply.clone(),
        "/oauth2/v1/revoke" => Reply::text(200, "text/plain", ""),
        _ => good(request),
    })
    .await
}

#[tokio::test]
async fn what_a_firewall_refuses_is_an_error_where_a_refusal_is_expected_too() {
    let named = FLOW.replace(
        "expect: { status: 400, body",
        "expect: { status: [400, 403], body",
    );
    assert_ne!(named, FLOW);
    for (id, scenario, reply) in [
        (
            "revoke/other-agent",
            REVOKE,
            Reply::text(403, "text/html", PAGE),
        ),
        (
            "revoke/other-agent",
            REVOKE,
            Reply::text(403, "text/plain", "blocked"),
        ),
        (
            "revoke/other-agent",
            REVOKE,
            Reply::text(403, "text/plain", ""),
        ),
        (
            "flow/wrong-scope",
            &named,
            Reply::text(403, "text/html", PAGE),
        ),
        (
            "flow/wrong-scope",
            &named,
            Reply::text(403, "text/html", ""),
        ),
        (
            "flow/wrong-scope",
            &named,
            Reply::text(400, "text/html", PAGE),
        ),
    ] {
        let bench = with(reply).await;
        let file = id.split('/').next().unwrap();
        let run = bench.run(file, scenario).await;
        assert_eq!(run.case(file).verdict, Verdict::Passed, "{id}");
        let case = run.case(id);
        assert_eq!(
            (case.verdict, case.blame),
            (Verdict::Error, Some(Blame::Network)),
            "{id} {:?}",
            case.reason
        );
    }
}

/// RFC 6749 section 5.2: an error of the token endpoint has content.
#[tokio::test]
async fn an_empty_refusal_of_a_server_that_answers_is_its_own() {
    let bench = with(Reply::json(400, "")).await;
    let run = bench.run("flow", FLOW).await;
    assert_eq!(run.case("flow").verdict, Verdict::Passed);
    let case = run.case("flow/wrong-scope");
    assert_eq!(case.verdict, Verdict::Failed, "{:?}", case.reason);
}

/// JSON is the server's, whatever is wrong with it.
#[tokio::test]
async fn a_refusal_in_json_is_judged() {
    let bench = with(Reply::json(403, r#"{"error":"access_denied"}"#)).await;
    let run = bench.run("revoke", REVOKE).await;
    assert_eq!(run.case("revoke/other-agent").verdict, Verdict::Passed);
}
