//! `junit.xml`: a suite a scenario, a testcase a case, so that CI systems show what they always show.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::here::Here;
use super::problem::Problem;
use super::text::visible;
use super::{Form, ReportError, card, words};
use crate::result::{CaseResult, FindingRecord, RunResult, Standing, Verdict};

/// Width of the text inside a failure.
const WIDTH: usize = 100;

/// The whole file.
pub(super) fn render(run: &RunResult, form: Form) -> Result<String, ReportError> {
    let mut report = Report::new("atx");
    if form == Form::Full {
        report.set_time(duration(run.varying.milliseconds));
    }
    // Results are ordered by id, which puts `a/b-c` between `a/b` and its case `a/b/d`.
    let mut scenarios: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for case in &run.results {
        scenarios.entry(&case.scenario).or_default().push(case);
    }
    for (scenario, cases) in scenarios {
        report.add_test_suite(suite(run, scenario, &cases, form));
    }
    Ok(report.to_string()?)
}

fn suite(run: &RunResult, scenario: &str, cases: &[&CaseResult], form: Form) -> TestSuite {
    let mut suite = TestSuite::new(scenario);
    for (name, value) in [
        ("target", &run.target.name),
        ("edition", &run.edition),
        ("contract", &run.contract),
        ("atx", &run.kit.version),
    ] {
        suite.add_property(Property::new(name, visible(value).as_ref()));
    }
    if let Some(incomplete) = &run.incomplete {
        suite.add_property(Property::new(
            "incomplete",
            visible(&Here::of(run, form).fill(&incomplete.to_string())).as_ref(),
        ));
    }
    if form == Form::Full {
        let milliseconds = cases
            .iter()
            .filter_map(|case| run.varying.cases.get(&case.id))
            .map(|varying| varying.milliseconds)
            .sum();
        suite.set_time(duration(milliseconds));
        // The attribute as text: its type in the library belongs to a clock that nothing else here needs.
        suite
            .extra
            .insert("timestamp".into(), run.varying.started_at.as_str().into());
    }
    suite.add_test_cases(cases.iter().map(|case| test_case(run, case, form)));
    suite
}

fn test_case(run: &RunResult, case: &CaseResult, form: Form) -> TestCase {
    let varying = run
        .varying
        .cases
        .get(&case.id)
        .filter(|_| form == Form::Full);
    let problem = Problem::new(case, varying, &run.requirements, Here::of(run, form));
    let mut test = TestCase::new(case.id.as_str(), status(&problem));
    test.set_classname(case.resource_type.as_str());
    test.set_assertions(case.findings.len());
    if let Some(varying) = varying {
        test.set_time(duration(varying.milliseconds));
    }
    if let Some((file, line)) = case.source.rsplit_once(':') {
        test.extra.insert("file".into(), file.into());
        test.extra.insert("line".into(), line.into());
    }
    for id in &case.covers {
        test.add_property(Property::new(
            "requirement",
            card::requirement(id, run.requirements.get(id)).as_str(),
        ));
    }
    if matches!(case.verdict, Verdict::Warning | Verdict::Observed) {
        test.set_system_out(card::plain(&problem, WIDTH));
    }
    test
}

fn status(problem: &Problem<'_>) -> TestCaseStatus {
    let case = problem.case;
    let reason = problem.here.reason(case);
    match case.verdict {
        Verdict::Passed | Verdict::Observed | Verdict::Warning => TestCaseStatus::success(),
        Verdict::Skipped | Verdict::NotRun => {
            skipped(words::verdict(case.verdict), &reason, case.cure.as_deref())
        }
        Verdict::Failed if case.standing == Standing::ExpectedFailure => {
            skipped("expected failure", &reason, None)
        }
        Verdict::Failed => {
            let message = problem
                .findings
                .first()
                .map_or_else(|| reason.to_string(), |finding| headline(problem, finding));
            not_success(NonSuccessKind::Failure, &message, problem)
        }
        Verdict::Error => not_success(NonSuccessKind::Error, &reason, problem),
    }
}

/// First failing check and its requirement, in one line: often all that a CI page shows.
fn headline(problem: &Problem<'_>, finding: &FindingRecord) -> String {
    let requirement: Vec<String> = problem
        .cited(finding)
        .map(|(id, note)| card::requirement(id, note))
        .collect();
    format!(
        "{}: expected {}, was {}; {}",
        finding.check,
        problem.here.expected(finding),
        problem.here.actual(finding),
        requirement.join("; ")
    )
}

fn not_success(kind: NonSuccessKind, message: &str, problem: &Problem<'_>) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(visible(message).as_ref());
    status.set_type(problem.case.blame.map_or("unknown", words::blame));
    status.set_description(card::plain(problem, WIDTH));
    status
}

fn skipped(kind: &str, reason: &str, cure: Option<&str>) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    let cure = cure
        .map(|cure| format!("; cure: {cure}"))
        .unwrap_or_default();
    status.set_message(visible(&format!("{kind}: {reason}{cure}")).as_ref());
    status.set_type(kind);
    status
}

fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}
