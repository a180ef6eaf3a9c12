//! Coverage by specification: each requirement that a check of this run cites, with its text, a link to its section and
//! what was found about it.

use crate::result::Profile;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::held::{self, Counts};
use super::run_view::RunView;
use super::{finding, place};
use crate::presentation::html::mark;
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{RequirementNote, Verdict};

/// Flows named for readers without a script, who cannot ask for the cases.
const FLOWS: usize = 3;

/// A requirement and what the run says of it.
struct Entry<'a> {
    id: &'a str,
    note: &'a RequirementNote,
    counts: Counts,
    flows: BTreeSet<&'a str>,
}

/// The section.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let specifications = by_specification(view);
    let documents = specifications.len();
    let broken = |entry: &Entry<'_>| {
        let verdict = entry.counts.verdict();
        matches!(verdict, Verdict::Failed | Verdict::Warning | Verdict::Error)
    };
    let (open, met): (Vec<_>, Vec<_>) = specifications
        .into_iter()
        .partition(|(_, entries)| entries.iter().any(broken));
    html! {
        section id=(place::COVERAGE) aria-labelledby="h-coverage" {
            h2 id="h-coverage" { "Coverage by specification" }
            p.lead {
                (count(view.run.requirements.len(), "requirement")) " of " (count(documents, "document"))
                " cited by the checks of this run, with what was found about each."
            }
            @for (name, entries) in &open { (specification(view, name, entries)) }
            @if !met.is_empty() {
                details.sp {
                    summary { b { (count(met.len(), "document")) } " " small { "in which no requirement is broken" } }
                    div.nest { @for (name, entries) in &met { (specification(view, name, entries)) } }
                }
            }
        }
    }
}

fn by_specification<'a>(view: &RunView<'a>) -> BTreeMap<&'a str, Vec<Entry<'a>>> {
    let mut entries: BTreeMap<&str, Entry<'_>> = view
        .run
        .requirements
        .iter()
        .map(|(id, note)| {
            (
                id.as_str(),
                Entry {
                    id,
                    note,
                    counts: Counts::default(),
                    flows: BTreeSet::new(),
                },
            )
        })
        .collect();
    for case in &view.run.results {
        for id in &case.covers {
            if let (Some(entry), Some(verdict)) = (entries.get_mut(id.as_str()), held::of(case, id))
            {
                entry.counts.add(verdict);
                entry.flows.insert(&case.scenario);
            }
        }
    }
    let mut specifications: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in entries.into_values() {
        specifications
            .entry(&entry.note.specification)
            .or_default()
            .push(entry);
    }
    specifications
}

fn specification(view: &RunView<'_>, name: &str, entries: &[Entry<'_>]) -> Markup {
    let mut verdicts = Counts::default();
    for entry in entries {
        verdicts.add(entry.counts.verdict());
    }
    html! {
        details.sp {
            summary { b { (name) } " " (summing_up(entries.len(), &verdicts)) }
            div.scroll tabindex="0" {
                table.cv {
                    thead { tr { th scope="col" { "requirement" } th scope="col" { "what it demands" } th scope="col" { "section" } th scope="col" { "found" } } }
                    tbody { @for entry in entries { (row(view, entry)) } }
                }
            }
        }
    }
}

fn summing_up(requirements: usize, verdicts: &Counts) -> Markup {
    html! {
        small {
            (count(requirements, "requirement"))
            @for (at, (verdict, number)) in verdicts.nonzero().enumerate() {
                (if at == 0 { ": " } else { ", " }) (number) " " (holds(verdict))
            }
        }
    }
}

/// What a verdict says of a requirement.
const fn holds(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "met",
        Verdict::Failed => "broken",
        Verdict::Warning => "not followed (SHOULD)",
        Verdict::Observed => "seen, not judged",
        Verdict::Skipped => "skipped",
        Verdict::NotApplicable => "not applicable",
        Verdict::NotRun => "not run",
        Verdict::Error => "not judged",
    }
}

fn row(view: &RunView<'_>, entry: &Entry<'_>) -> Markup {
    html! {
        tr id=(place::requirement(entry.id)) {
            th scope="row" { code { (entry.id) } small { (entry.note.level) ", " (entry.note.role) @if entry.note.profile != Profile::Base { ", profile " (entry.note.profile) } } }
            td { (entry.note.text) }
            td { (finding::source(view, entry.id)) }
            td {
                @for (verdict, number) in entry.counts.nonzero() { span.cn { b class={ "v " (mark::class(verdict)) } { (number) " " (words::verdict(verdict)) } } " " }
                a.js data-show-requirement=(entry.id) href={ "#" (place::CASES) } { "show" span.vh { " the cases of " (entry.id) } }
                small.nojs { @for flow in entry.flows.iter().take(FLOWS) { a href={ "#" (place::flow(flow)) } { (flow) } " " } @if entry.flows.len() > FLOWS { "and " (entry.flows.len() - FLOWS) " more" } }
            }
        }
    }
}
