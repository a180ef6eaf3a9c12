//! Runs that are recorded and judged again: whatever way users sign in, and whatever ends a case.

use std::sync::Arc;

use super::bench::{Bench, Ran, Reply, Request};
use crate::cassette::{Cassette, Recorder};
use crate::result::{RunEvent, Verdict};
use crate::run::{Replay, RunOptions, Tape};
use crate::scenario::model::Edition;
use crate::secret::Secret;
use crate::targets::{Deployment, GivenRefreshToken, GivenTokens, SignInWay, StoredSignIns};
use crate::token_cache::{TokenCache, sample::of_ada};

const CALLBACK: &str = "http://localhost:8787/callback";

const SCENARIO: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - call: { url: \"${custom_as.api}\", bearer: \"${id_token}\" }
    expect: { status: 200 }
cases:
  - id: garbage
    at: call
    change: { $bearer: garbage }
    expect: { status: 401 }
  - id: let-in
    at: call
    change: { $bearer: let-me-in }
    expect: { status: 403 }
  - id: grace
    at: call
    before: [ { sign_in: { as: user_client, user: grace }, save: { of_grace: body.id_token } } ]
    change: { $bearer: \"${of_grace}\" }
    expect: { status: 200 }
";

/// An org that signs everybody in, in every way.
fn org(request: &Request) -> Reply {
    let tokens = r#"{"id_token":"fresh-canary-0123456789","access_token":"access-canary-0123","expires_in":3600}"#;
    match request.path.as_str() {
        "/api/v1/authn" => Reply::json(
            200,
            r#"{"status":"SUCCESS","sessionToken":"session-canary-0123"}"#,
        ),
        "/oauth2/v1/authorize" => {
            let location = format!("{CALLBACK}?code=code-canary-0123456789&state=s");
            Reply::text(302, "", "").header("location", &location)
        }
        "/oauth2/v1/token" => Reply::json(200, tokens),
        _ if request.head.contains("canary") || request.head.contains("let-me-in") => {
            Reply::json(200, "{}")
        }
        _ => Reply::json(401, "{}"),
    }
}

/// The same, where a second factor is asked for.
fn strict_org(request: &Request) -> Reply {
    match request.path.as_str() {
        "/api/v1/authn" => Reply::json(
            200,
            r#"{"status":"MFA_REQUIRED","stateToken":"state-canary-0123456789"}"#,
        ),
        _ => org(request),
    }
}

async fn bench(answer: fn(&Request) -> Reply, describe: impl FnOnce(&mut Deployment)) -> Bench {
    Bench::start_with(answer, |deployment| {
        deployment.control = None;
        describe(deployment);
    })
    .await
}

/// A run and its recording.
async fn recorded(bench: &Bench, scenario: &str) -> (Ran, String) {
    let recorder = Arc::new(Recorder::default());
    let options = RunOptions {
        tape: Tape::Record(recorder.clone()),
        ..RunOptions::new(Edition::E2026_10)
    };
    let run = bench.run_with("s", scenario, &options).await;
    let written = recorder.cassette(None).unwrap();
    assert_eq!(written.left_out, 0);
    (run, written.text)
}

async fn replayed(text: &str, scenario: &str) -> Ran {
    let cassette = Cassette::read(text).unwrap_or_else(|error| panic!("{error}"));
    let replay = Replay::open(cassette).unwrap();
    let options = replay.options();
    let bench = Bench::of(replay.target);
    bench.run_with("s", scenario, &options).await
}

fn judged(run: &Ran) -> Vec<(&str, Verdict, Option<&str>)> {
    let results = run.result.results.iter();
    results
        .map(|case| (case.id.as_str(), case.verdict, case.reason.as_deref()))
        .collect()
}

fn cache_of_both(deployment: &Deployment, file: std::path::PathBuf) -> SignInWay {
    let issuer = deployment.org().unwrap().issuer.clone();
    let until = jiff::Timestamp::now().as_second() + 3600;
    let ada = of_ada(&issuer, until);
    let mut grace = of_ada(&issuer, until);
    grace.user = "grace".to_owned();
    TokenCache::keep(&file, ada).unwrap();
    TokenCache::keep(&file, grace).unwrap();
    SignInWay::Cache(StoredSignIns::read(file))
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_way_users_sign_in_a_replay_says_what_the_run_said() {
    type Answer = fn(&Request) -> Reply;
    type Way = fn(&Deployment, std::path::PathBuf) -> SignInWay;
    let ways: [(&str, Answer, Way); 6] = [
        ("page", org, |_, _| SignInWay::Page),
        ("session", org, |_, _| SignInWay::Session),
        ("session that is refused", strict_org, |_, _| {
            SignInWay::Session
        }),
        ("given", org, |_, _| {
            SignInWay::Given(GivenTokens {
                id_token: Secret::new("given-canary"),
                access_token: None,
            })
        }),
        ("refresh", org, |_, _| {
            SignInWay::Refresh(GivenRefreshToken {
                token: Secret::new("refresh-canary"),
                file: None,
            })
        }),
        ("cache", org, cache_of_both),
    ];
    for (name, answer, way) in ways {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cache.json");
        let bench = bench(answer, |deployment| {
            deployment.sign_in = Some(way(deployment, file));
        })
        .await;
        let (run, text) = recorded(&bench, SCENARIO).await;
        assert!(!text.contains("canary"), "{name}: {text}");
        let again = replayed(&text, SCENARIO).await;
        let verdict = |run: &Ran, id: &str| run.case(id).verdict;
        let refused = name.ends_with("refused");
        for (id, expected) in [
            ("s", Verdict::Passed),
            ("s/garbage", Verdict::Passed),
            ("s/let-in", Verdict::Failed),
        ] {
            let expected = if refused { Verdict::Error } else { expected };
            assert_eq!(verdict(&run, id), expected, "{name}: {:?}", run.case(id));
        }
        let verdicts = |run: &Ran| -> Vec<_> {
            let all = judged(run).into_iter();
            all.map(|(id, verdict, _)| (id.to_owned(), verdict))
                .collect()
        };
        assert_eq!(
            verdicts(&run),
            verdicts(&again),
            "{name}: {:?}",
            judged(&again)
        );
        if refused {
            assert_eq!(judged(&run), judged(&again));
        }
        if name == "cache" {
            assert_eq!(verdict(&again, "s/grace"), Verdict::Passed);
        }
        let asks = |event: &RunEvent| matches!(event, RunEvent::SignInsNeeded(_));
        assert!(!again.events.iter().any(asks), "{name}");
    }
}

#[tokio::test]
async fn a_case_that_was_held_back_too_long_proves_nothing_again() {
    let bench = bench(org, |_| {}).await;
    let (run, text) = recorded(&bench, SCENARIO).await;
    assert_eq!(run.case("s/let-in").verdict, Verdict::Failed);
    let held = text.replace("\"steps\":", "\"held_ms\":600000,\"steps\":");
    let again = replayed(&held, SCENARIO).await;
    let case = again.case("s/let-in");
    assert_eq!(case.verdict, Verdict::Error);
    assert!(
        case.reason
            .as_deref()
            .unwrap()
            .contains("held back for 600 s")
    );
}

#[tokio::test]
async fn no_instant_of_a_file_is_too_much() {
    let bench = bench(org, |_| {}).await;
    let (_, text) = recorded(&bench, SCENARIO).await;
    let instants = regex::Regex::new("\"(prepared_at|answered_at|judged_at)\":[0-9]+").unwrap();
    for instant in ["-377705023201", "0", "253402207200"] {
        let changed = instants.replace_all(&text, format!("\"$1\":{instant}"));
        let again = replayed(&changed, SCENARIO).await;
        assert_eq!(again.result.results.len(), 4, "{instant}");
    }
}

#[tokio::test]
async fn what_is_saved_from_elsewhere_is_another_scenario() {
    let bench = bench(org, |_| {}).await;
    let (_, text) = recorded(&bench, SCENARIO).await;
    let other = SCENARIO.replace("body.id_token }\n  - call", "body.access_token }\n  - call");
    assert_ne!(other, SCENARIO);
    let again = replayed(&text, &other).await;
    let case = again.case("s");
    assert_eq!(case.verdict, Verdict::Skipped);
    let reason = case.reason.as_deref().unwrap();
    assert!(reason.contains("the scenario has changed"), "{reason}");
}
