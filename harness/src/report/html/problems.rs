//! What does not hold, each with its cause at first sight and one click from everything about it.

use maud::{Markup, html};

use super::run_view::RunView;
use super::{exchange, finding, known, place};
use crate::presentation::html::mark;
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{CaseResult, Standing, Verdict};

/// Problems shown with their first check; more are listed.
const IN_FULL: usize = 40;

/// The section, also where there is nothing to show: it says so then.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let failed = of(view, |case| {
        case.verdict == Verdict::Failed && case.standing != Standing::ExpectedFailure
    });
    let stale = of(view, |case| case.standing == Standing::Stale);
    let known = of(view, |case| case.standing == Standing::ExpectedFailure);
    let warnings = of(view, |case| {
        case.verdict == Verdict::Warning && case.standing == Standing::Fine
    });
    html! {
        section id=(place::PROBLEMS) aria-labelledby="h-problems" {
            h2 id="h-problems" { "What does not hold" }
            @if failed.is_empty() && stale.is_empty() && known.is_empty() && warnings.is_empty() {
                p.calm { "Nothing. " (verdict_of_none(view)) }
            }
            (group(view, "Failed", words::meaning(Verdict::Failed), &failed))
            (group(view, "No longer so", "a known deviation of this target is gone, and its entry can go", &stale))
            (group(view, "Warnings", words::meaning(Verdict::Warning), &warnings))
            (group(view, "Known deviations", "they fail as expected, and do not count against this run", &known))
        }
    }
}

fn verdict_of_none(view: &RunView<'_>) -> String {
    match view.run.summary.judged() {
        0 => "But nothing was judged either.".to_owned(),
        judged => format!(
            "Every requirement holds in the {} that could be judged.",
            count(judged, "case")
        ),
    }
}

fn of<'a>(view: &RunView<'a>, wanted: impl Fn(&CaseResult) -> bool) -> Vec<&'a CaseResult> {
    view.run
        .results
        .iter()
        .filter(|case| wanted(case))
        .collect()
}

fn group(view: &RunView<'_>, name: &str, meaning: &str, cases: &[&CaseResult]) -> Markup {
    html! {
        @if !cases.is_empty() {
            h3 { (name) ": " (count(cases.len(), "case")) small { (meaning) } }
            ol.pb {
                @for case in cases.iter().take(IN_FULL) { li { (card(view, case)) } }
            }
            @if cases.len() > IN_FULL {
                details.more {
                    summary { "and " (cases.len() - IN_FULL) " more" }
                    ul { @for case in &cases[IN_FULL..] { li { (mark::badge(case.verdict)) " " a href={ "#" (case.id) } { (case.id) } " " (case.title) } } }
                }
            }
        }
    }
}

/// What broke, and whose fault it is.
fn card(view: &RunView<'_>, case: &CaseResult) -> Markup {
    let problem = view.problem(case);
    let more = problem
        .findings
        .iter()
        .skip(1)
        .filter(|finding| mark::is_problem(finding.verdict))
        .count();
    html! {
        div class={ "pc " (mark::class(case.verdict)) } {
            p.id { (mark::badge(case.verdict)) " " a href={ "#" (case.id) } { (case.id) } }
            p.tt { (case.title) }
            @if let Some(first) = problem.findings.first() {
                p.at { code { (first.step) ": " (first.check) } }
                (finding::against(view, first))
                @if let Some(step) = problem.exchange { p.came { "Answer: " (exchange::answer(step, false)) } }
                @for id in first.covers.iter().take(2) {
                    p.rq { (finding::demand(view, id)) }
                }
            }
            (known::line(case))
            p.ft {
                @if let Some(blame) = case.blame { span { b { "Whose fault: " } (blame.noun()) } }
                @if more > 0 { span { (count(more, "more check")) " of this case " (if more == 1 { "does" } else { "do" }) " not hold" } }
                a href={ "#" (case.id) } { "Exchanges and cause" }
            }
        }
    }
}
