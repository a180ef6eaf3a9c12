//! A run under limits: it waits, says so and ends well; and limits that the user sets.

use std::collections::BTreeMap;
use std::time::Duration;

use mock_okta::{Endpoint, Fault, MockOkta};

use super::run;

fn org(builder: mock_okta::Builder) -> MockOkta {
    let builder = builder.keys_ahead(false);
    builder.start_blocking().expect("an org")
}

#[test]
fn what_is_refused_with_429_is_sent_again_and_the_run_ends_well() {
    let limited = Fault::rate_limited()
        .retry_after(1)
        .at(Endpoint::Token)
        .every(8);
    let org = org(MockOkta::builder().fault(limited));
    let said = run(&org.target_file(), &["secret/who"]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(said.with(&["error", "failed", "not_run"]).is_empty());
    let line = said.stderr.lines().find(|line| line.starts_with("waited "));
    let line = line.unwrap_or_else(|| panic!("{}", said.stderr));
    assert!(line.contains("refused with 429"), "{line}");
    let paced = &said.report["varying"]["paced"];
    assert!(paced["refused"].as_u64() > Some(0), "{paced}");
    assert!(paced["milliseconds"].as_f64() >= Some(900.0), "{paced}");
}

/// An org without test control: each reset would clear its journal, and its counts.
fn uncontrolled(requests_per_minute: u32) -> MockOkta {
    org(MockOkta::builder()
        .as_real()
        .rate_limit(requests_per_minute))
}

/// Its target file, without the test control that it does not have.
fn file_of(org: &MockOkta) -> String {
    let text = org.target_file();
    let (before, rest) = text.split_once("\ncontrol:\n").expect("its address");
    let rest = rest.lines().skip_while(|line| line.starts_with(' '));
    let rest: String = rest.flat_map(|line| [line, "\n"]).collect();
    format!("{before}\n{rest}")
}

/// How many requests a run makes that nothing holds back, in all and of the most frequent kind.
fn requests(arguments: &[&str]) -> (u32, u32) {
    let org = uncontrolled(100_000);
    let said = run(&file_of(&org), arguments);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let journal = org.journal();
    for entry in &journal {
        *counts.entry(entry.endpoint).or_default() += 1;
    }
    let most = counts.values().max().copied();
    (counts.values().sum(), most.expect("requests"))
}

/// A limit of which all but the last requests are sent as they come: the first half of a window goes at once, and what is sent
/// late is spread over the rest of it, so that no request waits for a minute and this test for seconds only.
const fn nearly_used_up(requests: u32) -> u32 {
    2 * (requests - 4)
}

fn assert_waited(said: &super::Said, most: Duration) {
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(said.with(&["error", "failed", "not_run"]).is_empty());
    let waited = said.report["varying"]["paced"]["milliseconds"].as_f64();
    let waited = Duration::from_secs_f64(waited.expect("it waited") / 1000.0);
    assert!(
        waited > Duration::from_millis(500),
        "{waited:?} {}",
        said.stderr
    );
    assert!(waited < most, "{waited:?} {}", said.stderr);
    let line = said.stderr.lines().find(|line| line.starts_with("waited "));
    assert!(line.is_some(), "{}", said.stderr);
}

#[test]
fn a_limit_of_the_target_file_is_kept_and_the_run_ends_well() {
    let (all, _) = requests(&["secret/who"]);
    let org = uncontrolled(100_000);
    let limit = nearly_used_up(all);
    let text = format!("max_requests_per_minute: {limit}\n{}", file_of(&org));
    let said = run(&text, &["secret/who"]);
    assert_waited(&said, Duration::from_secs(40));
    assert!(
        said.stderr
            .contains("`max_requests_per_minute` allows few or none until then"),
        "{}",
        said.stderr
    );
}

/// The limits that the stand-in for a real org has itself, which its answers name by `X-Rate-Limit-*`.
#[test]
fn a_limit_that_the_answers_name_is_kept_and_the_run_ends_well() {
    let (_, most) = requests(&["secret/who"]);
    let org = uncontrolled(nearly_used_up(most));
    let said = run(&file_of(&org), &["secret/who"]);
    assert_waited(&said, Duration::from_secs(50));
    assert!(
        said.stderr.contains("takes few or no requests until then"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_run_ends_cleanly_when_it_has_used_up_its_requests() {
    let org = org(MockOkta::builder());
    let said = run(
        &org.target_file(),
        &["secret/who", "--max-requests", "25", "--jobs", "2"],
    );
    assert_eq!(said.exit, 3, "{}", said.stderr);
    assert_eq!(said.report["incomplete"]["cause"], "max_requests");
    assert!(!said.with(&["passed"]).is_empty(), "{}", said.stderr);
    assert!(!said.with(&["not_run"]).is_empty(), "{}", said.stderr);
    let broken = said.with(&["error", "failed"]);
    assert!(broken.is_empty(), "{broken:?}");
    let reason = "the run has sent as many requests as `--max-requests` allows";
    let cases = said.report["results"].as_array().expect("results");
    let mut not_run = cases.iter().filter(|case| case["verdict"] == "not_run");
    assert!(not_run.all(|case| case["reason"] == reason));
    // Even where not one request is left for the first case.
    let said = run(&org.target_file(), &["secret/who", "--max-requests", "1"]);
    assert_eq!(said.exit, 3, "{}", said.stderr);
    assert!(said.with(&["passed", "error", "failed"]).is_empty());
}
