//! A problem as lines of text: what is wrong, who has to act, where it was seen, what to do, and what follows from it.

use std::collections::BTreeMap;

use super::card::{self, Line, Tone, labelled};
use super::result_texts::ResultTexts;
use super::text::{clip, count};
use crate::result::{Problem, RunResult, Standing, Verdict};

/// Characters of an expected or actual value.
const VALUE: usize = 240;
/// Affected cases that are named; more are counted.
const NAMED: usize = 3;

/// The problems of a run that no baseline accepts, in order.
pub(crate) fn unexpected(run: &RunResult) -> Vec<&Problem> {
    let known: BTreeMap<&str, Standing> = run
        .results
        .iter()
        .map(|case| (case.id.as_str(), case.standing))
        .collect();
    let is_open = |id: &String| known.get(id.as_str()) == Some(&Standing::Unexpected);
    let problems = run.problems.iter();
    problems
        .filter(|problem| problem.cases.iter().any(is_open))
        .collect()
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

/// "51 cases (33 failed, 18 could not be judged): a, b, c and 48 more".
pub(crate) fn affected(problem: &Problem, run: &RunResult) -> String {
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
    let named: Vec<&str> = problem
        .cases
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect();
    let more = match all.saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{} ({kinds}): {}{more}",
        count(all, "case"),
        named.join(", ")
    )
}
