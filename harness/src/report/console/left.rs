//! What a run leaves at a target, in the summary: a line for what it had issued, and one for the rest.

use super::summary::Page;
use crate::presentation::ledger;
use crate::result::RunResult;

impl Page {
    /// What the run leaves at the target, in one line.
    pub(super) fn left_behind(&mut self, run: &RunResult) {
        if !run.left_behind.is_empty() {
            let left = run.left_behind.join("; ");
            self.plain(0, &format!("left at the target: {left}"));
        }
    }

    /// What a real org issued, in one line.
    pub(super) fn obtained(&mut self, run: &RunResult) {
        if let Some(line) = ledger::line(&run.varying.ledger) {
            self.plain(0, &line);
        }
    }
}
