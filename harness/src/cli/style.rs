//! The terminal: what goes to which stream, how wide it is, whether it has colour.

use std::io::{self, IsTerminal, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::AnsiColor;
use clap::builder::Styles;

use super::Trouble;
use crate::presentation::ci_commands::disarmed;
use crate::presentation::terminal::Look;
use crate::report::console::Progress;

/// Colours of the help texts: those of the reports.
pub(super) const HELP: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Ends the main help.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  all fine: every case was judged, or skipped with a reason, and nothing is unexpected
  1  a nonconformance: the target breaks a requirement, or does what --fail-on names
  2  the input is wrong: an argument, a scenario, a target file, an unwritable folder
  3  incomplete: the target was not reached or its file is probably wrong, a resource type could
     not be entered, the run was interrupted, cases could not be judged

Results for machines go to stdout, everything else to stderr. NO_COLOR turns colour off.";

/// Width where nothing says how wide the reader's page is.
const UNKNOWN_WIDTH: usize = 100;

/// What is known of the two streams.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    /// For talk.
    pub(super) stderr: Look,
    /// For results that people read.
    pub(super) stdout: Look,
    /// Whether a person reads stdout, and not a program.
    pub(super) read_by_person: bool,
    /// Whether a bar can be drawn.
    pub(super) progress: Progress,
}

impl Terminal {
    /// Asks the environment, once.
    pub(super) fn detect() -> Self {
        let width = width();
        let colour = |choice| choice != ColorChoice::Never;
        Self {
            stderr: Look::new(width, colour(AutoStream::choice(&io::stderr()))),
            stdout: Look::new(width, colour(AutoStream::choice(&io::stdout()))),
            read_by_person: io::stdout().is_terminal(),
            progress: if io::stderr().is_terminal() {
                Progress::Bar
            } else {
                Progress::Lines
            },
        }
    }
}

/// A result that people read as well, on stdout.
///
/// # Errors
/// As [`deliver`].
pub(super) fn print(text: &str) -> Result<(), Trouble> {
    deliver(&disarmed(text))
}

/// A result for programs, on stdout, as it is. A reader that has gone away, as `| head` does, has all that it wanted.
///
/// # Errors
/// When it cannot be written, because the disk is full.
pub(super) fn deliver(text: &str) -> Result<(), Trouble> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Trouble::NotPrinted(error)),
        _ => Ok(()),
    }
}

/// Talk, on stderr.
pub(super) fn to_stderr(text: &str) {
    let text = disarmed(text);
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// `COLUMNS`, because a user may ask for another width; else the terminal's.
fn width() -> usize {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    asked
        .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .unwrap_or(UNKNOWN_WIDTH)
}
