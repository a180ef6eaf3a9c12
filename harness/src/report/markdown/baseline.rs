//! What the baseline says: what is known, what is known no longer, and what to write to accept the rest.

use std::fmt::Write as _;

use super::budget::{Item, Section};
use super::sections::titled;
use crate::presentation::baseline::known;
use crate::presentation::markdown::{block, code, prose, text};
use crate::presentation::words;
use crate::result::{CaseResult, KnownDeviation, RunResult, Standing};

/// Entries that are shown to be copied; more are counted.
const PROPOSED: usize = 20;

/// What must be acted on; nothing where there is no baseline.
pub(super) fn to_do(run: &RunResult) -> Vec<Section> {
    let stale = table(
        "Stale",
        "The baseline names them, and they no longer deviate: their entries must go.",
        &known(run, Standing::Stale).collect::<Vec<_>>(),
    );
    let otherwise = table(
        "Not as known",
        "The baseline names them, and they deviate in another way than it says.",
        &known(run, Standing::Unexpected).collect::<Vec<_>>(),
    );
    [stale, otherwise, proposed(run)].into()
}

/// What is in order; known problems are shown with their cases.
pub(super) fn as_known(run: &RunResult) -> Section {
    table(
        "Known",
        "They deviate as the baseline says.",
        &known(run, Standing::ExpectedFailure)
            .filter(|(case, _)| run.problem_of(case).is_none())
            .collect::<Vec<_>>(),
    )
}

/// Lines to paste, in one piece.
fn proposed(run: &RunResult) -> Section {
    let items = run
        .baseline
        .as_ref()
        .filter(|note| !note.proposed.is_empty())
        .map(|note| {
            let shown = &note.proposed[..note.proposed.len().min(PROPOSED)];
            let mut whole = block("yaml", shown.concat().trim_end());
            let more = note.proposed.len() - shown.len();
            if more > 0 {
                let command = code(&format!(
                    "atx baseline update {}{}",
                    note.file, run.again.show
                ));
                let _ = writeln!(whole, "\nAnd {more} more; {command} adds them all.");
            }
            Item {
                whole,
                short: String::new(),
            }
        });
    let file = run.baseline.as_ref().map(|note| text(&note.file));
    Section {
        head: format!(
            "\n<details><summary>To accept what is new, add to {}, with the reason</summary>\n\n",
            file.unwrap_or_default()
        ),
        items: items.into_iter().collect(),
        tail: "\n</details>\n".to_owned(),
        noun: "list",
        share: 5,
    }
}

fn table(name: &str, meaning: &str, cases: &[(&CaseResult, &KnownDeviation)]) -> Section {
    let columns = "| case | verdict | known because | until | entry |\n|---|---|---|---|---|\n";
    Section {
        head: format!("{}\n{columns}", titled(name, cases.len(), meaning)),
        items: cases.iter().map(|(case, known)| row(case, known)).collect(),
        tail: String::new(),
        noun: "case",
        share: 5,
    }
}

fn row(case: &CaseResult, known: &KnownDeviation) -> Item {
    let but = known
        .but
        .as_ref()
        .filter(|_| case.standing == Standing::Unexpected);
    let but = but
        .map(|but| format!("; but {}", prose(but)))
        .unwrap_or_default();
    Item {
        whole: format!(
            "| {} | {}{but} | {} | {} | {} |\n",
            code(&case.id),
            words::verdict(case.verdict),
            text(&known.reason),
            known.until.as_deref().unwrap_or(""),
            code(&known.source.to_string()),
        ),
        short: String::new(),
    }
}
