//! What does not hold, by cause: first what has to be decided on, then recommendations that are not followed, then what is
//! known. Cases that belong to no problem are shown one by one, as of reports that name no problems.

use maud::{Markup, html};

use super::run_view::RunView;
use super::{exchange, finding, known, place, problem};
use crate::presentation::html::{mark, untrusted};
use crate::presentation::problem_card;
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{CaseResult, Problem, Standing, Verdict};

/// Problems and cases shown in full; more are listed.
const IN_FULL: usize = 40;

/// Problems in the index on top.
const INDEXED: usize = 6;

/// The section, also where there is nothing to show: it says so then.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let alone = |case: &CaseResult| view.run.problem_of(case).is_none();
    let failed = of(view, |case| {
        let counts = case.verdict == Verdict::Failed && case.standing != Standing::ExpectedFailure;
        counts && alone(case)
    });
    let stale = of(view, |case| case.standing == Standing::Stale);
    let known = of(view, |case| {
        case.standing == Standing::ExpectedFailure && alone(case)
    });
    let warnings = of(view, |case| {
        let open = matches!(case.standing, Standing::Fine | Standing::Unexpected);
        case.verdict == Verdict::Warning && open
    });
    let (open, accepted) = problems(view);
    let nothing = [&failed, &stale, &known, &warnings]
        .iter()
        .all(|cases| cases.is_empty())
        && open.is_empty()
        && accepted.is_empty();
    html! {
        section id=(place::PROBLEMS) aria-labelledby="h-problems" {
            h2 id="h-problems" { "What does not hold" }
            @if nothing { p.calm { "Nothing. " (verdict_of_none(view)) } }
            (index(view, &open))
            (cards(view, &open))
            (group(view, "Failed", words::meaning(Verdict::Failed), &failed))
            (group(view, "No longer so", "a known deviation of this target is gone, and its entry can go", &stale))
            (group(view, "Warnings", words::meaning(Verdict::Warning), &warnings))
            @if !accepted.is_empty() {
                h3 { "Known problems: " (accepted.len()) small { "the baseline names all their cases, so they do not count against this run" } }
                (cards(view, &accepted))
            }
            (group(view, "Known deviations", "they fail as expected, and do not count against this run", &known))
        }
    }
}

/// Problems by their position.
type Numbered<'a> = Vec<(usize, &'a Problem)>;

/// Those with a case that the baseline does not name, and the others.
fn problems<'a>(view: &RunView<'a>) -> (Numbered<'a>, Numbered<'a>) {
    let problems = view.run.problems.iter().enumerate();
    problems.partition(|(_, problem)| problem_card::is_unexpected(problem, view.run))
}

/// All problems on the first screen, where there are several: a line each, with who has to act.
fn index(view: &RunView<'_>, problems: &[(usize, &Problem)]) -> Markup {
    html! {
        @if problems.len() > 1 {
            ol.ix {
                @for (index, problem) in problems.iter().take(INDEXED) {
                    li { a href={ "#" (place::problem(*index)) } { (index + 1) ". " (untrusted::prose(&view.texts.fill(&problem.title), 200)) } small { " responsible: " (problem.responsible.noun()) } }
                }
                @if problems.len() > INDEXED { li { "and " (problems.len() - INDEXED) " more below" } }
            }
        }
    }
}

fn cards(view: &RunView<'_>, problems: &[(usize, &Problem)]) -> Markup {
    html! {
        @if !problems.is_empty() {
            ol.pb { @for (index, problem) in problems.iter().take(IN_FULL) { li { (problem::card(view, *index, problem)) } } }
            @if let Some(more) = problems.get(IN_FULL..).filter(|more| !more.is_empty()) {
                details.more {
                    summary { "and " (more.len()) " more" }
                    ul { @for (index, problem) in more { li id=(place::problem(*index)) { (mark::badge(problem.verdict)) " " (untrusted::prose(&view.texts.fill(&problem.title), 400)) " (" (problem.cause.case) ")" } } }
                }
            }
        }
    }
}

fn verdict_of_none(view: &RunView<'_>) -> String {
    match view.run.summary.judged() {
        0 => "But nothing was judged either.".to_owned(),
        judged => format!(
            "Every requirement is met in the {} that could be judged.",
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
