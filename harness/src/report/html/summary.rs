//! The top of the page: who was judged, the verdict in one sentence, and a line for each resource type.

use maud::{Markup, html};

use super::place;
use super::run_view::RunView;
use crate::presentation::html::{mark, untrusted};
use crate::presentation::words;
use crate::result::{CaseResult, RunResult, Standing, Verdict};

/// Longest text of a line.
const LONGEST: usize = 400;

/// The section.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let run = view.run;
    html! {
        section.sum id=(place::SUMMARY) aria-labelledby="h-summary" {
            h1 id="h-summary" { small { "Conformance of " } (run.target.name) }
            (verdict(run))
            @if let Some(incomplete) = &run.incomplete {
                p.early { b { "The run is incomplete: " } (untrusted::prose(&view.texts.fill(&incomplete.to_string()), 1200)) "." }
            }
            (types(view))
        }
    }
}

/// The sentence: what it says first is what counts, the rest qualifies it.
fn verdict(run: &RunResult) -> Markup {
    let sentence = run.sentence();
    let (first, rest) = sentence
        .split_once(". ")
        .unwrap_or((sentence.trim_end_matches('.'), ""));
    html! {
        p class={ "verdict " (tone(run)) } { (first) "." @if !rest.is_empty() { " " span { (rest) } } }
    }
}

/// The worst that the sentence says. What the baseline knows is no reason for alarm.
fn tone(run: &RunResult) -> &'static str {
    let unjudged = |verdict| {
        matches!(
            verdict,
            Verdict::Error | Verdict::NotRun | Verdict::Skipped | Verdict::NotApplicable
        )
    };
    let results = run.results.iter();
    let mut open = results.filter(|case| case.standing == Standing::Unexpected);
    let is_stale = |case: &CaseResult| case.standing == Standing::Stale;
    if run.results.iter().any(is_stale) || open.clone().any(|case| !unjudged(case.verdict)) {
        "f"
    } else if open.next().is_some() || run.incomplete.is_some() || run.summary.judged() == 0 {
        "e"
    } else {
        "p"
    }
}

/// Whether each resource type works: a sign, a colour, and words.
fn types(view: &RunView<'_>) -> Markup {
    html! {
        @if !view.run.resource_types.is_empty() {
            ul.ty aria-label="Resource types" {
                @for status in &view.run.resource_types {
                    li class=(mark::class(words::verdict_of(status.state))) {
                        b { (words::resource_type(status.resource_type)) ":" } " "
                        (untrusted::prose(&view.texts.fill(&status.words), LONGEST))
                    }
                }
            }
        }
        @for left in &view.run.left_behind { p.no { "Left at the target: " (untrusted::prose(left, LONGEST)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::sample;

    #[test]
    fn the_colour_of_the_verdict_is_that_of_what_is_not_known() {
        let mut run = sample::every_verdict();
        assert_eq!(tone(&run), "f");
        run.incomplete = None;
        for case in &mut run.results {
            if case.verdict == Verdict::Failed {
                case.standing = Standing::ExpectedFailure;
            }
        }
        assert_eq!(tone(&run), "e");
        for case in &mut run.results {
            if matches!(case.verdict, Verdict::Error | Verdict::NotRun) {
                case.standing = Standing::ExpectedFailure;
            }
        }
        assert_eq!(tone(&run), "p");
        run.results[0].standing = Standing::Stale;
        assert_eq!(tone(&run), "f");
    }
}
