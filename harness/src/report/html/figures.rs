//! How the run was made, and its counts, which explain themselves.

use maud::{Markup, html};

use super::place;
use super::run_view::RunView;
use super::values::time;
use crate::presentation::html::{mark, untrusted};
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{RunResult, Verdict};

/// The section.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    html! {
        section id=(place::FIGURES) aria-labelledby="h-figures" {
            h2 id="h-figures" { "The run in figures" }
            (facts(view))
            (bar(view.run))
            (legend(view.run))
        }
    }
}

fn facts(view: &RunView<'_>) -> Markup {
    let run = view.run;
    html! {
        dl.facts {
            div { dt { "Target" } dd { (run.target.name) " (" (run.target.kind) ")" } }
            div { dt { "Edition of the guide" } dd { (run.edition) } }
            div { dt { "Scenarios as of" } dd { (run.contract) } }
            div { dt { "Profiles judged" } dd { @if run.target.profiles.is_empty() { "none named" } @else { (run.target.profile_names()) } } }
            @if let Some(varying) = view.whole_run() {
                // Each case of an agent has an org of its own.
                @if !varying.org_issuer.is_empty() {
                    div { dt { "Org" } dd { (untrusted::line(&varying.org_issuer, 200)) } }
                }
                @if !varying.spare_issuer.is_empty() {
                    div { dt { "Second org, for cases that change it" } dd { (untrusted::line(&varying.spare_issuer, 200)) } }
                }
                @if let Some(of) = &run.replay_of {
                    div { dt { "Judged from the recording" } dd { (untrusted::line(&of.file, 200)) } }
                }
                div { dt { "Started" } dd { time datetime=(varying.started_at) { (moment(&varying.started_at)) } } }
                div { dt { "Took" } dd { (time(varying.milliseconds)) } }
            }
            div { dt { "Checks" } dd { (run.summary.checks) " in " (run.summary.total) " cases" } }
        }
    }
}

/// RFC 3339 with a blank where people expect one; anything else as it is.
fn moment(text: &str) -> String {
    let text = untrusted::line(text, 40);
    match text.strip_suffix('Z').and_then(|text| text.split_once('T')) {
        Some((date, clock)) if date.len() == 10 => {
            // Nobody asks for the nanosecond.
            let clock = clock.split('.').next().unwrap_or_default();
            format!("{date} {clock} UTC")
        }
        _ => text,
    }
}

/// All cases as one bar, so that shares are seen at a glance.
fn bar(run: &RunResult) -> Markup {
    let total = run.summary.total.max(1);
    let parts = words::VERDICTS
        .into_iter()
        .filter(|verdict| run.summary.count(*verdict) > 0);
    // Few cases still want to be seen.
    let widths: Vec<(Verdict, usize)> = parts
        .map(|verdict| (verdict, (run.summary.count(verdict) * 1000 / total).max(6)))
        .collect();
    let whole: usize = widths.iter().map(|(_, width)| width).sum();
    let mut from = 0;
    html! {
        svg.bar role="img" viewBox={ "0 0 " (whole.max(1)) " 12" } preserveAspectRatio="none" aria-labelledby="bar-t" {
            title id="bar-t" { (in_words(run)) }
            @for (verdict, width) in widths {
                rect class=(mark::class(verdict)) x=(from) y="0" width=(width) height="12" {}
                @let () = from += width;
            }
        }
    }
}

fn in_words(run: &RunResult) -> String {
    let counts: Vec<String> = words::VERDICTS
        .into_iter()
        .filter(|verdict| run.summary.count(*verdict) > 0)
        .map(|verdict| format!("{} {}", run.summary.count(verdict), words::verdict(verdict)))
        .collect();
    format!(
        "{}: {}",
        count(run.summary.total, "case"),
        counts.join(", ")
    )
}

/// Each verdict with its count and what it means: the counts are the legend.
fn legend(run: &RunResult) -> Markup {
    html! {
        ul.legend aria-label="Cases by verdict" {
            @for verdict in words::shown(run) {
                @let count = run.summary.count(verdict);
                li.none[count == 0] {
                    a class=(mark::class(verdict)) href={ "#" (where_told(verdict)) } data-show=(mark::key(verdict)) {
                        b.num { (count) } " " (mark::badge(verdict))
                        span { (words::meaning(verdict)) }
                    }
                }
            }
        }
    }
}

/// Where a reader without a script is led.
const fn where_told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failed | Verdict::Warning => place::PROBLEMS,
        Verdict::Error | Verdict::NotRun | Verdict::Skipped | Verdict::NotApplicable => {
            place::UNJUDGED
        }
        Verdict::Observed => place::OBSERVED,
        Verdict::Passed => place::CASES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_well_and_anything_else_stays() {
        assert_eq!(moment("2026-11-24T09:00:00Z"), "2026-11-24 09:00:00 UTC");
        assert_eq!(
            moment("2026-11-24T09:00:00.123456Z"),
            "2026-11-24 09:00:00 UTC"
        );
        assert_eq!(moment("Tuesday"), "Tuesday");
    }
}
