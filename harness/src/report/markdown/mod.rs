//! `report.md`: for a pull request or a step summary. Short when all is well, exact when not.

mod baseline;
mod budget;
mod case;
mod ledger;
mod page;
mod problem;
mod sections;

use super::Form;
use crate::result::RunResult;

/// The whole file.
pub(super) fn render(run: &RunResult, form: Form) -> String {
    page::page(run, form)
}

#[cfg(test)]
mod tests;
