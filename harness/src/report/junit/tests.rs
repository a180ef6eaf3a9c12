use quick_junit::Report as Read;

use super::*;
use crate::result::{Standing, sample};

fn read(run: &RunResult) -> Read {
    Read::deserialize_from_str(&render(run, Form::Full).unwrap()).unwrap()
}

fn case<'r>(report: &'r Read, id: &str) -> &'r TestCase {
    let mut cases = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases);
    cases.find(|case| case.name.as_str() == id).unwrap()
}

fn shown(case: &TestCase) -> (&str, &str, &str) {
    match &case.status {
        TestCaseStatus::Success { .. } => ("success", "", ""),
        TestCaseStatus::NonSuccess {
            kind, message, ty, ..
        } => (
            match kind {
                NonSuccessKind::Failure => "failure",
                NonSuccessKind::Error => "error",
            },
            ty.as_deref().unwrap_or_default(),
            message.as_deref().unwrap_or_default(),
        ),
        TestCaseStatus::Skipped { message, ty, .. } => (
            "skipped",
            ty.as_deref().unwrap_or_default(),
            message.as_deref().unwrap_or_default(),
        ),
    }
}

const FAILED: &str = "authorization-server/exchange/scope-not-on-connection";
const PASSED: &str = "authorization-server/exchange";

#[test]
fn what_broke_and_the_requirement_are_where_a_ci_shows_them() {
    let report = read(&sample::every_verdict());
    let failed = case(&report, FAILED);
    assert_eq!(
        shown(failed),
        (
            "failure",
            "scope.none-left",
            "status: expected integer <400>, was integer <200>; \
             scope.none-left (MUST, Okta error catalogue; RFC 6749 §5.2); \
             problem: The org authorization server answers with another status (A scope that the connection \
             does not carry refuses the whole request) (responsible: the org authorization server)"
        )
    );
    assert_eq!(
        failed.classname.as_ref().unwrap().as_str(),
        "authorization-server.exchange"
    );
    assert_eq!(failed.extra["line"].as_str(), "44");
    let (kind, whom, why) = shown(case(&report, "secret/exchange/expired"));
    assert_eq!((kind, whom), ("error", "the way to the target"));
    assert!(why.starts_with("connection refused"), "{why}");
    let (kind, _, why) = shown(case(&report, "service-account/exchange"));
    assert_eq!(kind, "skipped");
    assert!(why.contains("; cure: add `resources"), "{why}");
}

#[test]
fn a_run_that_is_incomplete_is_red_once() {
    let report = read(&sample::every_verdict());
    let whole = case(&report, "the whole run");
    assert_eq!(
        shown(whole),
        (
            "error",
            "incomplete",
            "the run is incomplete: interrupted by Ctrl-C, after judging 4 of 8 cases; \
             the last was secret/exchange/actor"
        )
    );
    assert_eq!(shown(case(&report, "sign-in/code")).0, "skipped");
    assert_eq!((report.failures, report.errors), (1, 2));
    let well = read(&sample::all_well());
    assert_eq!((well.tests, well.failures, well.errors), (2, 0, 0));
}

#[test]
fn a_known_deviation_is_skipped_and_one_that_is_gone_fails() {
    let mut run = sample::every_verdict();
    for case in &mut run.results {
        match case.id.as_str() {
            FAILED => case.standing = Standing::ExpectedFailure,
            PASSED => case.standing = Standing::Stale,
            _ => {}
        }
    }
    let report = read(&run);
    let (kind, type_, why) = shown(case(&report, FAILED));
    assert_eq!((kind, type_), ("skipped", "expected failure"));
    assert!(
        why.starts_with("expected failure: ") && why.contains("was integer <200>"),
        "{why}"
    );
    let (kind, type_, _) = shown(case(&report, PASSED));
    assert_eq!((kind, type_), ("failure", "stale"));
}

/// What `junit-10.xsd` of Jenkins' xUnit plugin allows, element by element, and the two attributes that it does not.
#[test]
fn nothing_is_written_that_the_schema_does_not_know() {
    let text = render(&sample::every_verdict(), Form::Full).unwrap();
    for line in text.lines().map(str::trim_start) {
        let Some(tag) = line.strip_prefix('<').filter(|tag| !tag.starts_with('/')) else {
            continue;
        };
        let name = tag.split([' ', '>', '/']).next().unwrap();
        let allowed: &[&str] = match name {
            "testsuites" => &["name", "time", "tests", "failures", "errors"],
            "testsuite" => &[
                "name",
                "tests",
                "failures",
                "errors",
                "skipped",
                "time",
                "timestamp",
                "file",
            ],
            "testcase" => &["name", "time", "classname", "file", "line"],
            "failure" | "error" | "skipped" => &["type", "message"],
            "property" => &["name", "value"],
            "properties" | "system-out" | "?xml" => continue,
            other => panic!("<{other}>"),
        };
        // Values are quoted, and hold no quote.
        for attribute in tag
            .split('"')
            .step_by(2)
            .filter_map(|part| part.strip_suffix('='))
        {
            let attribute = attribute.rsplit([' ', '<']).next().unwrap();
            assert!(allowed.contains(&attribute), "{attribute} of <{name}>");
        }
    }
}
