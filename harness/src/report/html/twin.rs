//! What a case changes, side by side with the same request without the change, which was accepted, and both answers.

mod compare;

use maud::{Markup, html};

use super::detail::Detail;
use super::diff;
use super::exchange;
use super::run_view::RunView;
use crate::evidence::RecordedStep;
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::result::CaseResult;
use compare::{Difference, differences};

/// Longest value shown.
const LONGEST: usize = 900;

/// What the case changes, in words, and what that made of the request. Nothing for a base flow.
pub(super) fn section(view: &RunView<'_>, case: &CaseResult, detail: Detail) -> Markup {
    let Some(twin) = case.twin() else {
        return html! {};
    };
    html! {
        h5 { "What is changed" @if let Some(change) = &case.change { ": " (change.step) } }
        @if let Some(change) = &case.change {
            @if change.what.is_empty() {
                p { "The request is unchanged; only what follows is different." }
            } @else {
                dl.kv.ch {
                    @for part in &change.what { dt { (untrusted::line(&part.name, 120)) } dd { (untrusted::line(&part.how.to_string(), LONGEST)) } }
                }
            }
        }
        p.no {
            "The same request without the change: "
            @match view.case(twin).zip(view.anchor(twin)) {
                // A refusal counts only beside its positive twin, so a reader wants to know how that one fared.
                Some((twin, anchor)) => { a href={ "#" (anchor) } { "the base flow" } " " (mark::badge(twin.verdict)) }
                None => { (twin) ", which is not part of this report" }
            }
        }
        @if detail > Detail::Checks { (side_by_side(view, case, twin, detail)) }
    }
}

fn side_by_side(view: &RunView<'_>, case: &CaseResult, twin: &str, detail: Detail) -> Markup {
    let mine = view.exchanges(&case.id);
    let others = view.exchanges(twin);
    let Some(changed) = judged(
        mine,
        case.change.as_ref().map(|change| change.step.as_str()),
    ) else {
        return html! {};
    };
    let Some(original) = judged(others, Some(&changed.step)) else {
        return html! { p.no { "The request without the change was not recorded in this run." } };
    };
    let (all, same) = differences(changed, original, case.change.as_ref());
    let (routine, rows): (Vec<Difference>, Vec<Difference>) =
        all.into_iter().partition(|row| row.routine);
    let routine = in_words(&routine);
    let (added, left_out) = (more(mine, others), more(others, mine));
    html! {
        table.tv {
            thead { tr { th { (changed.step) } th { "this case" } th { "without the change" } } }
            tbody {
                @for row in &rows { (difference(row)) }
                tr.an { th { "answer" } td { (exchange::answer(changed, detail == Detail::Differences)) } td { (exchange::answer(original, false)) } }
            }
        }
        p.no {
            @if rows.is_empty() { "The request is the same but for what differs in any two. " }
            @else if detail == Detail::Exchanges && !same.is_empty() { "Same in both: " (same.join(", ")) ". " }
            @else if !same.is_empty() { (count(same.len(), "parameter")) " more, the same in both. " }
            @if !routine.is_empty() && detail == Detail::Exchanges { "Different in any two requests: " (routine) ". " }
            @if !added.is_empty() { "Steps only here: " (added) ". " }
            @if !left_out.is_empty() { "Steps only without the change: " (left_out) "." }
        }
    }
}

/// `subject_token (iat, exp), code`.
fn in_words(routine: &[Difference]) -> String {
    let names: Vec<String> = routine
        .chunk_by(|one, next| one.name == next.name)
        .filter_map(|rows| {
            let claims: Vec<&str> = rows.iter().filter_map(|row| row.claim.as_deref()).collect();
            let name = &rows.first()?.name;
            Some(if claims.is_empty() {
                name.clone()
            } else {
                format!("{name} ({})", claims.join(", "))
            })
        })
        .collect();
    names.join(", ")
}

fn difference(row: &Difference) -> Markup {
    let side = |value: &Option<String>| {
        value
            .as_deref()
            .map(|value| untrusted::line(value, LONGEST))
    };
    let (mine, original) = (side(&row.mine), side(&row.original));
    html! {
        tr {
            th { (row.name) @if let Some(claim) = &row.claim { " " (claim) } }
            @match (mine, original) {
                (Some(mine), Some(original)) => {
                    @let (mine, original) = diff::sides(&mine, &original);
                    td { (mine) } td { (original) }
                }
                (mine, original) => {
                    @for side in [mine, original] {
                        td {
                            @match side {
                                Some(value) if value.is_empty() => { mark { "empty" } }
                                Some(value) => { mark { (value) } }
                                None => { i { "not sent" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The request of a step that its expectations judged; the last judged one if no step is named.
fn judged<'a>(exchanges: &'a [RecordedStep], step: Option<&str>) -> Option<&'a RecordedStep> {
    let of = |exchange: &&RecordedStep| step.is_none_or(|step| exchange.step == step);
    exchanges
        .iter()
        .rfind(|exchange| of(exchange) && exchange.judged)
        .or_else(|| exchanges.iter().rfind(of).filter(|_| step.is_some()))
}

/// Steps that the one takes more often than the other.
fn more(mine: &[RecordedStep], others: &[RecordedStep]) -> String {
    let mut left: Vec<&str> = others.iter().map(|step| step.step.as_str()).collect();
    let mut extra: Vec<&str> = Vec::new();
    for step in mine {
        let step = step.step.as_str();
        match left.iter().position(|name| *name == step) {
            Some(at) => {
                left.remove(at);
            }
            None if !extra.contains(&step) => extra.push(step),
            None => {}
        }
    }
    extra.join(", ")
}
