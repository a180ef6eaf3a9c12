//! What was not judged, and why: as visible as what failed, because nobody may take it for a pass.

use maud::{Markup, html};

use super::place;
use super::run_view::RunView;
use crate::presentation::deviation::{Group, groups};
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::Verdict;

/// The section, also where there is nothing to show.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let unjudged: Vec<(Verdict, Vec<Group<'_>>)> =
        [Verdict::Error, Verdict::NotRun, Verdict::Skipped]
            .into_iter()
            .map(|verdict| (verdict, groups(view.run, verdict, view.form)))
            .filter(|(_, groups)| !groups.is_empty())
            .collect();
    let cases: usize = unjudged
        .iter()
        .flat_map(|(_, groups)| groups)
        .map(|group| group.ids.len())
        .sum();
    html! {
        section id=(place::UNJUDGED) aria-labelledby="h-not-judged" {
            h2 id="h-not-judged" { "What was not judged, and why" }
            @if cases == 0 {
                p.calm { "Nothing: every planned case was run and judged." }
            } @else {
                p.lead { "Of " (view.run.summary.total) " cases " (cases) " say nothing about the target. They count neither for it nor against it." }
            }
            @for (verdict, groups) in &unjudged {
                h3 { (mark::badge(*verdict)) " " (count(groups.iter().map(|group| group.ids.len()).sum(), "case")) small { (words::meaning(*verdict)) } }
                ul.rs { @for group in groups { li { (one(view, *verdict, group)) } } }
            }
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
                details {
                    summary { "Which " (if group.ids.len() == 1 { "case" } else { "cases" }) }
                    ul { @for id in &group.ids { li { a href={ "#" (id) } { (id) } } } }
                }
            }
        }
    }
}
