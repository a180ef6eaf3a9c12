//! The ways in which a target lets a user sign in.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

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

/// An org that takes each refresh token once and ends them all when one comes again.
fn rotating() -> impl Fn(&super::bench::Request) -> Reply {
    let newest = AtomicUsize::new(0);
    move |request| match request.path.as_str() {
        "/oauth2/v1/token" => {
            let serial = newest.load(Ordering::SeqCst);
            let expected = match serial {
                0 => "refresh_token=refresh-canary&".to_owned(),
                serial => format!("refresh_token=refresh-canary-{serial}&"),
            };
            let scope = "scope=openid+profile+email+offline_access";
            if !request.body.contains(&expected) || !request.body.contains(scope) {
                newest.store(usize::MAX, Ordering::SeqCst);
                return Reply::json(400, r#"{"error":"invalid_grant"}"#);
            }
            // Whoever comes meanwhile would use the token a second time.
            std::thread::sleep(Duration::from_millis(20));
            newest.store(serial + 1, Ordering::SeqCst);
            let next = format!("refresh-canary-{}", serial + 1);
            Reply::json(
                200,
                format!(r#"{{"id_token":"fresh-canary","refresh_token":"{next}"}}"#),
            )
        }
        _ => api(request, "fresh-canary"),
    }
}

pub(super) const EIGHT_CASES: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - call: { url: \"${custom_as.api}\", bearer: \"${id_token}\" }
    expect: { status: 200 }
cases:
";

pub(super) fn eight_cases() -> String {
    let case = |index: usize| {
        format!(
            "  - id: c{index}\n    at: call\n    change: {{ $bearer: x{index} }}\n    expect: {{ status: 401 }}\n"
        )
    };
    EIGHT_CASES.to_owned() + &(0..8).map(case).collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_that_rotate_are_used_one_after_the_other_and_the_newest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refresh-token");
    std::fs::write(&file, "refresh-canary").unwrap();
    for (file, left) in [
        (
            Some(file.clone()),
            "a new refresh token, which stands in the file",
        ),
        (None, "the refresh token of the target file is used up"),
    ] {
        let bench = Bench::start_with(rotating(), |deployment| {
            deployment.control = None;
            deployment.sign_in = Some(SignInWay::Refresh(refresh_token(file)));
        })
        .await;
        let run = bench.run("s", &eight_cases()).await;
        assert_eq!(run.result.summary.passed, 9, "{:?}", run.result.results);
        let [left_over] = &run.result.left_behind[..] else {
            panic!("{:?}", run.result.left_behind);
        };
        assert!(left_over.starts_with(left), "{left_over}");
        let report = serde_json::to_string(&run.result).unwrap();
        assert!(!report.contains("canary"), "{report}");
    }
    // One sign-in for the base flow and all cases.
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "refresh-canary-1");
}

#[tokio::test]
async fn the_access_token_beside_a_given_id_token_is_used() {
    let scenario = SCENARIO.replace("id_token: body.id_token }", "id_token: body.access_token }");
    for (access_token, verdict) in [
        (Some(Secret::new("access-canary")), Verdict::Passed),
        (None, Verdict::Skipped),
    ] {
        let bench = Bench::start_with(
            |request| api(request, "access-canary"),
            |deployment| {
                let tokens = GivenTokens {
                    access_token,
                    ..given_tokens()
                };
                deployment.sign_in = Some(SignInWay::Given(tokens));
            },
        )
        .await;
        let run = bench.run("s", &scenario).await;
        assert_eq!(run.case("s").verdict, verdict);
    }
}
