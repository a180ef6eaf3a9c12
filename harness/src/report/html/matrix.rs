//! Requirements × results: rows by resource type and flow, a cell a case.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::held::{self, Counts};
use super::run_view::RunView;
use super::{finding, place};
use crate::presentation::html::mark;
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{CaseResult, ResourceType, Verdict};

/// The section.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    html! {
        section id=(place::MATRIX) aria-labelledby="h-results" {
            h2 id="h-results" { "Requirements and results" }
            p.lead { "A cell is a case; it leads to it. A requirement's row shows what each case found about that requirement. Resource types in which nothing failed are folded." }
            p.key aria-hidden="true" {
                @for verdict in words::shown(view.run) { span { i class={ "c " (mark::class(verdict)) } {} " " (words::verdict(verdict)) } }
            }
            p.tog { label { input type="checkbox" id="requirement-rows"; " a row for each requirement, also where all is well" } }
            @for (of, flows) in by_type(view) { (table(view, of, &flows)) }
        }
    }
}

/// A flow and its cases.
type Flow<'a> = (&'a str, Vec<&'a CaseResult>);

/// By name; what is common to all flows comes last.
fn by_type<'a>(view: &RunView<'a>) -> Vec<(ResourceType, Vec<Flow<'a>>)> {
    let mut types: BTreeMap<&str, (ResourceType, BTreeMap<&str, Vec<&CaseResult>>)> =
        BTreeMap::new();
    for case in &view.run.results {
        let of = case.resource_type;
        let (_, flows) = types.entry(of.as_str()).or_insert((of, BTreeMap::new()));
        flows.entry(&case.scenario).or_default().push(case);
    }
    let mut types: Vec<_> = types
        .into_values()
        .map(|(of, flows)| (of, flows.into_iter().collect()))
        .collect();
    types.sort_by_key(|(of, _): &(ResourceType, Vec<Flow<'_>>)| *of == ResourceType::None);
    types
}

/// The guide's word, and for what belongs to none of its types ours.
pub(super) const fn type_name(of: ResourceType) -> &'static str {
    match of {
        ResourceType::None => "common to all",
        other => other.as_str(),
    }
}

fn table(view: &RunView<'_>, of: ResourceType, flows: &[Flow<'_>]) -> Markup {
    let mut counts = Counts::default();
    flows
        .iter()
        .flat_map(|(_, cases)| cases)
        .for_each(|case| counts.add(case.verdict));
    html! {
        details.mt open[counts.get(Verdict::Failed) > 0] {
            summary { b { (type_name(of)) } " " (tally(&counts)) }
            div.scroll tabindex="0" {
                table.mx data-type=(of) aria-label=(type_name(of)) {
                    thead { tr { th scope="col" { "flow, requirement" } th scope="col" { "results" } th scope="col" { "cases" } } }
                    @for (scenario, cases) in flows { (flow(view, scenario, cases)) }
                }
            }
        }
    }
}

fn flow(view: &RunView<'_>, scenario: &str, cases: &[&CaseResult]) -> Markup {
    let mut requirements: Vec<&str> = cases
        .iter()
        .flat_map(|case| &case.covers)
        .map(String::as_str)
        .collect();
    requirements.sort_unstable();
    requirements.dedup();
    html! {
        tbody {
            tr.fw id=(place::flow(scenario)) {
                th scope="rowgroup" {
                    @if view.case(scenario).is_some() { a href={ "#" (scenario) } { (scenario) } } @else { (scenario) }
                }
                td { @for case in cases { (cell(view, case, case.verdict)) } }
                td.n { (cases.len()) }
            }
            @for requirement in requirements { (row(view, requirement, cases)) }
        }
    }
}

fn row(view: &RunView<'_>, requirement: &str, cases: &[&CaseResult]) -> Markup {
    let results: Vec<(&CaseResult, Verdict)> = cases
        .iter()
        .filter(|case| case.covers.iter().any(|id| id == requirement))
        .filter_map(|case| held::of(case, requirement).map(|verdict| (*case, verdict)))
        .collect();
    let wrong = results
        .iter()
        .any(|(_, verdict)| matches!(verdict, Verdict::Failed | Verdict::Warning | Verdict::Error));
    html! {
        @if !results.is_empty() {
            tr class={ "rw" @if wrong { " wr" } } {
                th scope="row" { (finding::requirement_link(requirement)) }
                td { @for (case, verdict) in &results { (cell(view, case, *verdict)) } }
                td.n { (results.len()) }
            }
        }
    }
}

fn cell(view: &RunView<'_>, case: &CaseResult, verdict: Verdict) -> Markup {
    html! {
        a class={ "c " (mark::class(verdict)) } href={ "#" (view.anchor(&case.id).unwrap_or_default()) } title={ (place::short(case)) ": " (words::verdict(verdict)) } {}
    }
}

/// `12 passed, 1 failed`.
pub(super) fn tally(counts: &Counts) -> Markup {
    let total: usize = counts.nonzero().map(|(_, count)| count).sum();
    html! { small { (count(total, "case")) @if total > 0 { ": " (numbers(counts)) } } }
}

/// The same without the sum.
pub(super) fn numbers(counts: &Counts) -> String {
    let numbers: Vec<String> = counts
        .nonzero()
        .map(|(verdict, number)| format!("{number} {}", words::verdict(verdict)))
        .collect();
    numbers.join(", ")
}
