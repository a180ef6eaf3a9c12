//! `junit.xml`: a suite a scenario, a testcase a case, so that CI systems show what they always show.
//!
//! It keeps to the schema that Jenkins' xUnit plugin checks (`junit-10.xsd`), but for two attributes of a testcase,
//! `file` and `line`, by which GitLab and GitHub link to the scenario. What a CI gates on is red here too: a run that is
//! incomplete has an error of its own, a known deviation that is gone is a failure.

mod status;

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Form, ReportError};
use crate::presentation::card;
use crate::presentation::deviation::Deviation;
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::visible;
use crate::result::{CaseResult, Problem, RunResult, VaryingCase, Verdict};

/// Width of the text inside a failure.
const WIDTH: usize = 100;
/// The suite of what is true of the run as a whole.
const RUN: &str = "atx";

/// The whole file.
pub(super) fn render(run: &RunResult, form: Form) -> Result<String, ReportError> {
    let mut report = Report::new("atx");
    if form == Form::Full {
        report.set_time(duration(run.varying.milliseconds));
    }
    if let Some(suite) = incomplete(run, form) {
        report.add_test_suite(suite);
    }
    // Results are ordered by id, which puts `a/b-c` between `a/b` and its case `a/b/d`.
    let mut scenarios: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for case in &run.results {
        scenarios.entry(&case.scenario).or_default().push(case);
    }
    for (scenario, cases) in scenarios {
        report.add_test_suite(suite(run, scenario, &cases, form));
    }
    // The schema has this count at the suites only.
    let everywhere = report.to_string()?;
    // The library leaves out other characters that XML does not have (XML 1.0 §2.2).
    let everywhere = everywhere.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    Ok(everywhere.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1))
}

/// Cases that were not run are skipped; that they were not is an error, reported once.
fn incomplete(run: &RunResult, form: Form) -> Option<TestSuite> {
    let incomplete = run.incomplete.as_ref()?;
    let reason = ResultTexts::of(run, form)
        .fill(&incomplete.to_string())
        .into_owned();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(visible(&format!("the run is incomplete: {reason}")).as_ref());
    status.set_type("incomplete");
    status.set_description(run.sentence());
    let mut test = TestCase::new("the whole run", status);
    test.set_classname(RUN);
    let mut suite = TestSuite::new(RUN);
    suite.add_properties(properties(run));
    suite.add_test_case(test);
    Some(suite)
}

fn suite(run: &RunResult, scenario: &str, cases: &[&CaseResult], form: Form) -> TestSuite {
    let mut suite = TestSuite::new(scenario);
    suite.add_properties(properties(run));
    suite.add_properties(problems(run, cases, form));
    if let Some(case) = cases.first() {
        let file = visible(&case.source.file);
        suite.extra.insert("file".into(), file.as_ref().into());
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

fn properties(run: &RunResult) -> Vec<Property> {
    let mut properties = vec![
        ("target", run.target.name.clone()),
        ("kind", run.target.kind.to_string()),
        ("profiles", run.target.profile_names()),
        ("edition", run.edition.clone()),
        ("contract", run.contract.clone()),
        ("atx", run.kit.version.clone()),
    ];
    if let Some(selection) = &run.selection {
        properties.push(("selection", selection.to_string()));
    }
    if let Some(shard) = &run.shard {
        properties.push(("shard", shard.to_string()));
    }
    properties
        .into_iter()
        .map(|(name, value)| Property::new(name, visible(&value).as_ref()))
        .collect()
}

/// The problems of a suite's cases, by id. They are properties of the suite: the schema knows none of a testcase.
fn problems(run: &RunResult, cases: &[&CaseResult], form: Form) -> Vec<Property> {
    let texts = ResultTexts::of(run, form);
    let problems: BTreeMap<usize, &Problem> = cases
        .iter()
        .filter_map(|case| run.problem_of(case))
        .collect();
    problems
        .into_values()
        .map(|problem| {
            let text = format!("{}: {}", problem.id, texts.fill(&problem.title));
            Property::new("problem", visible(&text).as_ref())
        })
        .collect()
}

fn test_case(run: &RunResult, case: &CaseResult, form: Form) -> TestCase {
    let varying: Option<&VaryingCase> = run
        .varying
        .cases
        .get(&case.id)
        .filter(|_| form == Form::Full);
    let problem = Deviation::new(case, varying, &run.requirements, ResultTexts::of(run, form))
        .of_problem(run);
    let mut test = TestCase::new(case.id.as_str(), status::of(&problem));
    // Jenkins takes what stands before the last dot as a package.
    test.set_classname(case.scenario.replace('/', "."));
    if let Some(varying) = varying {
        test.set_time(duration(varying.milliseconds));
    }
    // Where it is wrong, or else where the case begins.
    let first = problem.findings.first();
    let place = first.map_or(&case.source, |finding| &finding.source);
    let file = visible(&place.file);
    test.extra.insert("file".into(), file.as_ref().into());
    test.extra
        .insert("line".into(), place.line.to_string().into());
    if matches!(case.verdict, Verdict::Warning | Verdict::Observed) {
        test.set_system_out(card::plain(&problem, WIDTH));
    }
    test
}

fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}

#[cfg(test)]
mod tests;
