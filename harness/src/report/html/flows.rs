//! The cases under the flows to which they belong: flows in which something does not hold first, and in each flow the cases
//! that ask for a decision before a fold with the others, which says how many there are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};

use super::held::Counts;
use super::matrix::numbers;
use super::run_view::RunView;
use crate::presentation::html::mark;
use crate::result::{CaseResult, Standing};

/// A flow and its cases, each with its article.
struct Flow<'a> {
    scenario: &'a str,
    open: Vec<(&'a CaseResult, &'a Markup)>,
    folded: Vec<(&'a CaseResult, &'a Markup)>,
}

/// Whether a case asks for a decision: it is a stop for `j` and `k`, and not folded away.
pub(super) fn is_open_question(case: &CaseResult) -> bool {
    mark::is_problem(case.verdict)
        || matches!(case.standing, Standing::Stale | Standing::ExpectedFailure)
}

/// `articles` are those of the results, in their order.
pub(super) fn all(view: &RunView<'_>, articles: &[Markup]) -> Markup {
    html! { @for flow in in_order(view, articles) { (section(&flow)) } }
}

fn in_order<'a>(view: &RunView<'a>, articles: &'a [Markup]) -> Vec<Flow<'a>> {
    // Results are ordered by id, which puts `a/b-c` between `a/b` and its case `a/b/d`.
    let mut by_scenario: BTreeMap<&str, Vec<(&CaseResult, &Markup)>> = BTreeMap::new();
    for (case, article) in view.run.results.iter().zip(articles) {
        let cases = by_scenario.entry(&case.scenario).or_default();
        cases.push((case, article));
    }
    let mut flows: Vec<Flow<'a>> = by_scenario
        .into_iter()
        .map(|(scenario, cases)| {
            let (mut open, folded): (Vec<_>, Vec<_>) = cases
                .into_iter()
                .partition(|(case, _)| is_open_question(case));
            open.sort_by_key(|(case, _)| Reverse(case.verdict));
            Flow {
                scenario,
                open,
                folded,
            }
        })
        .collect();
    flows.sort_by_key(|flow| Reverse(flow.open.first().map(|(case, _)| case.verdict)));
    flows
}

fn section(flow: &Flow<'_>) -> Markup {
    let counts = |cases: &[(&CaseResult, &Markup)]| {
        let mut counts = Counts::default();
        for (case, _) in cases {
            counts.add(case.verdict);
        }
        numbers(&counts)
    };
    html! {
        section.fl {
            @if !flow.open.is_empty() {
                h3 { (flow.scenario) small { (counts(&flow.open)) } }
                div.bx { @for (_, article) in &flow.open { (article) } }
            }
            @if !flow.folded.is_empty() {
                details.ps {
                    summary {
                        @if flow.open.is_empty() { h3 { (flow.scenario) small { (counts(&flow.folded)) } } }
                        @else { small { (counts(&flow.folded)) } }
                    }
                    div.bx { @for (_, article) in &flow.folded { (article) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;
    use crate::presentation::Form;
    use crate::result::{RunResult, Verdict, sample};

    fn shown(run: &RunResult) -> String {
        let articles: Vec<Markup> = run
            .results
            .iter()
            .map(|case| html! { (case.id) ";" })
            .collect();
        all(&RunView::of(run, Form::Full), &articles).into_string()
    }

    #[test]
    fn what_failed_comes_before_what_passed_which_is_folded() {
        let run = sample::every_verdict();
        let text = shown(&run);
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}\n{text}"));
        let failed = at("authorization-server/exchange/scope-not-on-connection;");
        let passed = at("authorization-server/exchange;");
        assert!(failed < passed, "{text}");
        // A flow that could not be judged comes after one that failed, and both before those without trouble.
        let error = at("secret/exchange/expired;");
        let skipped = at("service-account/exchange;");
        assert!(failed < error && error < skipped, "{text}");
        let (_, fold) = text[..passed].rsplit_once("<details").unwrap();
        assert!(fold.contains("1 passed") && !fold.contains("</details>"));
        let closed = text.matches("<details class=\"ps\">").count();
        assert_eq!(closed, text.matches("<details").count(), "all are closed");
    }

    #[test]
    fn a_flow_is_there_once_also_where_the_order_of_ids_tears_it_apart() {
        let run = sample::started(&["a/b", "a/b-c", "a/b/d"])
            .finish()
            .unwrap();
        let mut run = run;
        for case in &mut run.results {
            case.scenario = if case.id == "a/b-c" { "a/b-c" } else { "a/b" }.to_owned();
        }
        assert_eq!(shown(&run).matches("<section class=\"fl\">").count(), 2);
    }

    #[test]
    fn a_run_without_trouble_is_a_line_a_flow() {
        let mut run = sample::every_verdict();
        for case in &mut run.results {
            case.verdict = Verdict::Passed;
            case.standing = Standing::Fine;
        }
        let text = shown(&run);
        let flows: std::collections::BTreeSet<&str> = run
            .results
            .iter()
            .map(|case| case.scenario.as_str())
            .collect();
        assert_eq!(text.matches("<details class=\"ps\">").count(), flows.len());
        assert!(
            !text.contains("</h3><div"),
            "nothing is outside a fold: {text}"
        );
    }
}
