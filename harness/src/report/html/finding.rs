//! Checks: those that do not hold with everything about them, and all of them in a table.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::run_view::RunView;
use super::{diff, place};
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::result::{CaseResult, FindingRecord, Verdict};

/// Longest expected or actual value shown; the whole is in `report.json`.
const LONGEST: usize = 1200;

/// Checks that do not hold and are shown in full; one of them explains the rest more often than not.
pub(super) const IN_FULL: usize = 4;

/// What does not hold, the most severe first, at most `in_full` of it. What a requirement demands is shown where it is first cited.
pub(super) fn wrong(view: &RunView<'_>, findings: &[&FindingRecord], in_full: usize) -> Markup {
    let mut explained: BTreeSet<&str> = BTreeSet::new();
    html! {
        @for finding in findings.iter().take(in_full) {
            div class={ "bad " (mark::class(finding.verdict)) } data-check=(finding.check) {
                p { (mark::badge(finding.verdict)) " " code { (finding.step) ": " (finding.check) } " " small { (finding.source) } }
                (against(view, finding))
                @if let Some(why) = &finding.not_judged { p.note { "Not judged: " (untrusted::prose(why, LONGEST)) "." } }
                @for id in &finding.covers {
                    p.rq {
                        @if explained.insert(id) { (demand(view, id)) } @else { (requirement_link(id)) }
                    }
                }
            }
        }
        @if let Some(more) = findings.len().checked_sub(in_full).filter(|more| *more > 0) {
            p.no { "And " (count(more, "more check")) " " (if more == 1 { "does" } else { "do" }) " not hold." }
        }
    }
}

/// A requirement with what it demands.
pub(super) fn demand(view: &RunView<'_>, id: &str) -> Markup {
    html! {
        (requirement_link(id))
        @if let Some(note) = view.run.requirements.get(id) { " " b { (note.level) } ", " (source(view, id)) ": " (note.text) }
    }
}

/// Expected against actual, the difference marked.
pub(super) fn against(view: &RunView<'_>, finding: &FindingRecord) -> Markup {
    let (expected, actual) = diff::sides(
        &untrusted::line(&view.texts.expected(finding), LONGEST),
        &untrusted::line(&view.texts.actual(finding), LONGEST),
    );
    html! {
        dl.ea {
            dt { "expected" } dd.ex { (expected) }
            dt { @if finding.verdict == Verdict::Error { "could not be judged" } @else { "actual" } } dd.ac { (actual) }
        }
    }
}

/// Every check of a case, in the order in which they were made. Verdict and requirement are written once for checks that
/// follow each other and share them; so is an expectation that several of them met.
pub(super) fn all(view: &RunView<'_>, case: &CaseResult) -> Markup {
    let steps = case.findings.chunk_by(|one, next| one.step == next.step);
    html! {
        @if case.findings.iter().all(|finding| finding.verdict == Verdict::Passed) {
            @for findings in steps { @for alike in alike(findings) { (list(view, alike)) } }
        } @else {
            table.ck {
                thead { tr { th scope="col" { "check" } th scope="col" { "expected" } th scope="col" { "verdict" } th scope="col" { "requirement" } } }
                @for findings in steps {
                    tbody {
                        @if let Some(first) = findings.first() { tr { th.st colspan="4" scope="rowgroup" { (first.step) } } }
                        @for alike in alike(findings) { (rows(view, alike)) }
                    }
                }
            }
        }
    }
}

/// Runs of checks that share verdict and requirements.
fn alike(findings: &[FindingRecord]) -> impl Iterator<Item = &[FindingRecord]> {
    findings.chunk_by(|one, next| one.verdict == next.verdict && one.covers == next.covers)
}

/// Runs of checks that met the same expectation.
fn met(alike: &[FindingRecord]) -> impl Iterator<Item = &[FindingRecord]> {
    alike.chunk_by(|one, next| {
        one.verdict == Verdict::Passed
            && one.expected == next.expected
            && one.alternative == next.alternative
    })
}

/// Checks that all held: where all is well there is little to compare, so a list will do.
fn list(view: &RunView<'_>, alike: &[FindingRecord]) -> Markup {
    html! {
        @if let Some(first) = alike.first() {
            p.ok { (mark::badge(first.verdict)) " " code { (first.step) } " " (requirements(first)) }
        }
        dl.kv {
            @for row in met(alike) {
                dt { (names(row)) }
                @if let Some(finding) = row.first() { dd { (expectation(view, finding)) } }
            }
        }
    }
}

fn names(row: &[FindingRecord]) -> String {
    row.iter()
        .map(|finding| finding.check.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What was expected, and what was there or accepted where that is not the same.
fn expectation(view: &RunView<'_>, finding: &FindingRecord) -> Markup {
    html! {
        (untrusted::line(&view.texts.expected(finding), 240))
        @if finding.verdict != Verdict::Passed { br; "was " mark { (untrusted::line(&view.texts.actual(finding), 240)) } }
        @if let Some(accepted) = &finding.alternative { br; small { "accepted: " (untrusted::line(accepted, 240)) } }
    }
}

/// Checks of one verdict and the same requirements.
fn rows(view: &RunView<'_>, alike: &[FindingRecord]) -> Markup {
    let rows: Vec<&[FindingRecord]> = met(alike).collect();
    let span = (rows.len() > 1).then_some(rows.len());
    html! {
        @for (at, row) in rows.iter().enumerate() {
            @if let Some(finding) = row.first() {
                tr {
                    td { (names(row)) }
                    td { (expectation(view, finding)) }
                    @if at == 0 {
                        td rowspan=[span] { (mark::badge(finding.verdict)) }
                        td rowspan=[span] { (requirements(finding)) }
                    }
                }
            }
        }
    }
}

/// The requirements that a check cites, as links to the coverage.
pub(super) fn requirements(finding: &FindingRecord) -> Markup {
    html! {
        @for (at, id) in finding.covers.iter().enumerate() {
            @if at > 0 { " " }
            (requirement_link(id))
        }
    }
}

/// A requirement by its id.
pub(super) fn requirement_link(id: &str) -> Markup {
    html! { a.r href={ "#" (place::requirement(id)) } { (id) } }
}

/// Document and section, as a link where there is one.
pub(super) fn source(view: &RunView<'_>, id: &str) -> Markup {
    let Some(note) = view.run.requirements.get(id) else {
        return html! {};
    };
    // An address out of a stored report may be anything.
    let web = note
        .url
        .as_deref()
        .filter(|url| url.starts_with("https://"));
    html! {
        @match web {
            Some(url) => { a.spec href=(url) rel="noreferrer" { (note.source) } }
            None => { (note.source) }
        }
    }
}
