//! What a real org issued, and what became of it: folded, and the single things are in `report.json`.

use super::budget::{Item, Section};
use super::sections::{folded, value};
use crate::presentation::Form;
use crate::presentation::ledger::{Row, rows};
use crate::presentation::markdown::{prose, text};
use crate::result::RunResult;

/// The section; without rows where nothing was issued, and in the form that leaves out what varies.
pub(super) fn section(run: &RunResult, form: Form) -> Section {
    let ledger = match form {
        Form::Full => run.varying.ledger.as_slice(),
        Form::Stable => &[],
    };
    let rows = rows(ledger).iter().map(item).collect();
    let head = "\n## What the run obtained\n\nEach token and secret is in `report.json`, by its fingerprint.\n";
    folded(
        head,
        "| what | how many | from | what became of them | the last expires |\n|---|---:|---|---|---|\n",
        rows,
        2,
    )
}

fn item(row: &Row<'_>) -> Item {
    Item {
        whole: format!(
            "| {} | {} | {} | {} | {} |\n",
            row.kind,
            row.count,
            value(row.from),
            prose(&row.end),
            text(row.last.unwrap_or("")),
        ),
        short: String::new(),
    }
}
