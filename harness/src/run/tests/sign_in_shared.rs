//! Sign-ins that cases share, by password and by the token cache.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::bench::{Bench, Ran, Reply, Request};
use super::sign_in::eight_cases;
use crate::result::{Blame, RunEvent, StopCause, Verdict};
use crate::run::RunOptions;
use crate::scenario::model::Edition;
use crate::secret::Secret;
use crate::targets::{SignInWay, StoredSignIns};
use crate::token_cache::{TokenCache, sample::of_ada};

const CALLBACK: &str = "http://localhost:8787/callback";

/// Lets whoever has this token in, and nobody else.
fn api(request: &Request, token: &str) -> Reply {
    if request.head.contains(&format!("Bearer {token}")) {
        Reply::json(200, "{}")
    } else {
        Reply::json(401, "{}")
    }
}

/// An org that takes passwords: what the authentication API answers is given.
fn by_password(authn: &'static str, status: u16) -> impl Fn(&Request) -> Reply {
    move |request| match request.path.as_str() {
        "/api/v1/authn" => {
            assert!(
                request.body.contains(r#""password":"ada-password""#),
                "{}",
                request.body
            );
            Reply::json(status, authn)
        }
        "/oauth2/v1/authorize" => {
            let line = request.head.lines().next().unwrap();
            let has_session =
                line.contains("sessionToken=session-canary") && line.contains("prompt=none");
            let answer = if has_session {
                "code=code-canary-0123456789"
            } else {
                "error=login_required"
            };
            Reply::text(302, "", "").header("location", &format!("{CALLBACK}?{answer}&state=s"))
        }
        "/oauth2/v1/token" if request.body.contains("code=code-canary") => Reply::json(
            200,
            r#"{"id_token":"fresh-canary","access_token":"access-canary","expires_in":3600}"#,
        ),
        _ => api(request, "fresh-canary"),
    }
}

async fn bench(
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    way: SignInWay,
) -> Bench {
    Bench::start_with(answer, |deployment| {
        deployment.control = None;
        deployment.sign_in = Some(way);
    })
    .await
}

const SUCCESS: &str = r#"{"status":"SUCCESS","sessionToken":"session-canary"}"#;

fn count(bench: &Bench, path: &str) -> usize {
    bench.asked().iter().filter(|asked| *asked == path).count()
}

fn needed(run: &Ran) -> Vec<String> {
    let events = run.events.iter();
    events
        .filter_map(|event| match event {
            RunEvent::SignInsNeeded(needed) => Some(needed.to_string()),
            _ => None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_gives_one_sign_in_for_all_cases() {
    let bench = bench(by_password(SUCCESS, 200), SignInWay::Session).await;
    let run = bench.run("s", &eight_cases()).await;
    assert_eq!(run.result.summary.passed, 9, "{:?}", run.result.results);
    for path in ["/api/v1/authn", "/oauth2/v1/authorize", "/oauth2/v1/token"] {
        assert_eq!(count(&bench, path), 1, "{path}");
    }
    assert_eq!(
        needed(&run),
        ["1 sign-in by password: ada through agent for `openid profile email` (9 cases)"]
    );
    let report = serde_json::to_string(&run.result).unwrap();
    for secret in ["canary", "ada-password"] {
        assert!(!report.contains(secret), "{secret}");
    }
    assert_eq!(
        run.result.left_behind.len(),
        1,
        "{:?}",
        run.result.left_behind
    );
}

/// A case with a sign-in of its own, and one that ends it.
const OWN: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token, access_token: body.access_token }
  - call: { url: \"${custom_as.api}\", bearer: \"${id_token}\" }
    expect: { status: 200 }
cases:
  - id: nonce
    at: call
    before: [ { sign_in: { as: user_client, user: ada, nonce: of-this-case }, save: { other: body.id_token } } ]
    change: { $bearer: \"${other}\" }
    expect: { status: 200 }
  - id: ends
    at: call
    before: [ { revoke: { as: user_client, token: \"${access_token}\" } } ]
    expect: { status: 200 }
";

#[tokio::test]
async fn cases_that_ask_for_a_sign_in_of_their_own_or_end_it_make_it() {
    let answer = |request: &Request| match request.path.as_str() {
        "/oauth2/v1/revoke" => Reply::json(200, ""),
        _ => by_password(SUCCESS, 200)(request),
    };
    let bench = bench(answer, SignInWay::Session).await;
    let run = bench.run("s", OWN).await;
    assert_eq!(run.result.summary.passed, 3, "{:?}", run.result.results);
    // The base flow once, the case with a nonce of its own twice, and the one that revokes.
    assert_eq!(count(&bench, "/api/v1/authn"), 4);
    assert_eq!(
        needed(&run),
        [
            "4 sign-ins by password: ada through agent for `openid profile email` (1 case), 3 that cases make for themselves"
        ]
    );
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_said_with_its_cure() {
    let refused = r#"{"errorCode":"E0000004","errorSummary":"Authentication failed"}"#;
    let bench = bench(by_password(refused, 401), SignInWay::Session).await;
    let run = bench.run("s", &eight_cases()).await;
    // A second try could lock the user out.
    assert_eq!(count(&bench, "/api/v1/authn"), 1);
    let case = run.case("s");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::OrgServer))
    );
    let reason = case.reason.as_deref().unwrap();
    assert!(
        reason.contains("E0000004") && reason.contains("compare login and password"),
        "{reason}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_with_a_sign_in_of_their_own_try_a_wrong_password_no_more_often() {
    let refused = r#"{"errorCode":"E0000004","errorSummary":"Authentication failed"}"#;
    let bench = bench(by_password(refused, 401), SignInWay::Session).await;
    let run = bench.run("s", OWN).await;
    assert_eq!(count(&bench, "/api/v1/authn"), 1);
    for case in ["s", "s/nonce", "s/ends"] {
        let reason = run.case(case).reason.as_deref().unwrap();
        assert!(reason.contains("E0000004"), "{case}: {reason}");
    }
}

/// A flow that a preflight enters.
const ENTERED: &str = "
resource_type: secret
covers: [authz.code-flow]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - exchange:
      subject_token: ${id_token}
      requested_token_type: urn:okta:params:oauth:token-type:vaulted-secret
      resource: ${secret.resource}
    expect: { status: 200 }
";

#[tokio::test]
async fn a_second_factor_ends_the_run_before_its_first_case() {
    let state = r#"{"status":"MFA_REQUIRED","stateToken":"state-canary-0123456789"}"#;
    let answer = move |request: &Request| match request.path.as_str() {
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => {
            Reply::json(404, "{}")
        }
        _ => by_password(state, 200)(request),
    };
    let bench = bench(answer, SignInWay::Session).await;
    let checked = RunOptions {
        preflight: true,
        ..RunOptions::new(Edition::E2026_10)
    };
    let run = bench.run_with("s", ENTERED, &checked).await;
    let incomplete = run.result.incomplete.as_ref().unwrap();
    assert_eq!(incomplete.cause, StopCause::Preflight, "{incomplete:?}");
    let [mistake] = &incomplete.mistakes[..] else {
        panic!("{incomplete:?}");
    };
    assert_eq!(mistake.setting, "sign_in");
    assert!(
        mistake.what.contains("second factor") && mistake.cure.contains("policy"),
        "{mistake:?}"
    );
    let mut events = run.events.iter();
    assert!(!events.any(|event| matches!(event, RunEvent::CaseStarted { .. })));
    assert_eq!(count(&bench, "/api/v1/authn"), 1);
    assert!(
        !serde_json::to_string(&run.result)
            .unwrap()
            .contains("state-canary")
    );
}

/// A cache that holds a sign-in of ada at the bench, changed.
fn cached(
    folder: &tempfile::TempDir,
    issuer: &str,
    lives: i64,
    refresh_token: Option<&str>,
) -> PathBuf {
    let path = folder.path().join("cache.json");
    let now = jiff::Timestamp::now().as_second();
    let mut sign_in = of_ada(issuer, now + lives);
    sign_in.refresh_token = refresh_token.map(Secret::new);
    TokenCache::keep(&path, sign_in).unwrap();
    path
}

#[tokio::test]
async fn tokens_of_the_cache_are_used_without_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let bench = Bench::start_with(
        |request| match request.path.as_str() {
            "/oauth2/v1/token" => Reply::json(400, "{}"),
            _ => api(request, "cached-id-token-canary"),
        },
        |deployment| {
            deployment.control = None;
            let issuer = deployment.org().unwrap().issuer.clone();
            let file = cached(&folder, &issuer, 3600, None);
            deployment.sign_in = Some(SignInWay::Cache(StoredSignIns::read(file)));
        },
    )
    .await;
    let run = bench.run("s", &eight_cases()).await;
    assert_eq!(run.result.summary.passed, 9, "{:?}", run.result.results);
    assert_eq!(count(&bench, "/oauth2/v1/token"), 0);
    assert_eq!(
        needed(&run),
        [
            "no sign-in: the token cache has the tokens: ada through agent for `openid profile email` (9 cases)"
        ]
    );
    assert!(
        !serde_json::to_string(&run.result)
            .unwrap()
            .contains("canary")
    );
    drop(path);
}

#[tokio::test]
async fn tokens_that_lack_a_scope_are_not_announced_as_cached() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::start_with(
        |request| api(request, "cached-id-token-canary"),
        |deployment| {
            deployment.control = None;
            let issuer = deployment.org().unwrap().issuer.clone();
            let path = folder.path().join("cache.json");
            let now = jiff::Timestamp::now().as_second();
            let mut sign_in = of_ada(&issuer, now + 3600);
            sign_in.scopes = vec!["openid".to_owned()];
            TokenCache::keep(&path, sign_in).unwrap();
            deployment.sign_in = Some(SignInWay::Cache(StoredSignIns::read(path)));
        },
    )
    .await;
    let run = bench.run("s", &eight_cases()).await;
    assert_eq!(run.case("s").verdict, Verdict::Error);
    assert_eq!(
        needed(&run),
        [
            "no sign-in: the token cache has no tokens that can be used: ada through agent for `openid profile email` (9 cases)"
        ]
    );
}

#[tokio::test]
async fn an_expired_cache_says_how_to_sign_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::start_with(
        |request| api(request, "cached-id-token-canary"),
        |deployment| {
            deployment.control = None;
            let issuer = deployment.org().unwrap().issuer.clone();
            let file = cached(&folder, &issuer, -3600, None);
            deployment.sign_in = Some(SignInWay::Cache(StoredSignIns::read(file)));
        },
    )
    .await;
    let run = bench.run("s", &eight_cases()).await;
    let case = run.case("s");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::Harness))
    );
    assert!(
        case.reason
            .as_deref()
            .unwrap()
            .contains("sign in again: atx sign-in"),
        "{case:?}"
    );

    let checked = RunOptions {
        preflight: true,
        ..RunOptions::new(Edition::E2026_10)
    };
    let run = bench.run_with("s", &eight_cases(), &checked).await;
    let incomplete = run.result.incomplete.unwrap();
    assert_eq!(incomplete.cause, StopCause::Preflight);
    assert_eq!(incomplete.mistakes[0].setting, "sign_in.cache");
    assert!(
        incomplete.mistakes[0].what.contains("expired 1 h ago"),
        "{incomplete:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_cache_is_refreshed_and_stored_before_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let org = crate::sign_in::sample::Org::new();
    let (document, issuer) = (org.document.clone(), Arc::new(Mutex::new(String::new())));
    let (known, file) = (issuer.clone(), folder.path().join("cache.json"));
    let bench = Bench::start_with(
        move |request| match request.path.as_str() {
            "/oauth2/v1/keys" => Reply::json(200, document.clone()),
            "/oauth2/v1/token" if request.body.contains("refresh_token=first-canary") => {
                let now = jiff::Timestamp::now().as_second();
                let issuer = known.lock().unwrap().clone();
                let claims = serde_json::json!({"iss": issuer, "nonce": null});
                let id_token = org.id_token(now, &claims);
                Reply::json(
                    200,
                    format!(
                        r#"{{"id_token":"{id_token}","access_token":"a-canary","token_type":"Bearer","expires_in":3600,"refresh_token":"second-canary"}}"#
                    ),
                )
            }
            "/oauth2/v1/token" => Reply::json(400, r#"{"error":"invalid_grant"}"#),
            _ => {
                let stored = std::fs::read_to_string(&file).unwrap();
                assert!(stored.contains("second-canary"), "used before it was stored");
                let is_let_in = request.head.contains("Bearer eyJ");
                Reply::json(if is_let_in { 200 } else { 401 }, "{}")
            }
        },
        |deployment| {
            deployment.control = None;
            let at = deployment.org().unwrap().issuer.clone();
            let file = cached(&folder, &at, -3600, Some("first-canary"));
            *issuer.lock().unwrap() = at;
            deployment.sign_in = Some(SignInWay::Cache(StoredSignIns::read(file)));
        },
    )
    .await;
    let run = bench.run("s", &eight_cases()).await;
    assert_eq!(run.result.summary.passed, 9, "{:?}", run.result.results);
    assert_eq!(count(&bench, "/oauth2/v1/token"), 1);
    assert!(
        !serde_json::to_string(&run.result)
            .unwrap()
            .contains("canary")
    );
}
