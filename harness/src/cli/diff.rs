//! `atx diff`: two stored runs side by side.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::out_dir::OutDir;
use super::{Exit, Trouble, replayed, style};
use crate::diff::{self, Diff};

/// Ends the help.
const EXIT_CODES: &str = "\
Exit codes:
  0  nothing differs
  1  something differs
  2  the input is wrong: a report cannot be read, a file cannot be written";

/// Compare two runs: verdicts, findings, and what was observed where both passed
///
/// Between two targets, such as the mock and a real org, or one target yesterday and today. Of answers that passed in both
/// runs, status, headers, members, claims, their types and order are compared. Times, ids, addresses and fingerprints are
/// not. What differs in the same way in many cases is reported once.
///
/// A recording (`atx run --record`) stands for the run that it is of, judged by the scenarios inside this program.
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    /// A report.json, the folder it is in, or a recording
    #[arg(value_name = "A")]
    a: PathBuf,

    /// The other one
    #[arg(value_name = "B")]
    b: PathBuf,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Console, value_name = "FORMAT")]
    format: Format,

    /// Write it to a file instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Text for a terminal
    Console,
    /// For a pull request or a step summary
    Markdown,
    /// A page for a browser
    Html,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let (a, b) = (replayed::result(&args.a)?, replayed::result(&args.b)?);
    let name = |path: &Path| path.display().to_string();
    let (name_a, name_b) = (name(&args.a), name(&args.b));
    let diff = diff::diff((&name_a, &a), (&name_b, &b));
    let text = render(&diff, args, terminal);
    match &args.out {
        Some(file) => {
            OutDir::write_file(file, &text).map_err(Trouble::FileUnwritable)?;
            style::to_stderr(&format!("{}\nwrote {}\n", diff.sentence(), file.display()));
        }
        None => style::print(&text)?,
    }
    Ok(if diff.is_empty() {
        Exit::Fine
    } else {
        Exit::Differs
    })
}

fn render(diff: &Diff, args: &Args, terminal: style::Terminal) -> String {
    match args.format {
        // A file has no colour.
        Format::Console if args.out.is_some() => diff::console(diff, terminal.stdout.plain()),
        Format::Console => diff::console(diff, terminal.stdout),
        Format::Markdown => diff::markdown(diff),
        Format::Html => diff::html(diff),
    }
}
