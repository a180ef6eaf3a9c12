//! Nothing at all can be had from the target.

use std::time::Duration;

use harness::cli::Exit;
use harness::result::{RunResult, StopCause, Verdict};
use harness::targets::Limits;
use rstest::rstest;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::player::{self, Player};
use super::{LIMITS, run_within};

/// Longest time for a run in which nothing works: the limits apply, request by request.
const BOUND: Duration = Duration::from_secs(30);

/// For a server that answers no request in any time.
const BRIEF: Limits = Limits {
    request: Duration::from_millis(80),
    ..LIMITS
};

#[rstest]
#[case::hangs(player::hang, "timeout")]
#[case::closes(player::close, "connection cut")]
#[case::cuts_the_body(player::cut, "connection cut")]
#[case::speaks_something_else(player::garbage, "not HTTP")]
#[case::sends_a_body_without_end(player::endless_body, "too large")]
#[case::sends_header_fields_without_end(player::endless_head, "too large")]
#[case::drips(player::drip, "timeout")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that(
    #[case] act: fn(
        &mut std::net::TcpStream,
        &std::sync::atomic::AtomicBool,
    ) -> std::io::Result<()>,
    #[case] cause: &str,
) {
    let player = Player::start(act);
    // Where every request waits for its limit, the flows of one resource type and a short one show what all would.
    let (filter, limits) = match cause {
        "timeout" => ("secret", BRIEF),
        _ => ("", LIMITS),
    };
    let result = bounded_to(&player.base_url(), filter, limits).await;
    assert_nothing_was_judged(&result, cause);
}

#[rstest]
#[case::html(ResponseTemplate::new(200).set_body_raw("<h1>Welcome</h1>", "text/html"), "with a web page and not with JSON")]
#[case::service_unavailable(ResponseTemplate::new(503).set_body_string("later"), "answers 503")]
#[case::bad_gateway(ResponseTemplate::new(502).set_body_raw("<h1>nginx</h1>", "text/html"), "answers 502")]
#[case::json_that_says_it_failed(ResponseTemplate::new(500).set_body_json(serde_json::json!({ "error": "server_error" })), "answers 500")]
#[case::too_many_requests(ResponseTemplate::new(429).insert_header("X-Rate-Limit-Reset", "9999999999"), "answers 429")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_always_answers(#[case] answer: ResponseTemplate, #[case] cause: &str) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let result = bounded(&server.uri()).await;
    assert_nothing_was_judged(&result, cause);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_sends_elsewhere_is_not_followed() {
    let elsewhere = MockServer::start().await;
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(307).insert_header("Location", elsewhere.uri());
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let result = bounded(&server.uri()).await;
    assert_nothing_was_judged(&result, "sends elsewhere");
    let followed = elsewhere
        .received_requests()
        .await
        .expect("they are recorded");
    assert!(followed.is_empty(), "{followed:?}");
}

#[rstest]
#[case::at_a_closed_port(player::closed_port(), "connection refused")]
#[case::at_a_host_without_an_address("http://nobody.invalid".to_owned(), "no such host")]
#[tokio::test(flavor = "multi_thread")]
async fn nobody(#[case] base_url: String, #[case] cause: &str) {
    let result = bounded(&base_url).await;
    assert_nothing_was_judged(&result, cause);
    let incomplete = result
        .incomplete
        .as_ref()
        .expect("the run was not complete");
    assert_eq!(incomplete.cause, StopCause::TargetUnreachable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_at_an_https_address() {
    let server = MockServer::start().await;
    let result = bounded(&server.uri().replace("http:", "https:")).await;
    assert_nothing_was_judged(&result, "no secure connection");
}

async fn bounded(base_url: &str) -> RunResult {
    bounded_to(base_url, "", LIMITS).await
}

async fn bounded_to(base_url: &str, filter: &str, limits: Limits) -> RunResult {
    let filters = [filter];
    let run = tokio::time::timeout(BOUND, run_within(limits, base_url, &filters));
    run.await.expect("the run ends in time")
}

/// Every case is an error that says why, or was not run because the target was given up; the cause is told.
fn assert_nothing_was_judged(result: &RunResult, cause: &str) {
    let mut shown = 0;
    for case in result
        .results
        .iter()
        .filter(|case| case.verdict != Verdict::Skipped)
    {
        let reason = case.reason.as_deref().unwrap_or_default();
        assert!(
            matches!(case.verdict, Verdict::Error | Verdict::NotRun),
            "{}: {:?} {reason}",
            case.id,
            case.findings
        );
        assert!(!reason.is_empty(), "{} does not say why", case.id);
        shown += usize::from(reason.contains(cause));
    }
    let reasons: Vec<_> = result
        .results
        .iter()
        .map(|case| (&case.id, &case.reason))
        .take(20)
        .collect();
    assert!(shown > 0, "nothing says {cause:?}: {reasons:#?}");
    assert_eq!(Exit::of(result).code(), 3);
}
