//! `report.html`: the run as one page, for people. Readable without a script, better with it; nothing is loaded.
//!
//! The data of a target is hostile until proven otherwise: `maud` escapes every text, and the page's policy lets no script
//! run but its own. Nothing of a run ever goes through `PreEscaped`.

mod case;
mod claims;
mod coverage;
mod detail;
mod diff;
mod exchange;
mod figures;
mod finding;
mod flows;
mod held;
mod known;
mod ledger;
mod matrix;
mod observed;
mod page;
mod place;
mod problem;
mod problems;
mod run_view;
mod sequence;
mod summary;
mod tokens;
mod toolbar;
mod twin;
mod unjudged;
mod values;

use super::Form;
use crate::result::RunResult;

/// The whole file, with a line break at its end.
pub(super) fn render(run: &RunResult, form: Form) -> String {
    page::whole(run, form)
}

#[cfg(test)]
mod tests;
