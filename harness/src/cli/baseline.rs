//! `atx baseline`: makes and edits the file of known deviations.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::out_dir::OutDir;
use super::{Exit, Trouble, load, stored, style};
use crate::baseline::{self, Change};
use crate::files;
use crate::presentation::text::{count, visible};
use crate::result::RunResult;

/// After entries were written without a reason.
const WAITING: &str = "each new entry waits for its reason; `atx run --baseline` takes the file when they are written\n";

/// Make or edit the file of a target's known deviations
///
/// `atx run --baseline FILE` expects what the file names and nothing else. Both commands read the report of a run that
/// is over; nothing is sent anywhere.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a new file that names every failure and error of a run
    ///
    /// Each entry waits for its reason: until that is written, `atx run --baseline` refuses the file.
    Write(FileArgs),
    /// Bring a file up to what a run found
    ///
    /// Removes what no longer deviates, changes what deviates in another way, adds what is missing. What the run skipped
    /// or did not reach keeps its entry. Comments, order and layout stay.
    Update(UpdateArgs),
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// The file of known deviations
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// A report.json, or the folder it is in
    #[arg(long, value_name = "REPORT", default_value = stored::DEFAULT)]
    from: PathBuf,

    /// The reason of every new entry
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: Option<String>,
}

#[derive(Debug, clap::Args)]
struct UpdateArgs {
    #[command(flatten)]
    common: FileArgs,

    /// The folder of scenarios that was run, if not those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let shown = match &args.what {
        What::Write(args) => write(args)?,
        What::Update(args) => update(args)?,
    };
    style::to_stderr(&shown);
    Ok(Exit::Fine)
}

fn write(args: &FileArgs) -> Result<String, Trouble> {
    let run = stored::read(&args.from)?;
    let path = args.file.display();
    // A link that leads nowhere is in the way too.
    if fs::symlink_metadata(&args.file).is_ok() {
        return Err(Trouble::BaselineExists {
            path: path.to_string(),
        });
    }
    let text = baseline::write(&run, args.reason.as_deref());
    OutDir::write_file(&args.file, &text).map_err(Trouble::FileUnwritable)?;
    let entries = baseline::count(&run);
    let mut shown = format!("wrote {path}: {}\n", count(entries, "known deviation"));
    shown.push_str(&unseen(&run));
    if entries > 0 && args.reason.is_none() {
        shown.push_str(WAITING);
    }
    Ok(shown)
}

fn update(args: &UpdateArgs) -> Result<String, Trouble> {
    let UpdateArgs {
        common: args,
        scenarios,
    } = args;
    let run = stored::read(&args.from)?;
    let text = read(&args.file)?;
    let mut known = load::library(scenarios.as_deref())?.known();
    known
        .cases
        .extend(run.results.iter().map(|case| case.id.clone()));
    known.requirements.extend(run.requirements.keys().cloned());
    let path = args.file.display().to_string();
    let reason = args.reason.as_deref();
    let updated = baseline::update((&path, &text), &known, &run, reason, today())?;
    if updated.text != text {
        OutDir::write_file(&args.file, &updated.text).map_err(Trouble::FileUnwritable)?;
    }
    let mut shown = String::new();
    for change in &updated.changes {
        let _ = writeln!(shown, "{}", visible(&change.to_string()));
    }
    if updated.changes.is_empty() {
        shown = format!("{path} is up to date\n");
    }
    shown.push_str(&unseen(&run));
    let added = |change: &Change| matches!(change, Change::Added { .. });
    if reason.is_none() && updated.changes.iter().any(added) {
        shown.push_str(WAITING);
    }
    Ok(shown)
}

/// A baseline made of half a run may lack what the other half would have shown.
fn unseen(run: &RunResult) -> String {
    match run.summary.not_run {
        0 => String::new(),
        cases => format!(
            "that run was incomplete: {} did not run, and nothing is said of {}\n",
            count(cases, "case"),
            if cases == 1 { "it" } else { "them" }
        ),
    }
}

/// Reads a baseline as text.
pub(super) fn read(file: &Path) -> Result<String, Trouble> {
    files::text(file, files::WRITTEN).map_err(|error| Trouble::BaselineFile {
        path: file.display().to_string(),
        error,
    })
}

/// The day, in UTC: a gate opens and closes at the same moment everywhere.
pub(super) fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// A reason that the reader would refuse is refused here.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if baseline::is_reason(text) {
        Ok(text.to_owned())
    } else {
        Err("it says nothing".to_owned())
    }
}
