//! A server that answers with everything it was sent: the worst that can happen to a secret.

use super::bench::{Bench, Reply};
use crate::jwt::stretches;
use crate::result::Verdict;

const SCENARIO: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - token: { as: web_app, grant_type: one, extra: { code: code-canary, note: \"${random}\" } }
    expect: { status: 200, body: { error: none, access_token: none } }
    save: { handed_out: body.access_token }
  - token: { as: agent, grant_type: two, extra: { note: \"${handed_out}\", state: \"x ${handed_out} y\" } }
    expect: { status: 200, headers: { x-echo: none }, text: none }
  - call: { url: \"${custom_as.api}\", basic: { username: \"${handed_out}\", password: pw-canary-1 } }
    expect: { status: 200, body: { error: none }, text: { contains: nothing } }
  - control: { suspend_user: ada }
  - authorize: { as: user_client, user: ada }
    expect: { page: none }
";

#[tokio::test]
async fn no_secret_survives_being_echoed() {
    let bench = Bench::start(|request| {
        let all = format!("{}\n{}", request.head, request.body);
        let line = all.replace(['\r', '\n'], " ");
        if request.path.ends_with("/authorize") {
            return Reply::text(200, "text/html", format!("<pre>{all}</pre>"));
        }
        let body = serde_json::json!({
            "error": line, "access_token": "handed-out-canary+/", "nested": [{"again": all}],
        });
        Reply::json(200, body.to_string()).header("x-echo", &line)
    })
    .await;
    let run = bench.run("echo", SCENARIO).await;
    assert_eq!(run.case("echo").verdict, Verdict::Failed);
    assert_eq!(
        run.result.summary.checks,
        10,
        "{:?}",
        run.case("echo").reason
    );

    let text = serde_json::to_string(&run.result).unwrap();
    for secret in bench.deployment().secrets() {
        assert!(
            !text.contains(secret.expose()),
            "{} is in {text}",
            secret.expose()
        );
    }
    let canaries = [
        "code-canary",
        "handed-out-canary",
        "pw-canary-1",
        "control-token",
        "aGFuZGVkLW91dC1jYW5hcnk",
        // The password's part of the base64 of both.
        "dy1jYW5hcnkt",
    ];
    for canary in canaries {
        assert!(!text.contains(canary), "{canary} is in {text}");
    }
    assert!(stretches(&text).is_empty(), "a JWT is in {text}");
}
