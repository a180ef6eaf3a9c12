//! The ways in which a target lets a user sign in.

use std::path::PathBuf;

use super::bench::{Bench, Reply};
use crate::result::{Blame, Verdict};
use crate::secret::Secret;
use crate::targets::{GivenRefreshToken, GivenTokens, SignInWay};

const SCENARIO: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - call: { url: \"${custom_as.api}\", bearer: \"${id_token}\" }
    expect: { status: 200 }
cases:
  - id: grace
    at: call
    before: [ { sign_in: { as: user_client, user: grace }, save: { of_grace: body.id_token } } ]
    change: { $bearer: \"${of_grace}\" }
    expect: { status: 401 }
";

fn given_tokens() -> GivenTokens {
    GivenTokens {
        id_token: Secret::new("given-canary"),
        access_token: None,
    }
}

fn refresh_token(file: Option<PathBuf>) -> GivenRefreshToken {
    GivenRefreshToken {
        token: Secret::new("refresh-canary"),
        file,
    }
}

/// The API wants the ID token with this name.
fn api(request: &super::bench::Request, token: &str) -> Reply {
    if request.head.contains(&format!("Bearer {token}")) {
        Reply::json(200, "{}")
    } else {
        Reply::json(401, "{}")
    }
}

#[tokio::test]
async fn a_given_id_token_is_used_and_never_shown() {
    let bench = Bench::start_with(
        |request| api(request, "given-canary"),
        |deployment| deployment.sign_in = Some(SignInWay::Given(given_tokens())),
    )
    .await;
    let run = bench.run("s", SCENARIO).await;
    assert_eq!(run.case("s").verdict, Verdict::Passed);
    assert!(
        !serde_json::to_string(&run.result)
            .unwrap()
            .contains("given-canary")
    );
    let other = run.case("s/grace");
    assert_eq!(other.verdict, Verdict::Skipped);
    assert!(
        other.cure.as_deref().unwrap().contains("with: page"),
        "{:?}",
        other.cure
    );
}

#[tokio::test]
async fn a_refresh_token_is_traded_for_an_id_token() {
    let bench = Bench::start_with(
        |request| match request.path.as_str() {
            "/oauth2/v1/token" if request.body.contains("refresh_token=refresh-canary") => {
                Reply::json(200, r#"{"id_token":"fresh-canary"}"#)
            }
            "/oauth2/v1/token" => Reply::json(400, "{}"),
            _ => api(request, "fresh-canary"),
        },
        |deployment| deployment.sign_in = Some(SignInWay::Refresh(refresh_token(None))),
    )
    .await;
    let run = bench.run("s", SCENARIO).await;
    assert_eq!(run.case("s").verdict, Verdict::Passed);
    assert!(
        !serde_json::to_string(&run.result)
            .unwrap()
            .contains("canary")
    );
}

#[tokio::test]
async fn a_sign_in_that_gives_no_code_says_what_it_gave() {
    let location = "http://localhost:8787/callback?error=access_denied&state=s";
    let bench = Bench::start(move |_| Reply::text(302, "", "").header("location", location)).await;
    let run = bench.run("s", SCENARIO).await;
    let case = run.case("s");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::OrgServer))
    );
    let reason = case.reason.as_deref().unwrap();
    assert_eq!(
        reason,
        "step `sign_in`: it was answered with status 302, error `access_denied`"
    );
}

#[tokio::test]
async fn a_target_without_a_way_to_sign_in_skips() {
    let bench = Bench::start_with(|_| Reply::Cut, |deployment| deployment.sign_in = None).await;
    let run = bench.run("s", SCENARIO).await;
    assert_eq!(run.result.summary.skipped, 2);
    assert!(run.case("s").cure.as_deref().unwrap().contains("sign_in"));
}
