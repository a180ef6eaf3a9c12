//! Why a command could not do what it was asked.

use strict_yaml::Problems;
use thiserror::Error;

use super::{Exit, Terminal};
use crate::report::ReportError;
use crate::report::text::count;

/// What went wrong before, beside or after the run itself.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    /// Mistakes in files that the user wrote; each is shown where it stands.
    #[error("{}", .0.iter().map(Problems::to_string).collect::<Vec<_>>().join("\n"))]
    Files(Vec<Problems>),
    /// A name that nothing has.
    #[error("nothing is called `{name}`")]
    Unknown {
        /// As typed.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A report could not be made.
    #[error("{0}")]
    Report(#[from] ReportError),
}

impl From<Vec<Problems>> for Trouble {
    fn from(files: Vec<Problems>) -> Self {
        Self::Files(files)
    }
}

impl Trouble {
    /// Which exit code it means.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Files(_) | Self::Unknown { .. } => Exit::WrongInput,
            Self::Report(_) => Exit::Incomplete,
        }
    }

    /// What the user reads, with a line break at its end.
    pub(super) fn page(&self, terminal: Terminal) -> String {
        let look = terminal.stderr;
        if let Self::Files(files) = self {
            let pages: Vec<String> = files
                .iter()
                .map(|problems| {
                    if look.colour() {
                        problems.styled()
                    } else {
                        problems.to_string()
                    }
                })
                .collect();
            let mistakes = count(files.iter().map(Problems::len).sum(), "mistake");
            return format!(
                "{}\n{mistakes} in {}\n",
                pages.join("\n").trim_end(),
                count(files.len(), "file")
            );
        }
        let label = look.paint(anstyle::AnsiColor::Red.on_default().bold(), "error");
        let hint = self
            .hint()
            .map(|hint| format!("\nhint: {hint}\n"))
            .unwrap_or_default();
        format!("{label}: {self}\n{hint}")
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown {
                near: Some(near), ..
            } => Some(format!("did you mean `{near}`?")),
            Self::Unknown { near: None, .. } => Some("`atx list` names every case".to_owned()),
            Self::Files(_) | Self::Report(_) => None,
        }
    }
}
