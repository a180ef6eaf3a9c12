//! Why a command could not do what it was asked.

use thiserror::Error;

use super::{Exit, Terminal};
use crate::report::ReportError;

/// What went wrong before, beside or after the run itself.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    /// A report could not be made.
    #[error("{0}")]
    Report(#[from] ReportError),
}

impl Trouble {
    /// Which exit code it means.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Report(_) => Exit::Incomplete,
        }
    }

    /// What the user reads.
    pub(super) fn page(&self, terminal: Terminal) -> String {
        let label = terminal
            .stderr
            .paint(anstyle::AnsiColor::Red.on_default().bold(), "error");
        format!("{label}: {self}\n")
    }
}
