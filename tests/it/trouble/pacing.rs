//! A run under limits: it waits, says so and ends well; and limits that the user sets.

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

/// The whole of a limit is not used at once: what is sent late is spread, so that no request waits for a minute.
#[test]
fn a_limit_of_the_target_file_is_kept_and_the_run_ends_well() {
    let org = org(MockOkta::builder());
    let text = format!("max_requests_per_minute: 60\n{}", org.target_file());
    let said = run(&text, &["secret/whole-flow", "sign-in/code-flow"]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let waited = said.report["varying"]["paced"]["milliseconds"].as_f64();
    assert!(waited > Some(1000.0), "{waited:?} {}", said.stderr);
    assert!(said.stderr.contains("waited "), "{}", said.stderr);
    assert!(
        said.stderr
            .contains("`max_requests_per_minute` allows few or none until then"),
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
