//! A problem as a card: what is wrong, who has to act, what was expected and seen, what to do, and what follows from it.

use maud::{Markup, html};

use super::exchange::{self, Around};
use super::run_view::RunView;
use super::{diff, finding, known, place};
use crate::presentation::commands;
use crate::presentation::html::{mark, untrusted};
use crate::presentation::problem_card;
use crate::result::{CaseResult, Problem, Standing, Verdict};

/// Longest title, value or cure.
const LONGEST: usize = 1200;

/// Problems shown with the exchange in which they were seen; of more, the case has it.
const WITH_EXCHANGE: usize = 12;

/// The card. `index` is its position among all problems of the run.
pub(super) fn card(view: &RunView<'_>, index: usize, problem: &Problem) -> Markup {
    let cause = &problem.cause;
    let prose = |text: &str| untrusted::prose(&view.texts.fill(text), LONGEST);
    let seen = view.seen_in(problem).filter(|_| index < WITH_EXCHANGE);
    html! {
        div class={ "pc " (mark::class(problem.verdict)) } id=(place::problem(index)) {
            p.at { "Problem " (index + 1) " of " (view.run.problems.len()) ". Responsible: " b { (problem.responsible.noun()) } "." }
            h3.pt { (prose(&problem.title)) }
            @if cause.check.is_some() { (against(view, problem)) }
            dl.pd {
                @if let Some(said) = problem_card::said(problem) { dt { "Noticed in the answer" } dd { (prose(&said)) } }
                dt { "What to do" } dd { (prose(&problem.cure)) }
                dt { "Seen in" } dd {
                    (case_link(view, &cause.case))
                    @if !cause.step.is_empty() { ", step " code { (cause.step) } }
                    @if let Some(check) = &cause.check { ": " code { (untrusted::line(&check.to_string(), LONGEST)) } }
                    @if let Some(id) = &problem.requirement { ", requirement " (finding::requirement_link(id)) }
                }
                dt { "To see it again" } dd { code.cmd { (commands::run_again(view.run, problem_card::run_alone(problem))) } }
            }
            @if let Some(step) = seen { (exchange::one(step, Around { number: 0, tokens: &[], whole: true }, false, true)) }
            (affected(view, problem))
        }
    }
}

/// Expected against actual, the difference marked.
fn against(view: &RunView<'_>, problem: &Problem) -> Markup {
    let value = |value: &Option<String>| {
        let text = value.as_deref().unwrap_or("something else");
        untrusted::line(&view.texts.fill(text), LONGEST)
    };
    let (expected, actual) = diff::sides(
        &value(&problem.cause.expected),
        &value(&problem.cause.actual),
    );
    html! {
        dl.ea {
            dt { "expected" } dd.ex { (expected) }
            dt { @if problem.verdict == Verdict::Error { "could not be judged" } @else { "actual" } } dd.ac { (actual) }
        }
    }
}

/// The cases that follow from it, folded; known deviations among them with what the baseline says.
fn affected(view: &RunView<'_>, problem: &Problem) -> Markup {
    let cases: Vec<&CaseResult> = problem
        .cases
        .iter()
        .filter_map(|id| view.case(id))
        .collect();
    let known: Vec<&CaseResult> = cases
        .iter()
        .filter(|case| case.standing == Standing::ExpectedFailure)
        .copied()
        .collect();
    html! {
        @if let Some(first) = known.first() {
            @if known.len() < cases.len() { p.no { (known.len()) " of these cases are known deviations of this target." } }
            (known::line(first))
        }
        details.af {
            summary { "Affects " (problem_card::kinds(problem, view.run)) }
            ul { @for case in cases { li { (mark::badge(case.verdict)) " " (case_link(view, &case.id)) @if case.standing == Standing::ExpectedFailure { " " small { "known" } } } } }
        }
    }
}

/// A case by its id; a link where the report has it.
fn case_link(view: &RunView<'_>, id: &str) -> Markup {
    html! {
        @match view.anchor(id) {
            Some(anchor) => { a href={ "#" (anchor) } { (id) } }
            None => { (id) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentation::Form;
    use crate::result::{KnownDeviation, RunResult, sample};

    fn shown(run: &RunResult) -> String {
        let view = RunView::of(run, Form::Full);
        card(&view, 0, &run.problems[0]).into_string()
    }

    #[test]
    fn a_card_leads_to_the_cause() {
        let mut run = sample::every_verdict();
        run.again.run = " --target 'my org.yaml'".to_owned();
        let cause = &mut run.problems[0].cause;
        cause.status = Some(400);
        cause.error = Some("invalid_grant".to_owned());
        cause.error_description = Some("<b>Not</b> that one".to_owned());
        let text = shown(&run);
        for part in [
            "Problem 1 of 2. Responsible: <b>the org authorization server</b>.",
            "400 <code>invalid_grant</code>: &lt;b&gt;Not&lt;/b&gt; that one",
            "What to do",
            "atx run authorization-server/exchange/scope-not-on-connection --target 'my org.yaml'",
            "Affects 1 case (failed)",
            "<h6>Response</h6>",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn what_the_baseline_knows_of_it_is_marked() {
        let mut run = sample::every_verdict();
        let id = run.problems[0].cases[0].clone();
        let case = run.results.iter_mut().find(|case| case.id == id).unwrap();
        case.standing = Standing::ExpectedFailure;
        case.known = Some(KnownDeviation {
            reason: "Ticket 12".to_owned(),
            until: None,
            expired: false,
            but: None,
            source: "expected.yaml:3".parse().unwrap(),
        });
        let text = shown(&run);
        assert!(text.contains("Ticket 12"), "{text}");
        assert!(text.contains("<small>known</small>"), "{text}");
    }

    #[test]
    fn a_rule_shows_the_first_answer_that_breaks_it() {
        let mut run = sample::every_verdict();
        let id = "invariants/x".to_owned();
        let mut rule = run.results[0].clone();
        rule.id.clone_from(&id);
        rule.applied = Some(crate::result::Applied {
            exchanges: 9,
            broken: 1,
            first: Some(crate::result::Origin {
                case: run.problems[0].cause.case.clone(),
                step: "exchange".to_owned(),
            }),
            ..Default::default()
        });
        run.results.push(rule);
        run.problems[0].cause.case = id;
        assert!(shown(&run).contains("<h6>Response</h6>"));
    }
}
