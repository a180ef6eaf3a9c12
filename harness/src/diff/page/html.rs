//! As a page for a browser, with the head and style of `report.html`.

use maud::{Markup, html};

use crate::diff::model::{Diff, Difference, Side};
use crate::diff::subject::Seen;
use crate::presentation::html::document;
use crate::presentation::html::mark::badge;
use crate::presentation::html::untrusted::{line, prose};
use crate::presentation::text::count;
use crate::presentation::words;

/// Characters of a value.
const VALUE: usize = 2000;

/// The whole page.
#[must_use]
pub fn page(diff: &Diff) -> String {
    let title = format!("{}: {}", diff.title(), diff.sentence());
    let body = html! {
        a class="skip" href="#main" { "To the differences" }
        header class="top" {
            p class="brand" { b { "atx" } " difference of two runs" }
            nav aria-label="Sections" {
                ul {
                    @for (id, name, shown) in sections(diff) {
                        @if shown { li { a href={ "#" (id) } { (name) } } }
                    }
                }
            }
        }
        main id="main" {
            (summary(diff))
            (verdicts(diff))
            (differences(
                "findings",
                "Findings",
                "The verdict is the same, and a check found something else.",
                &diff.findings,
            ))
            (differences(
                "observed",
                "Observed",
                "Both runs passed, and saw this. What differs in the same way in many cases is listed once.",
                &diff.observed,
            ))
            (alone(diff))
        }
        footer class="end" {
            p {
                "Times, ids, addresses and fingerprints are not compared: they differ from run to run. Where the verdicts \
                 differ, or a case did not pass, what was observed follows from that and is not listed."
            }
        }
    };
    document(&line(&title, VALUE), &body).into_string() + "\n"
}

fn sections(diff: &Diff) -> [(&'static str, &'static str, bool); 4] {
    let alone = !diff.cases.only_a.is_empty() || !diff.cases.only_b.is_empty();
    [
        ("verdicts", "Verdicts", !diff.verdicts.is_empty()),
        ("findings", "Findings", !diff.findings.is_empty()),
        ("observed", "Observed", !diff.observed.is_empty()),
        ("alone", "In one run only", alone),
    ]
}

fn summary(diff: &Diff) -> Markup {
    let tone = if diff.is_empty() { "p" } else { "f" };
    html! {
        section class="sum" aria-labelledby="title" {
            p class="over" { "Difference of two runs" }
            h1 id="title" { (line(&diff.title(), VALUE)) }
            p class={ "verdict " (tone) } { (diff.sentence()) }
            @for limit in diff.limits() { p class="early" { (line(&limit, VALUE)) } }
            dl class="facts" {
                (side("A", &diff.a))
                (side("B", &diff.b))
                div {
                    dt { "Compared" }
                    dd {
                        (count(diff.cases.both, "case")) ", what was observed in " (diff.cases.observed)
                    }
                }
            }
        }
    }
}

fn side(name: &str, side: &Side) -> Markup {
    html! {
        div {
            dt { (name) }
            dd {
                (line(&side.target, VALUE)) ", edition " (line(&side.edition, VALUE))
                @if !side.started_at.is_empty() { br; small { (line(&side.started_at, VALUE)) } }
                br; small { code { (line(&side.file, VALUE)) } }
            }
        }
    }
}

fn verdicts(diff: &Diff) -> Markup {
    html! {
        @if !diff.verdicts.is_empty() {
            section id="verdicts" aria-labelledby="verdicts-title" {
                h2 id="verdicts-title" { "Verdicts" }
                p class="lead" { "Cases that have another verdict, the gravest first." }
                @for change in &diff.verdicts {
                    div class="scroll" tabindex="0" role="region"
                        aria-label={ (words::verdict(change.a)) " in A, " (words::verdict(change.b)) " in B" } {
                        table {
                            caption {
                                (badge(change.a)) " in A, " (badge(change.b)) " in B "
                                small { (count(change.cases.len(), "case")) }
                            }
                            thead { tr { th scope="col" { "Case" } th scope="col" { "What decided it" } } }
                            tbody {
                                @for (id, why) in &change.cases {
                                    tr {
                                        th scope="row" { code { (line(id, VALUE)) } }
                                        td { @if let Some(why) = why { (prose(why, VALUE)) } }
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

fn differences(id: &str, title: &str, meaning: &str, differences: &[Difference]) -> Markup {
    html! {
        @if !differences.is_empty() {
            section id=(id) aria-labelledby={ (id) "-title" } {
                h2 id={ (id) "-title" } { (title) }
                p class="lead" { (meaning) }
                div class="scroll" tabindex="0" role="region" aria-label=(title) {
                    table {
                        thead {
                            tr {
                                @for name in ["What", "In A", "In B", "At", "Cases"] {
                                    th scope="col" { (name) }
                                }
                            }
                        }
                        tbody { @for difference in differences { (row(difference)) } }
                    }
                }
            }
        }
    }
}

fn row(difference: &Difference) -> Markup {
    let cell = |seen: &Option<Seen>| {
        html! {
            @match seen {
                Some(seen) => code { (line(&seen.to_string(), VALUE)) },
                None => i { "absent" },
            }
        }
    };
    html! {
        tr {
            th scope="row" { (prose(&difference.what.to_string(), VALUE)) }
            td { (cell(&difference.a)) }
            td { (cell(&difference.b)) }
            td { @for place in &difference.places { code { (line(place, VALUE)) } br; } }
            td { (cases(&difference.cases)) }
        }
    }
}

fn cases(ids: &[String]) -> Markup {
    html! {
        @match ids {
            [id] => code { (line(id, VALUE)) },
            ids => details {
                summary { (count(ids.len(), "case")) }
                ul { @for id in ids { li { code { (line(id, VALUE)) } } } }
            },
        }
    }
}

fn alone(diff: &Diff) -> Markup {
    let sides = [("A", &diff.cases.only_a), ("B", &diff.cases.only_b)];
    html! {
        @if sides.iter().any(|(_, ids)| !ids.is_empty()) {
            section id="alone" aria-labelledby="alone-title" {
                h2 id="alone-title" { "In one run only" }
                @for (name, ids) in sides {
                    @if !ids.is_empty() {
                        h3 { "Only in " (name) small { (count(ids.len(), "case")) } }
                        (cases(ids))
                    }
                }
            }
        }
    }
}
