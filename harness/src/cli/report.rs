//! `atx report`: any format from a stored run, and one run from its parts.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::out_dir::OutDir;
use super::run::format;
use super::{Exit, Trouble, load, reports, stored, style};
use crate::report::{Form, Format};
use crate::result::{FailOn, Part, RunResult, merge};

/// Make reports of a stored run
///
/// Reads a report.json and writes every format of it, or prints one. Exits as the run did: 0 if all is fine, 1 if the
/// target breaks a requirement, 3 if the run is incomplete.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// The report.json of the run, or the folder that it is in
    #[arg(long, value_name = "REPORT", required = true)]
    from: Option<PathBuf>,

    #[command(flatten)]
    making: Making,
}

#[derive(Debug, Subcommand)]
enum Command {
    Merge(MergeArgs),
}

/// Put the parts of a run together that were made with --shard
///
/// The result is what one run of everything would have said. Reports of different targets, editions or versions, and
/// parts that are missing or there twice, are refused by name.
#[derive(Debug, clap::Args)]
struct MergeArgs {
    /// The report.json of each part, or the folder that it is in
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,

    /// Go on without parts that are missing; the run is incomplete then, and says so
    #[arg(long)]
    partial: bool,

    #[command(flatten)]
    making: Making,
}

#[derive(Debug, clap::Args)]
struct Making {
    /// Print one report on stdout, and nothing else there
    #[arg(long, value_parser = format::parser(), value_name = "FORMAT")]
    format: Option<Format>,

    /// What breaks the run beside a MUST that does not hold: `warning`, a SHOULD that does not; `observed`, that and what
    /// deviates where the sources leave room [default: as the run did]
    #[arg(long, value_parser = load::fail_on_parser(), value_name = "LEAST")]
    fail_on: Option<FailOn>,

    /// The folder that reports are written to [default: reports/out; with --format none is written]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    match (&args.command, &args.from) {
        (Some(Command::Merge(args)), _) => make(merged(&args.reports, args.partial)?, &args.making),
        (None, Some(from)) => make(stored::read(from)?, &args.making),
        // clap has seen to it that there is one of the two.
        (None, None) => Err(Trouble::NothingRan),
    }
}

fn merged(reports: &[PathBuf], partial: bool) -> Result<RunResult, Trouble> {
    let part = |path: &PathBuf| -> Result<Part, Trouble> {
        Ok(Part {
            name: path.display().to_string(),
            run: stored::read(path)?,
        })
    };
    let parts: Vec<Part> = reports.iter().map(part).collect::<Result<_, _>>()?;
    merge(parts, partial).map_err(Trouble::Merge)
}

fn make(mut run: RunResult, making: &Making) -> Result<Exit, Trouble> {
    if let Some(least) = making.fail_on {
        run.fail_on(least);
    }
    let run = &run;
    // The stable form of a report does not know when and where; nothing made of it pretends to.
    let form = if run.varying.started_at.is_empty() {
        Form::Stable
    } else {
        Form::Full
    };
    let folder = match (&making.out, making.format) {
        (Some(folder), _) => Some(folder.as_path()),
        (None, None) => Some(Path::new(stored::DEFAULT)),
        (None, Some(_)) => None,
    };
    if let Some(folder) = folder {
        let out = OutDir::open(folder).map_err(Trouble::Unwritable)?;
        reports::write(run, form, &out)?;
        let files = Format::ALL.map(|format| format.file).join(", ");
        style::to_stderr(&format!("reports: {} ({files})\n", folder.display()));
    }
    if let Some(format) = making.format {
        format::print(run, format, form)?;
    }
    style::to_stderr(&format!("{}\n", run.sentence()));
    Ok(Exit::of(run))
}
