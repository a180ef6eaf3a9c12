//! The one thing to type after a run.

use super::Closing;
use super::summary::is_stale;
use crate::presentation::{commands, problem_card};
use crate::result::{CaseResult, RunResult, Standing, StopCause, Verdict};

/// The one thing to type now.
pub(super) fn command(run: &RunResult, closing: &Closing<'_>) -> (&'static str, String) {
    let (again, show) = (closing.run_options, closing.show_options);
    let kind = run.target.kind;
    let first = |verdict| {
        run.results
            .iter()
            .find(|case| case.verdict == verdict && case.standing != Standing::ExpectedFailure)
            .map(|case| case.id.as_str())
    };
    let unreachable = run
        .incomplete
        .as_ref()
        .is_some_and(|stop| stop.cause == StopCause::TargetUnreachable);
    let is_misconfigured = run
        .incomplete
        .as_ref()
        .is_some_and(|stop| stop.cause == StopCause::Preflight);
    if is_misconfigured {
        (
            "correct the target file, and run again",
            commands::run(kind, "", again),
        )
    } else if unreachable {
        (
            "once the target answers, run again",
            commands::run(kind, "", again),
        )
    } else if let Some(problem) = problem_card::unexpected(run).first() {
        let case = &problem.cause.case;
        (
            "read what the first problem is about, correct it, and run its case alone",
            format!(
                "{} && {}",
                commands::show(kind, case, show),
                commands::run(kind, problem_card::run_alone(problem), again)
            ),
        )
    } else if let Some(id) = first(Verdict::Failed) {
        (
            "read what the first failure means, mend it, and run it alone",
            format!(
                "{} && {}",
                commands::show(kind, id, show),
                commands::run(kind, id, again)
            ),
        )
    } else if let Some(id) = first(Verdict::Error) {
        (
            "mend the cause, and run the first of them alone",
            commands::run(kind, id, again),
        )
    } else if let Some(id) = raised(run) {
        (
            "read what the first of them means",
            commands::show(kind, id, show),
        )
    } else if let (true, Some(note)) = (is_stale(run), &run.baseline) {
        let from = closing
            .folder
            .map(|folder| format!(" --from {}", folder.display()));
        (
            "take what no longer deviates out of the baseline",
            format!(
                "atx baseline update {}{}{show}",
                note.file,
                from.unwrap_or_default()
            ),
        )
    } else if let Some(stop) = &run.incomplete {
        let what = match stop.cause {
            StopCause::NotEntered => "add what is missing to the target file, and run again",
            // The same recording would say the same.
            StopCause::Recording => {
                return ("record the run again", "atx run --record FILE".to_owned());
            }
            _ => "run the rest",
        };
        (what, commands::run(kind, "", again))
    } else if let Some(id) = first(Verdict::Skipped) {
        (
            "see what a skipped case would need",
            commands::show(kind, id, show),
        )
    } else {
        ("see what was checked", commands::list(kind, "", show))
    }
}

/// The first case that breaks the run only because of `--fail-on`.
fn raised(run: &RunResult) -> Option<&str> {
    let raised = |case: &&CaseResult| {
        case.standing == Standing::Unexpected
            && matches!(case.verdict, Verdict::Warning | Verdict::Observed)
    };
    let first = run.results.iter().find(raised)?;
    Some(&first.id)
}
