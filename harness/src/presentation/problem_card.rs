//! A problem as lines of text: what is wrong, who has to act, where it was seen, what to do, and what follows from it.

use super::card::{self, Line, Tone, labelled};
use super::result_texts::ResultTexts;
use super::text::{clip, count};
use crate::evidence::RecordedStep;
use crate::result::{Problem, RunResult, Standing, Verdict, is_id_of_rule};

/// Characters of an expected or actual value.
const VALUE: usize = 240;
/// Affected cases that are named; more are counted.
const NAMED: usize = 3;

/// The problems of a run that no baseline accepts, in order.
pub(crate) fn unexpected(run: &RunResult) -> Vec<&Problem> {
    let problems = run.problems.iter();
    problems
        .filter(|problem| is_unexpected(problem, run))
        .collect()
}

/// Whether it has a case that no baseline accepts.
pub(crate) fn is_unexpected(problem: &Problem, run: &RunResult) -> bool {
    let mut results = run.results.iter();
    results.any(|case| {
        let unexpected = case.standing == Standing::Unexpected;
        unexpected && problem.cases.contains(&case.id)
    })
}

/// The exchange in which it was seen: the judged one of its step. A rule has none of its own, and shows the first answer that
/// breaks it.
pub(crate) fn exchange<'a>(problem: &Problem, run: &'a RunResult) -> Option<&'a RecordedStep> {
    let cause = &problem.cause;
    let shows_it = run.results.iter().find(|case| case.id == cause.case)?;
    let first = shows_it
        .applied
        .as_ref()
        .and_then(|rule| rule.first.as_ref());
    let (id, step) = match first {
        Some(first) => (&first.case, &first.step),
        None => (&cause.case, &cause.step),
    };
    let exchanges = run.varying.cases.get(id)?.exchanges.iter();
    let of = |exchange: &&RecordedStep| exchange.step == *step;
    exchanges
        .clone()
        .rfind(|exchange| of(exchange) && exchange.judged)
        .or_else(|| exchanges.clone().rfind(of))
        .or_else(|| exchanges.last())
}

/// The whole problem in lines of at most `width` columns.
pub(crate) fn lines(
    problem: &Problem,
    number: usize,
    of: usize,
    run: &RunResult,
    texts: ResultTexts<'_>,
    width: usize,
) -> Vec<Line> {
    let label = match of {
        1 => "problem".to_owned(),
        _ => format!("problem {number} of {of}"),
    };
    let mut lines = vec![vec![(Tone::Head(problem.verdict), label)]];
    lines.extend(card::block(Tone::Plain, &texts.fill(&problem.title), width));
    let mut row = |name: &str, text: &str, tone: Tone| {
        lines.extend(labelled(name, &clip(text, 2 * VALUE), tone, width));
    };
    row("who", problem.responsible.noun(), Tone::Plain);
    let cause = &problem.cause;
    row("seen in", &seen_in(problem), Tone::Plain);
    if cause.check.is_some() {
        let value = |value: &Option<String>| {
            let text = value.as_deref().unwrap_or("something else");
            clip(&texts.fill(text), VALUE).into_owned()
        };
        row("expected", &value(&cause.expected), Tone::Expected);
        row("actual", &value(&cause.actual), Tone::Actual);
    }
    if let Some(said) = said(problem) {
        row("answer", &texts.fill(&said), Tone::Actual);
    }
    row("cure", &problem.cure, Tone::Plain);
    row("affects", &affected(problem, run), Tone::Faint);
    lines
}

/// The case and step that show it, and what was looked at.
pub(crate) fn seen_in(problem: &Problem) -> String {
    let cause = &problem.cause;
    let step = match cause.step.as_str() {
        "" => String::new(),
        step => format!(", step `{step}`"),
    };
    let check = cause.check.as_ref();
    let check = check.map_or_else(String::new, |check| format!(": {check}"));
    format!("{}{step}{check}", cause.case)
}

/// What the server said: "400 `invalid_grant`: The assertion is not an ID-JAG."
pub(crate) fn said(problem: &Problem) -> Option<String> {
    let cause = &problem.cause;
    let status = cause.status?;
    let error = cause.error.as_ref();
    let error = error.map_or_else(String::new, |error| format!(" `{error}`"));
    let description = cause.error_description.as_ref();
    let description = description.map_or_else(String::new, |text| format!(": {text}"));
    Some(format!("{status}{error}{description}"))
}

/// The case to run alone after a correction: the one that shows the problem, or, where a rule for every answer shows it, the
/// first affected case that sends requests.
pub(crate) fn run_alone(problem: &Problem) -> &str {
    let case = &problem.cause.case;
    let mut cases = problem.cases.iter();
    let other = cases.find(|id| is_id_of_rule(case) && !is_id_of_rule(id));
    other.unwrap_or(case)
}

/// "51 cases (33 failed, 18 could not be judged)".
pub(crate) fn kinds(problem: &Problem, run: &RunResult) -> String {
    let failed = |id: &&String| {
        let mut results = run.results.iter();
        results.any(|case| case.id == **id && case.verdict == Verdict::Failed)
    };
    let all = problem.cases.len();
    let failed = problem.cases.iter().filter(failed).count();
    let kinds = match (failed, all - failed) {
        (_, 0) => "failed".to_owned(),
        (0, _) => "could not be judged".to_owned(),
        (failed, rest) => format!("{failed} failed, {rest} could not be judged"),
    };
    format!("{} ({kinds})", count(all, "case"))
}

/// The same with the first of them: "51 cases (33 failed, 18 could not be judged): a, b, c and 48 more".
pub(crate) fn affected(problem: &Problem, run: &RunResult) -> String {
    let named: Vec<&str> = problem
        .cases
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect();
    let more = match problem.cases.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}: {}{more}", kinds(problem, run), named.join(", "))
}
