//! What the baseline says, in the summary: what is known, what is known no longer, and what to write to accept the rest.

use super::summary::Page;
use crate::presentation::baseline::{known, objection, reason, stale};
use crate::presentation::terminal;
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{RunResult, Standing};

/// Entries shown to be copied; more are counted.
const SHOWN: usize = 5;

impl Page {
    /// Nothing where there is no baseline.
    pub(super) fn baseline(&mut self, run: &RunResult) {
        let Some(note) = &run.baseline else { return };
        self.standing(
            run,
            Standing::ExpectedFailure,
            "deviates as the baseline says",
            |known| reason(known).into_owned(),
        );
        self.standing(
            run,
            Standing::Unexpected,
            "deviates in another way than the baseline says",
            |known| objection(known).unwrap_or_default(),
        );
        self.standing(
            run,
            Standing::Stale,
            "named in the baseline, and no longer deviates",
            stale,
        );
        self.proposed(&note.file, &note.proposed, &run.again.show);
    }

    fn standing(
        &mut self,
        run: &RunResult,
        standing: Standing,
        meaning: &str,
        why: impl Fn(&crate::result::KnownDeviation) -> String,
    ) {
        let cases: Vec<_> = known(run, standing).collect();
        if cases.is_empty() {
            return;
        }
        self.titled(
            words::standing(standing),
            terminal::standing(standing),
            &format!("{}: {meaning}", count(cases.len(), "case")),
        );
        for (case, known) in cases {
            self.plain(
                2,
                &format!("{} ({})", case.id, words::verdict(case.verdict)),
            );
            self.paragraph(4, terminal::FAINT, &why(known));
        }
    }

    /// At the margin and not wrapped: these lines are there to be copied.
    fn proposed(&mut self, file: &str, entries: &[String], options: &str) {
        if entries.is_empty() {
            return;
        }
        self.blank();
        self.plain(
            0,
            &format!("to accept what is new, add to {file}, with the reason:"),
        );
        for entry in entries.iter().take(SHOWN) {
            self.verbatim(entry);
        }
        if let Some(more) = entries.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            self.plain(
                0,
                &format!("and {more} more; `atx baseline update {file}{options}` adds them all"),
            );
        }
    }

    /// Which file judged, and what became of what it names.
    pub(super) fn baseline_counts(&mut self, run: &RunResult) {
        let Some(note) = &run.baseline else { return };
        let named = |standing| known(run, standing).count();
        let (expected, otherwise, stale) = (
            named(Standing::ExpectedFailure),
            named(Standing::Unexpected),
            named(Standing::Stale),
        );
        let unseen = note.entries.saturating_sub(expected + otherwise + stale);
        let parts: Vec<String> = [
            (expected, "as expected"),
            (otherwise, "in another way"),
            (stale, "no longer there"),
            (unseen, "not run or skipped"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
        let parts = if parts.is_empty() {
            String::new()
        } else {
            format!(" ({})", parts.join(", "))
        };
        self.plain(
            0,
            &format!(
                "baseline: {}, {}{parts}",
                note.file,
                count(note.entries, "known deviation")
            ),
        );
    }
}
