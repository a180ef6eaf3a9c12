//! Whole runs over real sockets, against a hand-made server that can be broken at will.

pub(super) mod bench;
mod cache_refreshed;
mod consent_by_person;
mod echo;
mod invariants;
mod lawful;
mod limits;
mod recordings;
mod sending;
mod sign_in;
mod sign_in_by_person;
mod sign_in_shared;
mod signing;
mod walls;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bench::{Bench, Reply};

use super::RunOptions;
use crate::requirement::Level;
use crate::result::{Blame, RunEvent, StopCause, Verdict};
use crate::scenario::model::Edition;

/// A code for credentials, a token for the code, an API for the token.
const FLOW: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - token: { as: public_app, grant_type: one, extra: { scope: a } }
    expect: { status: 200, body: { access_token: { type: string } } }
    save: { access_token: body.access_token }
  - call: { url: \"${custom_as.api}\", bearer: \"${access_token}\" }
    expect: { status: 200 }
cases:
  - id: wrong-scope
    at: token
    change: { scope: b }
    expect: { status: 400, body: { error: invalid_scope }, code: illegal_scope }
  - id: no-token
    at: call
    change: { $bearer: nonsense }
    expect: { status: 401 }
";

fn good(request: &bench::Request) -> Reply {
    match request.path.as_str() {
        "/oauth2/v1/token" if request.body.contains("scope=a") => {
            Reply::json(200, r#"{"access_token":"canary-of-the-token-endpoint"}"#)
        }
        "/oauth2/v1/token" => Reply::json(400, r#"{"error":"invalid_scope"}"#)
            .header("x-mock-okta-code", "illegal_scope"),
        "/resources/chat" if request.head.contains("canary-of-the-token-endpoint") => {
            Reply::json(200, "{}")
        }
        "/resources/chat" => Reply::json(401, "{}"),
        _ => Reply::json(404, "{}"),
    }
}

#[tokio::test]
async fn a_conforming_server_passes_and_nothing_secret_is_kept() {
    let bench = Bench::start(good).await;
    let run = bench.run("flow", FLOW).await;
    let verdicts: Vec<_> = run
        .result
        .results
        .iter()
        .map(|case| (case.id.as_str(), case.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("flow", Verdict::Passed),
            ("flow/no-token", Verdict::Passed),
            ("flow/wrong-scope", Verdict::Passed)
        ]
    );
    assert_eq!(run.result.incomplete, None);
    assert_eq!(run.result.summary.checks, 7);
    let text = serde_json::to_string(&run.result).unwrap();
    assert!(!text.contains("canary"), "{text}");
    assert!(text.contains("<secret "), "{text}");
}

#[tokio::test]
async fn what_does_not_hold_fails_and_names_whom_to_blame() {
    let bench = Bench::start(|request| {
        if request.path == "/resources/chat" {
            return Reply::json(200, "{}");
        }
        good(request)
    })
    .await;
    let run = bench.run("flow", FLOW).await;
    let case = run.case("flow/no-token");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Failed, Some(Blame::Resource))
    );
    let finding = &case.findings[0];
    assert_eq!(finding.actual.as_deref(), Some("integer 200"));
    assert_eq!(finding.expected, "integer 401");
    assert!(
        finding.source.to_string().ends_with("flow.yaml:19"),
        "{}",
        finding.source
    );
    assert_eq!(run.case("flow").verdict, Verdict::Passed);
}

#[tokio::test]
async fn a_refusal_without_an_accepted_twin_proves_nothing() {
    let bench = Bench::start(|request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(400, r#"{"error":"invalid_scope"}"#),
        _ => good(request),
    })
    .await;
    let run = bench.run("flow", FLOW).await;
    assert_eq!(run.case("flow").verdict, Verdict::Failed);
    let case = run.case("flow/wrong-scope");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::OrgServer))
    );
    let reason = case.reason.as_deref().unwrap();
    assert!(
        reason.starts_with(
            "could not be judged, because the same request without the change (`flow`) was not accepted"
        ),
        "{reason}"
    );
    assert_eq!(run.case("flow/no-token").verdict, Verdict::Error);
}

#[tokio::test]
async fn a_step_before_the_changed_one_that_fails_makes_an_error() {
    let asked = AtomicUsize::new(0);
    let bench = Bench::start(move |request| {
        let is_token = request.path == "/oauth2/v1/token";
        // The base flow's first request and the first case's only one; the next is that of `no-token`.
        if is_token && asked.fetch_add(1, Ordering::Relaxed) > 1 {
            return Reply::json(403, "{}");
        }
        good(request)
    })
    .await;
    let mut options = RunOptions::new(Edition::E2026_10);
    options.jobs = 1;
    let run = bench.run_with("flow", FLOW, &options).await;
    let case = run.case("flow/no-token");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::OrgServer))
    );
    let reason = case.reason.as_deref().unwrap();
    assert!(
        reason.contains("step `token`: a step before the changed one did not succeed"),
        "{reason}"
    );
    assert_eq!(case.findings[0].verdict, Verdict::Error);
}

#[tokio::test]
async fn broken_targets_are_errors_with_their_cause() {
    let html = "text/html";
    let table: Vec<(Reply, &str)> = vec![
        (
            Reply::text(503, html, "<h1>down"),
            "${org.issuer}/oauth2/v1/token answers 503: the server, or a gateway in front of it, is out of service",
        ),
        (
            Reply::text(200, html, "<h1>portal"),
            "${org.issuer}/oauth2/v1/token answers 200 with a web page and not with JSON",
        ),
        (
            Reply::text(302, html, "").header("location", "https://elsewhere.example/"),
            "answers 302 and sends elsewhere, which this endpoint never does (to https://elsewhere.example)",
        ),
        (
            Reply::json(429, "{}"),
            "${org.issuer}/oauth2/v1/token answers 429: it was asked too often",
        ),
        (
            Reply::json(200, "{\"access_token\":"),
            "answers 200 with content that is not JSON (JSON that breaks off)",
        ),
        (Reply::json(400, ""), "answers 400 with no content"),
        (
            Reply::Cut,
            "connection cut by ${org.issuer} before the answer was whole",
        ),
        (
            Reply::Hang,
            "timeout: no whole answer from ${org.issuer} in time",
        ),
        (Reply::Garbage, "what ${org.issuer} answers is not HTTP"),
        (
            Reply::json(200, "x".repeat(8192)),
            "the answer of ${org.issuer} is too large",
        ),
    ];
    for (reply, cause) in table {
        let bench = Bench::start(move |request| match request.path.as_str() {
            "/oauth2/v1/token" => reply.clone(),
            _ => good(request),
        })
        .await;
        let run = bench.run("flow", FLOW).await;
        let case = run.case("flow");
        assert_eq!(
            (case.verdict, case.blame),
            (Verdict::Error, Some(Blame::Network)),
            "{cause}"
        );
        assert!(case.cure.is_some(), "{cause}");
        let reason = case.reason.as_deref().unwrap();
        assert!(reason.contains(cause), "{reason:?} lacks {cause:?}");
        assert_eq!(
            run.case("flow/wrong-scope").verdict,
            Verdict::Error,
            "{cause}"
        );
        assert_eq!(run.result.incomplete, None);
    }
}

#[tokio::test]
async fn a_closed_port_is_reported_for_every_case_and_ends_the_run() {
    let bench = Bench::closed().await;
    let run = bench.run("flow", FLOW).await;
    for case in &run.result.results {
        assert_eq!(
            (case.verdict, case.blame),
            (Verdict::Error, Some(Blame::Network))
        );
        let reason = case.reason.as_deref().unwrap();
        assert!(
            reason.contains("connection refused: nobody listens at ${org.issuer}"),
            "{reason}"
        );
    }
    let incomplete = run.result.incomplete.as_ref().unwrap();
    assert_eq!(incomplete.cause, StopCause::TargetUnreachable);
}

#[tokio::test]
async fn a_case_ends_with_its_patience() {
    let bench = Bench::start(|request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::Hang,
        _ => good(request),
    })
    .await;
    let mut options = RunOptions::new(Edition::E2026_10);
    options.patience = Duration::from_millis(100);
    let run = bench.run_with("flow", FLOW, &options).await;
    let reason = run.case("flow").reason.as_deref().unwrap();
    assert!(reason.contains("the case took longer than"), "{reason}");
}

#[tokio::test]
async fn what_changes_the_target_runs_alone_on_a_reset_one() {
    let scenario = "
resource_type: none
covers: [authz.code-flow]
steps:
  - token: { as: public_app, grant_type: one, extra: { scope: a } }
    expect: { status: 200 }
cases:
  - id: suspended
    at: token
    before: [ { control: { suspend_user: ada } } ]
    expect: { status: 200 }
  - id: later
    at: token
    before: [ { advance_clock: 61s } ]
    expect: { status: 200, body: { at: { within: 5s, of: now } } }
";
    let bench = Bench::start(|request| match request.path.as_str() {
        "/_mock/clock" => Reply::json(200, r#"{"epoch_seconds":5000}"#),
        "/_mock/clock/advance" => Reply::json(200, r#"{"epoch_seconds":5061}"#),
        "/oauth2/v1/token" => Reply::json(200, r#"{"at":5062}"#),
        path if path.starts_with("/_mock/") => Reply::text(204, "", ""),
        _ => Reply::json(404, "{}"),
    })
    .await;
    let run = bench.run("exclusive", scenario).await;
    assert_eq!(run.result.summary.passed, 3, "{:?}", run.result.results);
    let control: Vec<_> = bench
        .asked()
        .into_iter()
        .filter(|path| path.starts_with("/_mock/"))
        .collect();
    assert_eq!(
        control,
        [
            "/_mock/clock",
            "/_mock/reset",
            "/_mock/clock",
            "/_mock/users/00uada/suspend",
            "/_mock/reset",
            "/_mock/clock",
            "/_mock/clock/advance",
            "/_mock/reset",
            "/_mock/clock",
        ]
    );
}

#[tokio::test]
async fn an_interrupted_run_reports_what_it_measured() {
    let bench = Bench::start(|request| match request.path.as_str() {
        "/resources/chat" => Reply::Hang,
        _ => good(request),
    })
    .await;
    let options = RunOptions::new(Edition::E2026_10);
    let cancel = options.cancel.clone();
    let stopper = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    });
    let run = bench.run_with("flow", FLOW, &options).await;
    stopper.await.unwrap();
    assert_eq!(
        run.result.incomplete.as_ref().unwrap().cause,
        StopCause::Interrupted
    );
    assert_eq!(run.case("flow").verdict, Verdict::NotRun);
    assert_eq!(run.result.summary.not_run, 3);
}

/// The API refuses in the base flow, and had to open first.
const REFUSED: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - call: { url: \"${custom_as.api}\", bearer: canary-of-the-token-endpoint }
    expect: { status: 200 }
  - id: refused
    call: { url: \"${custom_as.api}\" }
    expect: { status: 401 }
";

#[tokio::test]
async fn a_500_where_a_refusal_is_expected_is_an_answer() {
    for (status, verdict) in [(500, Verdict::Failed), (503, Verdict::Error)] {
        let bench = Bench::start(move |request| match good(request) {
            Reply::Http { status: 400.., .. } => Reply::json(status, "{}"),
            reply => reply,
        })
        .await;
        let run = bench.run("flow", FLOW).await;
        assert_eq!(run.case("flow").verdict, Verdict::Passed);
        assert_eq!(run.case("flow/wrong-scope").verdict, verdict, "{status}");
        let run = bench.run("refused", REFUSED).await;
        assert_eq!(run.case("refused").verdict, verdict, "{status}");
    }
    // A server that never answered well at this address may just be down.
    let bench = Bench::start(|_| Reply::json(500, "{}")).await;
    let only = REFUSED.replace("  - call: { url: \"${custom_as.api}\", bearer: canary-of-the-token-endpoint }\n    expect: { status: 200 }\n", "");
    assert_ne!(only, REFUSED);
    let run = bench.run("refused", &only).await;
    assert_eq!(run.case("refused").verdict, Verdict::Error);
}

#[tokio::test]
async fn fail_fast_stops_at_the_first_failure() {
    let bench = Bench::start(|request| match request.path.as_str() {
        "/resources/chat" => Reply::json(500, "{}"),
        _ => good(request),
    })
    .await;
    let mut options = RunOptions::new(Edition::E2026_10);
    options.fail_fast = true;
    let run = bench.run_with("flow", FLOW, &options).await;
    assert_eq!(run.case("flow").verdict, Verdict::Error);
    assert_eq!(run.case("flow/wrong-scope").verdict, Verdict::NotRun);
    assert_eq!(
        run.result.incomplete.as_ref().unwrap().cause,
        StopCause::FailFast
    );

    // What is known to deviate is no news.
    let cases = run.result.results.iter();
    options.known = cases.map(|case| case.id.clone()).collect();
    let run = bench.run_with("flow", FLOW, &options).await;
    assert_eq!(
        (run.result.summary.not_run, &run.result.incomplete),
        (0, &None)
    );
}

#[tokio::test]
async fn the_weight_of_a_finding_is_that_of_its_requirements() {
    let scenario = |requirement: &str| {
        format!(
            "
resource_type: none
covers: [{requirement}]
steps:
  - token: {{ as: public_app, grant_type: one, extra: {{ scope: a }} }}
    expect: {{ status: 201 }}
"
        )
    };
    let catalogue = crate::requirement::Catalogue::embedded();
    for (level, verdict) in [
        (Level::Must, Verdict::Failed),
        (Level::Should, Verdict::Warning),
        (Level::May, Verdict::Observed),
    ] {
        let id = catalogue
            .iter()
            .find(|one| one.demand.level == level)
            .unwrap()
            .id
            .as_str();
        let bench = Bench::start(good).await;
        let run = bench.run("flow", &scenario(id)).await;
        let case = run.case("flow");
        assert_eq!((case.verdict, case.findings[0].verdict), (verdict, verdict));
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_nobody_elses_fault() {
    let scenario = format!(
        "{FLOW}  - id: no-jwt\n    at: token\n    change: {{ scope: {{ jwt: {{ claims: {{ x: y }} }} }} }}\n    expect: {{ status: 400 }}\n"
    );
    let bench = Bench::start(good).await;
    let run = bench.run("flow", &scenario).await;
    let case = run.case("flow/no-jwt");
    assert_eq!(
        (case.verdict, case.blame),
        (Verdict::Error, Some(Blame::Harness))
    );
    let reason = case.reason.as_deref().unwrap();
    assert_eq!(
        reason,
        "step `token`: `scope` cannot be changed as a JWT: it does not have three parts"
    );
}

#[tokio::test]
async fn events_begin_and_end_a_run_and_pair_up() {
    let bench = Bench::start(good).await;
    let run = bench.run("flow", FLOW).await;
    assert!(
        matches!(run.events.first(), Some(RunEvent::RunStarted { cases, .. }) if cases.len() == 3)
    );
    assert!(matches!(
        run.events.last(),
        Some(RunEvent::RunDone {
            incomplete: None,
            ..
        })
    ));
    let started = run
        .events
        .iter()
        .filter(|event| matches!(event, RunEvent::CaseStarted { .. }));
    assert_eq!(started.count(), 3);
}
