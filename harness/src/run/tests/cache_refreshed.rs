//! Tokens of the token cache that have expired and are refreshed, by an org that takes each refresh token once.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::bench::{Bench, Reply, Request};
use super::sign_in::eight_cases;
use crate::result::{Blame, StopCause, Verdict};
use crate::run::RunOptions;
use crate::scenario::model::Edition;
use crate::sign_in::sample::Org;
use crate::targets::{SignInWay, StoredSignIns};
use crate::token_cache::sample::{of_ada, with_refresh_token};
use crate::token_cache::{CachedSignIn, TokenCache};

/// What is different about the org.
#[derive(Clone, Default)]
struct Twist {
    /// It publishes no keys.
    has_no_keys: bool,
    /// Somebody else signs its tokens.
    is_forged: bool,
    /// How long its tokens live, in seconds.
    lives: Option<u64>,
    /// What it says that was granted.
    scope: Option<&'static str>,
    /// The token in the cache is one that it has taken before.
    has_used_it: bool,
    /// Ends the run while it refreshes the tokens.
    interrupts: Option<CancellationToken>,
}

struct Table {
    bench: Bench,
    cache: PathBuf,
    /// How often tokens were refreshed.
    refreshed: Arc<AtomicUsize>,
    _folder: tempfile::TempDir,
}

async fn table(twist: Twist) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache.json");
    let (org, other) = (Org::new(), Org::new());
    let (document, issuer) = (org.document.clone(), Arc::new(Mutex::new(String::new())));
    let (known, refreshed) = (issuer.clone(), Arc::<AtomicUsize>::default());
    let counted = refreshed.clone();
    let first = usize::from(twist.has_used_it);
    let answer = move |request: &Request| match request.path.as_str() {
        "/oauth2/v1/keys" if twist.has_no_keys => Reply::json(404, "{}"),
        "/oauth2/v1/keys" => Reply::json(200, document.clone()),
        "/oauth2/v1/token" => {
            let number = counted.load(Ordering::SeqCst);
            let newest = format!("refresh_token=refresh-canary-{}&", number + first);
            if !format!("{}&", request.body).contains(&newest) {
                return Reply::json(400, r#"{"error":"invalid_grant"}"#);
            }
            counted.fetch_add(1, Ordering::SeqCst);
            if let Some(run) = &twist.interrupts {
                run.cancel();
                // Time in which a run that does not wait comes to its end.
                std::thread::sleep(Duration::from_millis(300));
            }
            let issuer = known.lock().unwrap().clone();
            let signer = if twist.is_forged { &other } else { &org };
            let claims = json!({"iss": issuer, "nonce": null});
            let id_token = signer.id_token(jiff::Timestamp::now().as_second(), &claims);
            let mut body = json!({
                "id_token": id_token, "access_token": format!("access-canary-{number}"), "token_type": "Bearer",
                "expires_in": twist.lives.unwrap_or(3600),
                "refresh_token": format!("refresh-canary-{}", number + first + 1),
            });
            if let Some(scope) = twist.scope {
                body["scope"] = scope.into();
            }
            Reply::json(200, body.to_string())
        }
        _ if request.head.contains("Bearer eyJ") => Reply::json(200, "{}"),
        _ => Reply::json(401, "{}"),
    };
    let file = cache.clone();
    let bench = Bench::start_with(answer, |deployment| {
        deployment.control = None;
        let at = deployment.org().unwrap().issuer.clone();
        let expired = of_ada(&at, jiff::Timestamp::now().as_second() - 3600);
        *issuer.lock().unwrap() = at;
        TokenCache::keep(&file, with_refresh_token(expired, "refresh-canary-0")).unwrap();
        deployment.sign_in = Some(SignInWay::Cache(StoredSignIns::read(file)));
    })
    .await;
    Table {
        bench,
        cache,
        refreshed,
        _folder: folder,
    }
}

impl Table {
    fn refreshed(&self) -> usize {
        self.refreshed.load(Ordering::SeqCst)
    }

    fn asked_for_tokens(&self) -> usize {
        let asked = self.bench.asked();
        asked
            .iter()
            .filter(|path| *path == "/oauth2/v1/token")
            .count()
    }

    fn cached(&self) -> CachedSignIn {
        let cache = TokenCache::read(&self.cache).unwrap();
        cache.sign_ins()[0].clone()
    }

    fn refresh_token(&self) -> String {
        let token = self.cached().refresh_token.unwrap();
        token.expose().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_refresh_token_is_used_however_often_tokens_expire_in_a_run() {
    // What lives no longer than a minute is refreshed for each case.
    let table = table(Twist {
        lives: Some(30),
        ..Twist::default()
    })
    .await;
    let run = table.bench.run("s", &eight_cases()).await;
    assert_eq!(run.result.summary.passed, 9, "{:?}", run.result.results);
    assert_eq!((table.refreshed(), table.asked_for_tokens()), (9, 9));
    assert_eq!(table.refresh_token(), "refresh-canary-9");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_came_with_tokens_of_no_use_is_kept_and_none_is_sent_twice() {
    let table = table(Twist {
        is_forged: true,
        ..Twist::default()
    })
    .await;
    let run = table.bench.run("s", &eight_cases()).await;
    let case = run.case("s");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::OrgServer)),
        "{case:?}"
    );
    assert_eq!((table.refreshed(), table.asked_for_tokens()), (1, 1));
    assert_eq!(table.refresh_token(), "refresh-canary-1");
    assert_eq!(table.cached().id_token.expose(), "cached-id-token-canary");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_no_refresh_token_is_used_up() {
    let table = table(Twist {
        has_no_keys: true,
        ..Twist::default()
    })
    .await;
    let run = table.bench.run("s", &eight_cases()).await;
    let reason = run.case("s").reason.as_deref().unwrap();
    assert!(
        reason.contains("the ID token cannot be verified"),
        "{reason}"
    );
    assert_eq!(table.asked_for_tokens(), 0);
    assert_eq!(table.refresh_token(), "refresh-canary-0");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scopes_of_refreshed_tokens_are_those_that_were_granted() {
    let table = table(Twist {
        scope: Some("openid profile"),
        ..Twist::default()
    })
    .await;
    let run = table.bench.run("s", &eight_cases()).await;
    let reason = run.case("s").reason.as_deref().unwrap();
    assert!(
        reason.contains("lack some of `openid profile email`"),
        "{reason}"
    );
    assert_eq!(table.cached().scopes, ["openid", "profile"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_was_used_before_is_no_fault_of_the_org() {
    let table = table(Twist {
        has_used_it: true,
        ..Twist::default()
    })
    .await;
    let run = table.bench.run("s", &eight_cases()).await;
    let case = run.case("s");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::Harness)),
        "{case:?}"
    );
    let reason = case.reason.as_deref().unwrap();
    assert!(
        reason.contains("not refreshed: 400 `invalid_grant`"),
        "{reason}"
    );
    assert!(
        reason.contains("atx sign-in") && !reason.contains("redirect_uri"),
        "{reason}"
    );
    assert_eq!(table.asked_for_tokens(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_waits_for_the_refresh_that_is_under_way() {
    let options = RunOptions::new(Edition::E2026_10);
    let table = table(Twist {
        interrupts: Some(options.cancel.clone()),
        ..Twist::default()
    })
    .await;
    let run = table.bench.run_with("s", &eight_cases(), &options).await;
    let incomplete = run.result.incomplete.as_ref().unwrap();
    assert_eq!(incomplete.cause, StopCause::Interrupted);
    assert_eq!(table.refresh_token(), "refresh-canary-1");
}
