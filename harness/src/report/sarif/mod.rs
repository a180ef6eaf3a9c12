//! `report.sarif`: a requirement is a rule, a check that does not hold is a result at its line of the scenario, so that
//! code scanning shows it there and knows it again in the next run.
//!
//! A case that could not be judged has no result: it becomes a notification, and the invocation was not successful.

mod model;
mod place;
mod rules;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Form, ReportError};
use crate::presentation::baseline;
use crate::presentation::deviation::Deviation;
use crate::presentation::json_lines;
use crate::presentation::markdown;
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::visible;
use crate::result::{Blame, CaseResult, FindingRecord, RunResult, Standing, Verdict};
use model::{
    AutomationDetails, Driver, Fingerprints, Invocation, Level, Log, Message, Notification,
    ResultProperties, Run, SCHEMA, SarifResult, Suppression, Tool,
};
use place::location;
use rules::Rules;

/// Results and rules are indented; what is in them is a line each.
const DEPTH: usize = 6;

/// The whole file.
pub(super) fn render(run: &RunResult, form: Form) -> Result<String, ReportError> {
    let mut rules = Rules::new(run);
    let results = results(run, form, &mut rules);
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: run.kit.name.clone(),
                    version: run.kit.version.clone(),
                    rules: rules.into_list(),
                },
            },
            automation_details: AutomationDetails { id: category(run) },
            invocations: [invocation(run, form)],
            column_kind: "utf16CodeUnits",
            results,
            properties: BTreeMap::from([
                ("target", run.target.name.clone()),
                ("edition", run.edition.clone()),
                ("contract", run.contract.clone()),
                ("verdict", run.sentence()),
            ]),
        }],
    };
    Ok(json_lines::to_string(&log, DEPTH)?)
}

/// What keeps apart the uploads of several targets, editions, selections and shards: each replaces its own predecessor
/// only.
fn category(run: &RunResult) -> String {
    let selection = run.selection.as_ref();
    let selection = selection.map_or_else(String::new, |some| format!("{}/", some.slug()));
    let shard = run.shard.as_ref();
    let shard = shard.map_or_else(String::new, |shard| {
        format!("shard-{}-of-{}/", shard.index, shard.count)
    });
    format!("atx/{}/{}/{selection}{shard}", run.target.name, run.edition)
}

fn invocation(run: &RunResult, form: Form) -> Invocation {
    let texts = ResultTexts::of(run, form);
    let mut execution: Vec<Notification> = run
        .incomplete
        .iter()
        .map(|incomplete| Notification {
            level: Level::Error,
            message: Message::plain(visible(&texts.fill(&incomplete.to_string()))),
            locations: Vec::new(),
        })
        .collect();
    let not_judged = run.results.iter().filter_map(|case| {
        let (level, what) = match case.verdict {
            Verdict::Error => (Level::Error, "could not be judged"),
            Verdict::NotRun => (Level::Warning, "was not run"),
            Verdict::Skipped => (Level::Note, "was skipped"),
            Verdict::NotApplicable => (Level::Note, "does not apply"),
            Verdict::Passed | Verdict::Observed | Verdict::Warning | Verdict::Failed => {
                return None;
            }
        };
        let cure = case.cure.as_deref();
        let cure = cure.map_or_else(String::new, |cure| format!("; cure: {cure}"));
        let part_of = run
            .problem_of(case)
            .map_or_else(String::new, |(_, problem)| {
                format!("; problem: {}", texts.fill(&problem.title))
            });
        let reason = format!("{} {what}: {}{part_of}{cure}", case.id, texts.reason(case));
        Some(notification(case, level, &reason))
    });
    execution.extend(not_judged);
    let stale = run
        .results
        .iter()
        .filter(|case| case.standing == Standing::Stale);
    let stale = stale.map(|case| {
        let text = format!("{}: {}", case.id, baseline::gone(case));
        notification(case, Level::Error, &text)
    });
    Invocation {
        execution_successful: run.incomplete.is_none()
            && run.summary.error == 0
            && run.summary.not_run == 0,
        start_time_utc: (form == Form::Full && !run.varying.started_at.is_empty())
            .then(|| run.varying.started_at.clone()),
        tool_execution_notifications: execution,
        tool_configuration_notifications: stale.collect(),
    }
}

fn notification(case: &CaseResult, level: Level, text: &str) -> Notification {
    Notification {
        level,
        message: Message::plain(visible(text)),
        locations: vec![location(&case.source, &case.id)],
    }
}

fn results(run: &RunResult, form: Form, rules: &mut Rules<'_>) -> Vec<SarifResult> {
    let known = run
        .results
        .iter()
        .any(|case| matches!(case.standing, Standing::ExpectedFailure | Standing::Stale));
    let mut seen = BTreeMap::new();
    let mut results = Vec::new();
    for case in &run.results {
        let problem = Deviation::new(case, None, &run.requirements, ResultTexts::of(run, form))
            .of_problem(run);
        for finding in &problem.findings {
            let level = match finding.verdict {
                Verdict::Failed => Level::Error,
                Verdict::Warning => Level::Warning,
                _ => continue,
            };
            let (rule_id, rule_index) = rules.broken(case, finding);
            let fingerprint = fingerprint(&rule_id, case, finding, &mut seen);
            let locations = vec![location(&finding.source, &case.id)];
            let mut related = location(&case.source, &case.id);
            related.id = Some(1);
            related.message = Some(Message::plain(visible(&case.title)));
            results.push(SarifResult {
                rule_id,
                rule_index,
                level,
                message: message(&problem, finding),
                locations,
                related_locations: vec![related],
                partial_fingerprints: Fingerprints {
                    line_hash: fingerprint,
                },
                suppressions: known.then(|| suppressions(case)),
                properties: properties(&problem, finding),
            });
        }
    }
    results
}

fn message(problem: &Deviation<'_>, finding: &FindingRecord) -> Message {
    let (expected, actual) = (
        problem.texts.expected(finding),
        problem.texts.actual(finding),
    );
    let case = problem.case;
    let (id, title) = (&case.id, &case.title);
    let part_of = problem
        .part_of
        .map(|part_of| problem.texts.fill(&part_of.title));
    let (before, before_markdown) = match &part_of {
        Some(title) => (
            format!("{title}. "),
            format!("{}. ", markdown::prose(title)),
        ),
        None => (String::new(), String::new()),
    };
    let text = format!(
        "{before}{}: expected {expected}, was {actual}. {title} ({id}, step {}).",
        finding.check, finding.step
    );
    let markdown = format!(
        "{before_markdown}{}: expected {}, was {}. {} ({}, step {}).",
        markdown::code(&finding.check.to_string()),
        markdown::code(&expected),
        markdown::code(&actual),
        markdown::text(title),
        markdown::code(id),
        markdown::text(&finding.step)
    );
    Message {
        text: visible(&text).into_owned(),
        markdown: Some(markdown),
    }
}

fn properties(problem: &Deviation<'_>, finding: &FindingRecord) -> ResultProperties {
    ResultProperties {
        case: problem.case.id.clone(),
        step: finding.step.clone(),
        check: finding.check.to_string(),
        expected: visible(&problem.texts.expected(finding)).into_owned(),
        actual: visible(&problem.texts.actual(finding)).into_owned(),
        requirements: finding.covers.clone(),
        problem: problem.part_of.map(|part_of| part_of.id.clone()),
        responsible: problem.case.blame.map(Blame::noun),
    }
}

fn suppressions(case: &CaseResult) -> Vec<Suppression> {
    if case.standing != Standing::ExpectedFailure {
        return Vec::new();
    }
    vec![Suppression {
        kind: "external",
        status: "accepted",
        justification: baseline::accepted(case).into_owned(),
    }]
}

/// The same in every run, wherever the line has moved: which case breaks which requirement by which check. A check that
/// fails more than once in a case is numbered.
fn fingerprint(
    rule: &str,
    case: &CaseResult,
    finding: &FindingRecord,
    seen: &mut BTreeMap<String, usize>,
) -> String {
    let mut digest = Sha256::new();
    for part in [rule, &case.id, &finding.step, &finding.check.to_string()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let hash = base16ct::lower::encode_string(&digest.finalize()[..8]);
    let number = seen.entry(hash.clone()).or_default();
    *number += 1;
    format!("{hash}:{number}")
}

#[cfg(test)]
mod tests;
