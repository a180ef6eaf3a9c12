//! What a real org issued, and what became of it: folded.

use maud::{Markup, html};

use super::place;
use super::run_view::RunView;
use crate::presentation::Form;
use crate::presentation::html::untrusted;
use crate::presentation::ledger::{Row, rows};

/// Longest value shown here.
const LONGEST: usize = 400;

/// The section; nothing where nothing was issued.
pub(super) fn section(view: &RunView<'_>) -> Markup {
    let rows = match view.form {
        Form::Full => rows(&view.run.varying.ledger),
        Form::Stable => Vec::new(),
    };
    html! {
        @if !rows.is_empty() {
            section id=(place::LEDGER) aria-labelledby="h-obtained" {
                h2 id="h-obtained" { "What the run obtained" }
                details.alt {
                    summary { "Tokens and secrets: " (rows.iter().map(|row| row.count).sum::<usize>()) }
                    p { "Each of them is in " code { "report.json" } ", by its fingerprint." }
                    div.scroll tabindex="0" { (table(&rows)) }
                }
            }
        }
    }
}

fn table(rows: &[Row<'_>]) -> Markup {
    html! {
        table.ob {
            thead { tr { th scope="col" { "what" } th scope="col" { "how many" } th scope="col" { "from" } th scope="col" { "what became of them" } th scope="col" { "the last expires" } } }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (row.kind) }
                        td { (row.count) }
                        td { (untrusted::line(row.from, LONGEST)) }
                        td { (untrusted::line(&row.end, LONGEST)) }
                        td { @if let Some(last) = row.last { (untrusted::line(last, LONGEST)) } }
                    }
                }
            }
        }
    }
}
