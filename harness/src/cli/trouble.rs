//! Why a command could not do what it was asked.

use std::io;
use std::path::PathBuf;

use strict_yaml::Problems;
use thiserror::Error;

use super::out_dir::OutError;
use super::run::redact::RedactError;
use super::{Exit, Terminal};
use crate::baseline::UpdateError;
use crate::cassette::NotRecorded;
use crate::presentation::text::count;
use crate::report::ReportError;
use crate::result::MergeError;
use crate::selftest::ControlError;
use crate::sign_in::SignInError;
use crate::targets;
use crate::targets::config::ConfigError;

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
    /// A defect that the mock does not have.
    #[error("the mock has no defect `{name}`")]
    UnknownDefect {
        /// As typed.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A variation that the mock does not have.
    #[error("the mock has no variation `{name}`")]
    UnknownVariation {
        /// As typed.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A requirement that the catalogue does not have.
    #[error("no requirement is called `{name}`")]
    UnknownRequirement {
        /// As typed.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A matrix that is none.
    #[error("cannot read the matrix {path}: {why}")]
    MatrixFile {
        /// As given.
        path: String,
        /// What is wrong, in words.
        why: String,
    },
    /// Parts of a run that make no whole.
    #[error("these reports are not the parts of one run:{}", lines(.0))]
    Merge(Vec<MergeError>),
    /// The folder for reports cannot be written.
    #[error("{0}")]
    Unwritable(#[source] OutError),
    /// A report could not be written when the run was over.
    #[error("{0}")]
    NotWritten(#[source] OutError),
    /// A report or another result could not be printed.
    #[error("cannot write to stdout: {0}")]
    NotPrinted(#[source] io::Error),
    /// Not even `report.json` could be; it was put elsewhere, so that what was measured is not lost.
    #[error("{error}")]
    Rescued {
        /// Why not where it belongs.
        error: OutError,
        /// Where it is.
        path: PathBuf,
    },
    /// The target file cannot be read.
    #[error("cannot read the target file {path}: {error}")]
    TargetFile {
        /// As given.
        path: String,
        /// The system's words.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("{0}")]
    FileUnwritable(#[source] OutError),
    /// A stored report cannot be read.
    #[error("cannot read the report {path}: {why}")]
    StoredReport {
        /// As given, or the file in the folder that was given.
        path: String,
        /// What is wrong, in words.
        why: String,
    },
    /// A recording cannot be judged.
    #[error("cannot replay {path}: {why}")]
    Cassette {
        /// As given.
        path: String,
        /// What is wrong, in words.
        why: String,
    },
    /// A recording that cannot be said to hold no secret is not written.
    #[error("{path} was not written: {why}")]
    NotRecorded {
        /// As given.
        path: String,
        /// Why not.
        why: NotRecorded,
    },
    /// The file of known deviations cannot be read.
    #[error("cannot read the baseline {path}: {error}")]
    BaselineFile {
        /// As given.
        path: String,
        /// The system's words.
        error: io::Error,
    },
    /// A file of known deviations is not overwritten.
    #[error("{path} is there already")]
    BaselineExists {
        /// As given.
        path: String,
    },
    /// A file of known deviations cannot be edited.
    #[error("{0}")]
    BaselineUnusual(#[source] UpdateError),
    /// The target cannot be asked at all.
    #[error("{0}")]
    Target(#[from] targets::Trouble),
    /// The mock org inside does not start.
    #[cfg(feature = "embedded")]
    #[error("{0}")]
    Embedded(#[from] targets::EmbeddedError),
    /// This program was built without the mock org.
    #[cfg(not(feature = "embedded"))]
    #[error("this program has no mock org inside, so it needs a target")]
    NoTarget,
    /// No threads, or no sockets.
    #[error("cannot start: {0}")]
    Runtime(#[source] io::Error),
    /// An agent that cannot be run.
    #[cfg(feature = "embedded")]
    #[error("{0}")]
    Agent(#[source] crate::agent::AgentStop),
    /// Options that do not go together.
    #[error("{why}")]
    Usage {
        /// What is wrong.
        why: String,
        /// What to write instead.
        help: String,
    },
    /// Nobody is signed in.
    #[error("{0}")]
    SignIn(#[source] SignInError),
    /// The run ended before it began.
    #[error("nothing was run")]
    NothingRan,
    /// A value to hide that cannot be read.
    #[error("{0}")]
    Redact(#[from] RedactError),
    /// A report could not be made.
    #[error("{0}")]
    Report(#[from] ReportError),
    /// No defect can be switched on.
    #[error("{0}")]
    Defects(#[from] ControlError),
}

/// A target file that lacks something, or a cache that others can read, is the user's to mend.
const fn of_sign_in(error: &SignInError) -> Exit {
    match error {
        SignInError::Undescribed(_)
        | SignInError::Unforgeable(_)
        | SignInError::Cache(_)
        | SignInError::NotCached { .. } => Exit::WrongInput,
        _ => Exit::Incomplete,
    }
}

/// One below the other.
fn lines(errors: &[MergeError]) -> String {
    let lines: Vec<String> = errors.iter().map(MergeError::to_string).collect();
    format!("\n  {}", lines.join("\n  "))
}

impl From<Vec<Problems>> for Trouble {
    fn from(files: Vec<Problems>) -> Self {
        Self::Files(files)
    }
}

impl From<UpdateError> for Trouble {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::Mistakes(problems) => Self::Files(vec![problems]),
            unusual @ UpdateError::Unusual { .. } => Self::BaselineUnusual(unusual),
        }
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Unreadable { path, error } => Self::TargetFile { path, error },
            ConfigError::Mistakes(files) => Self::Files(files),
        }
    }
}

impl Trouble {
    /// Which exit code it means.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Files(_)
            | Self::Unknown { .. }
            | Self::UnknownDefect { .. }
            | Self::UnknownVariation { .. }
            | Self::UnknownRequirement { .. }
            | Self::MatrixFile { .. }
            | Self::Merge(_)
            | Self::Unwritable(_)
            | Self::Redact(_)
            | Self::Usage { .. }
            | Self::TargetFile { .. }
            | Self::FileUnwritable(_)
            | Self::StoredReport { .. }
            | Self::Cassette { .. }
            | Self::BaselineFile { .. }
            | Self::BaselineExists { .. }
            | Self::BaselineUnusual(_)
            | Self::Defects(ControlError::Missing | ControlError::Refused { .. }) => {
                Exit::WrongInput
            }
            Self::SignIn(error) => of_sign_in(error),
            #[cfg(not(feature = "embedded"))]
            Self::NoTarget => Exit::WrongInput,
            #[cfg(feature = "embedded")]
            Self::Embedded(_) => Exit::Incomplete,
            #[cfg(feature = "embedded")]
            Self::Agent(stop) => stop.exit(),
            Self::NotWritten(_)
            | Self::NotRecorded { .. }
            | Self::NotPrinted(_)
            | Self::Rescued { .. }
            | Self::Target(_)
            | Self::Runtime(_)
            | Self::NothingRan
            | Self::Defects(_)
            | Self::Report(_) => Exit::Incomplete,
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
            }
            | Self::UnknownDefect {
                near: Some(near), ..
            }
            | Self::UnknownVariation {
                near: Some(near), ..
            }
            | Self::UnknownRequirement {
                near: Some(near), ..
            } => Some(format!("did you mean `{near}`?")),
            Self::Unknown { name, near: None } => Some(if name.starts_with("agent") {
                "`atx agent list` names every case".to_owned()
            } else {
                "`atx list` names every case".to_owned()
            }),
            Self::Usage { help, .. } => Some(help.clone()),
            Self::SignIn(error) => Some(error.cure()),
            Self::Unwritable(_) => Some("choose another folder with --out".to_owned()),
            #[cfg(not(feature = "embedded"))]
            Self::NoTarget => Some("name one with --target FILE".to_owned()),
            Self::Defects(ControlError::Missing | ControlError::Refused { .. }) => Some(
                "a mock org can have defects on purpose; without --target one is started"
                    .to_owned(),
            ),
            Self::Merge(errors)
                if errors
                    .iter()
                    .all(|error| matches!(error, MergeError::Missing { .. })) =>
            {
                Some("with --partial the rest is put together, as an incomplete run".to_owned())
            }
            Self::Merge(_) => {
                Some("run every part with the same atx, target, edition and filters".to_owned())
            }
            Self::StoredReport { .. } => {
                Some("`atx run` writes one; name a report.json, or the folder it is in".to_owned())
            }
            Self::BaselineFile { path, error } if error.kind() == io::ErrorKind::NotFound => Some(
                format!("`atx baseline write {path}` makes one from the last run"),
            ),
            Self::BaselineExists { path } => Some(format!(
                "`atx baseline update {path}` edits it and keeps what you wrote"
            )),
            Self::BaselineUnusual(_) => {
                Some("begin each entry on a line of its own: `- case: …`".to_owned())
            }
            Self::Rescued { path, .. } => Some(format!(
                "what was measured is in {}; `atx report --from` makes the other reports from it",
                path.display()
            )),
            Self::NotWritten(_) => Some("the run is over; its verdicts are above".to_owned()),
            _ => None,
        }
    }
}
