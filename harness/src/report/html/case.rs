//! The article of one case: what happened, why, whom it concerns, what to do, and all the evidence.

use maud::{Markup, html};

use super::detail::{Detail, shows_whole_exchanges};
use super::exchange::{self, Around};
use super::run_view::RunView;
use super::sequence::{self, Symbols};
use super::values::time;
use super::{claims, finding, flows, known, place, tokens, twin};
use crate::evidence::RecordedStep;
use crate::presentation::commands;
use crate::presentation::deviation::Deviation;
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{CaseResult, Standing, Verdict};

/// Longest reason or advice.
const LONGEST: usize = 1200;

/// The whole article, closed. The id is inside, so that a browser opens it for whoever follows a link to it.
pub(super) fn article(
    view: &RunView<'_>,
    case: &CaseResult,
    number: usize,
    detail: Detail,
    symbols: &mut Symbols,
) -> Markup {
    html! {
        article.cs
            data-verdict=(mark::key(case.verdict))
            data-type=(case.resource_type)
            data-requirement=(case.covers.join(" "))
            data-problem[flows::is_open_question(case)]
        {
            details {
                summary {
                    (mark::badge(case.verdict))
                    h4 { (place::short(case)) }
                    span.tt { (case.title) }
                }
                div.in id=(case.id) {
                    (facts(view, case, number))
                    (story(view, case, detail))
                    (twin::section(view, case, detail))
                    (evidence(view, case, number, detail, symbols))
                }
            }
        }
    }
}

/// Where it is written, how to run it, and what it is about.
fn facts(view: &RunView<'_>, case: &CaseResult, number: usize) -> Markup {
    // The checks name the requirements; those that no check names are named here.
    let checked = |id: &String| {
        case.findings
            .iter()
            .any(|finding| finding.covers.contains(id))
    };
    let others: Vec<&String> = case.covers.iter().filter(|id| !checked(id)).collect();
    html! {
        p.fa id=(place::numbered(number)) {
            code.cmd { (commands::run_again(view.run, &case.id)) } " "
            code { (case.source) }
            @if let Some(varying) = view.varying(&case.id) { " " (time(varying.milliseconds)) }
        }
        @if case.verdict != Verdict::Passed || case.standing != Standing::Fine {
            p { (mark::badge(case.verdict)) " " (words::meaning(case.verdict)) @if let Some(words) = standing(case.standing) { "; " b { (words) } } "." }
        }
        @if let Some((index, problem)) = view.run.problem_of(case) {
            p { "It belongs to " a href={ "#" (place::problem(index)) } { "problem " (index + 1) } ": " (untrusted::prose(&view.texts.fill(&problem.title), LONGEST)) "." }
        }
        @if let Some(way) = &case.other_way { p.no { (untrusted::prose(way, LONGEST)) } }
        @if let Some(applied) = case.applied.as_ref().filter(|applied| applied.exchanges > 0) {
            p.no { "Held against " (count(applied.exchanges, "answer")) " of this run." }
        }
        (known::line(case))
        @if !others.is_empty() {
            p.no { "Also about " @for (at, id) in others.iter().enumerate() { @if at > 0 { ", " } (finding::requirement_link(id)) } "." }
        }
    }
}

/// What stands beside a verdict, where it is not plain.
const fn standing(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Fine => None,
        Standing::Unexpected => Some("unexpected"),
        Standing::ExpectedFailure => Some("expected, a known deviation of this target"),
        Standing::Stale => Some("unexpected, because the known deviation of this target is gone"),
    }
}

/// Whom it concerns and what to do, then what does not hold; the reason where nothing was judged.
fn story(view: &RunView<'_>, case: &CaseResult, detail: Detail) -> Markup {
    if case.verdict == Verdict::Passed {
        return html! {};
    }
    let problem = view.problem(case);
    let advice = view.texts.advice(case);
    // What is merely observed beside a failure is shown with the other checks, and asks nothing of anybody.
    let observed = case.verdict == Verdict::Observed;
    let findings: Vec<_> = problem
        .findings
        .iter()
        .filter(|finding| observed || finding.verdict != Verdict::Observed)
        .copied()
        .collect();
    html! {
        div.story {
            @if !observed || case.blame.is_some() || case.reason.is_some() {
                dl.act {
                    @if case.reason.is_some() { dt { "Why" } dd { (untrusted::prose(&view.texts.reason(case), LONGEST)) } }
                    @if let Some(step) = problem.exchange.filter(|_| mark::is_problem(case.verdict)) { dt { "Answer" } dd { (exchange::answer(step, false)) } }
                    @if let Some(blame) = case.blame { dt { "Whose fault" } dd { (blame.noun()) } }
                    @if !observed { dt { "What to try" } dd { (untrusted::prose(&view.texts.fill(&advice), LONGEST)) } }
                }
            }
            (finding::wrong(view, &findings, if detail == Detail::Cause { 1 } else { finding::IN_FULL }))
        }
    }
}

/// Diagram, exchanges, tokens and checks, as far as they are shown.
fn evidence(
    view: &RunView<'_>,
    case: &CaseResult,
    number: usize,
    detail: Detail,
    symbols: &mut Symbols,
) -> Markup {
    let exchanges = view.exchanges(&case.id);
    let problem = view.problem(case);
    let failing = problem.exchange.filter(|_| mark::is_problem(case.verdict));
    let whole = detail == Detail::Exchanges && shows_whole_exchanges(case);
    let shown = shown(exchanges, &problem, detail);
    let compared = detail == Detail::Differences && !view.exchanges(&case.scenario).is_empty();
    let mut tokens = tokens::collect(&shown);
    if compared {
        // What was sent is the twin's but for what stands beside it.
        tokens.retain(|token| token.uses.iter().any(|place| place.answered));
    }
    let around = Around {
        number,
        tokens: &tokens,
        whole,
    };
    let is_failing =
        |step: &RecordedStep| failing.is_some_and(|failing| std::ptr::eq(failing, step));
    html! {
        @if detail > Detail::Checks && !exchanges.is_empty() {
            h5 { "Sequence" }
            (sequence::diagram(&sequence::messages(exchanges, failing), detail == Detail::Differences, symbols))
            @if !compared {
                h5 { @if detail == Detail::Differences { "The exchange that was judged" } @else { "Exchanges" } }
                @for step in &shown { (exchange::one(step, around, is_failing(step) || shown.len() == 1, is_failing(step))) }
            }
            (claims::section(view, case, number, &tokens, whole))
        }
        @if detail >= Detail::Checks && !case.findings.is_empty() {
            h5 { "Checks" }
            (finding::all(view, case))
        }
    }
}

/// The exchanges that are shown.
fn shown<'a>(
    exchanges: &'a [RecordedStep],
    problem: &Deviation<'a>,
    detail: Detail,
) -> Vec<&'a RecordedStep> {
    match detail {
        Detail::Checks | Detail::Cause => Vec::new(),
        Detail::Exchanges => exchanges.iter().collect(),
        Detail::Differences => {
            let changed = problem
                .case
                .change
                .as_ref()
                .map(|change| change.step.as_str());
            let of = |step: &&RecordedStep| changed.is_none_or(|changed| step.step == changed);
            let judged = exchanges.iter().rfind(|step| step.judged && of(step));
            judged.or(problem.exchange).into_iter().collect()
        }
    }
}
