//! What was not judged, and why: as visible as what failed, because nobody may take it for a pass.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::place;
use super::run_view::RunView;
use crate::presentation::deviation::{Group, groups};
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{Standing, Verdict};

/// The section, also where there is nothing to show.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let unjudged: Vec<(Verdict, Vec<Group<'_>>)> = [
        Verdict::Error,
        Verdict::NotRun,
        Verdict::Skipped,
        Verdict::NotApplicable,
    ]
    .into_iter()
    .map(|verdict| (verdict, groups(view.run, verdict, view.form)))
    .filter(|(_, groups)| !groups.is_empty())
    .collect();
    let following = following(view);
    let alone = unjudged.iter().flat_map(|(_, groups)| groups);
    let cases: usize = alone.map(|group| group.ids.len()).sum::<usize>()
        + following.values().map(Vec::len).sum::<usize>();
    html! {
        section id=(place::UNJUDGED) aria-labelledby="h-not-judged" {
            h2 id="h-not-judged" { "What was not judged, and why" }
            @if cases == 0 {
                p.calm { "Nothing: every planned case was run and judged." }
            } @else {
                p.lead { "Of " (view.run.summary.total) " cases " (cases) " say nothing about the target. They count neither for it nor against it." }
            }
            @if !following.is_empty() {
                h3 { (mark::badge(Verdict::Error)) " " (count(following.values().map(Vec::len).sum(), "case")) small { (words::meaning(Verdict::Error)) ", because of a problem shown above" } }
                ul.rs { @for (index, ids) in &following { li { (of_problem(view, *index, ids)) } } }
            }
            @for (verdict, groups) in &unjudged {
                h3 { (mark::badge(*verdict)) " " (count(groups.iter().map(|group| group.ids.len()).sum(), "case")) small { (words::meaning(*verdict)) } }
                ul.rs { @for group in groups { li { (one(view, *verdict, group)) } } }
            }
        }
    }
}

/// Cases that could not be judged because of a problem, by the position of the problem. Known deviations are shown there.
fn following<'a>(view: &RunView<'a>) -> BTreeMap<usize, Vec<&'a str>> {
    let mut by_problem: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for case in &view.run.results {
        let counts = case.verdict == Verdict::Error && case.standing != Standing::ExpectedFailure;
        if let Some((index, _)) = view.run.problem_of(case).filter(|_| counts) {
            by_problem.entry(index).or_default().push(&case.id);
        }
    }
    by_problem
}

fn of_problem(view: &RunView<'_>, index: usize, ids: &[&str]) -> Markup {
    html! {
        div class={ "rg " (mark::class(Verdict::Error)) } {
            p.num { b { (ids.len()) } }
            div {
                p.why {
                    a href={ "#" (place::problem(index)) } { "Problem " (index + 1) } ": "
                    @if let Some(problem) = view.run.problems.get(index) { (untrusted::prose(&view.texts.fill(&problem.title), 1200)) }
                }
                (which(ids))
            }
        }
    }
}

fn which(ids: &[&str]) -> Markup {
    html! {
        details {
            summary { "Which " (if ids.len() == 1 { "case" } else { "cases" }) }
            ul { @for id in ids { li { a href={ "#" (id) } { (id) } } } }
        }
    }
}

fn one(view: &RunView<'_>, verdict: Verdict, group: &Group<'_>) -> Markup {
    html! {
        div class={ "rg " (mark::class(verdict)) } {
            p.num { b { (group.ids.len()) } }
            div {
                p.why { (untrusted::prose(&group.reason, 1200)) }
                @if let Some(cure) = group.cure { p.cure { b { "Cure: " } (untrusted::prose(&view.texts.fill(cure), 1200)) } }
                (which(&group.ids))
            }
        }
    }
}
