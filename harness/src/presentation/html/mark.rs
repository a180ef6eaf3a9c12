//! How a verdict looks: a word, a letter for the style, and never colour alone.

use maud::{Markup, html};

use crate::presentation::words;
use crate::result::Verdict;

/// Letter by which the style knows a verdict.
pub(crate) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "p",
        Verdict::Observed => "o",
        Verdict::Warning => "w",
        Verdict::Skipped | Verdict::NotApplicable => "s",
        Verdict::NotRun => "n",
        Verdict::Error => "e",
        Verdict::Failed => "f",
    }
}

/// Name in `data-verdict` and in addresses, as in `report.json`.
pub(crate) const fn key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotRun => "not_run",
        Verdict::NotApplicable => "not_applicable",
        other => words::verdict(other),
    }
}

/// The word in its colour, its sign before it.
pub(crate) fn badge(verdict: Verdict) -> Markup {
    html! { b class={ "v " (class(verdict)) } { (words::verdict(verdict)) } }
}

/// What asks a reader to act or to look: everything but plain success and what the target cannot do.
pub(crate) const fn is_problem(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Failed | Verdict::Error | Verdict::Warning)
}
