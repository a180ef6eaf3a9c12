//! What was seen where sources leave room: reported, never judged.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::run_view::RunView;
use super::{finding, place};
use crate::presentation::html::untrusted;
use crate::presentation::words;
use crate::result::Verdict;

/// Longest value shown here.
const LONGEST: usize = 400;

/// The section; nothing where nothing was seen.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let cases: Vec<_> = view
        .run
        .results
        .iter()
        .filter(|case| case.verdict == Verdict::Observed)
        .collect();
    let alternatives = alternatives(view);
    html! {
        section id=(place::OBSERVED) aria-labelledby="h-observed" {
            h2 id="h-observed" { "What was seen where sources leave room" }
            @if cases.is_empty() && alternatives.is_empty() {
                p.calm { "Nothing: every answer was the one that sources name first." }
            }
            @if !cases.is_empty() {
                p.lead { "Observed: " (words::meaning(Verdict::Observed)) "." }
                div.scroll tabindex="0" {
                    table.ob {
                        thead { tr { th scope="col" { "case" } th scope="col" { "check" } th scope="col" { "expected" } th scope="col" { "seen" } } }
                        tbody {
                            @for case in cases {
                                @for finding in view.problem(case).findings {
                                    tr {
                                        th scope="row" { a href={ "#" (case.id) } { (case.id) } }
                                        td { code { (finding.step) ": " (finding.check) } " " (finding::requirements(finding)) }
                                        td { (untrusted::line(&view.texts.expected(finding), LONGEST)) }
                                        td {
                                            (untrusted::line(&view.texts.actual(finding), LONGEST))
                                            @if let Some(why) = &finding.not_judged { br; small { "not judged: " (untrusted::line(why, LONGEST)) } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            (accepted(&alternatives))
        }
    }
}

/// A check, what it expects and what was accepted instead of the answer named first.
type Accepted<'a> = (String, String, &'a str);

fn alternatives<'a>(view: &RunView<'a>) -> BTreeMap<Accepted<'a>, Vec<&'a str>> {
    let mut seen: BTreeMap<Accepted<'a>, Vec<&str>> = BTreeMap::new();
    for case in &view.run.results {
        for finding in &case.findings {
            if let Some(accepted) = &finding.alternative {
                let expected = view.texts.expected(finding).into_owned();
                seen.entry((finding.check.to_string(), expected, accepted))
                    .or_default()
                    .push(&case.id);
            }
        }
    }
    seen
}

fn accepted(alternatives: &BTreeMap<Accepted<'_>, Vec<&str>>) -> Markup {
    html! {
        @if !alternatives.is_empty() {
            details.alt {
                summary { "Accepted alternatives: " (alternatives.len()) }
                p { "The sources allow several answers here, and the one that came is not the one that is named first." }
                div.scroll tabindex="0" {
                    table.ob {
                        thead { tr { th scope="col" { "check" } th scope="col" { "expected" } th scope="col" { "accepted" } th scope="col" { "cases" } } }
                        tbody {
                            @for ((check, expected, accepted), cases) in alternatives {
                                tr {
                                    th scope="row" { code { (check) } }
                                    td { (untrusted::line(expected, LONGEST)) }
                                    td { (untrusted::line(accepted, LONGEST)) }
                                    td {
                                        @if let Some(first) = cases.first() { a href={ "#" (first) } { (first) } }
                                        @if cases.len() > 1 { " and " (cases.len() - 1) " more" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
