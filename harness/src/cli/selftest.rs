//! `atx selftest`: proof that the checks bite.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use indicatif::{ProgressBar, ProgressDrawTarget};
use strict_yaml::did_you_mean;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::load::{self, Library};
use super::out_dir::OutDir;
use super::run::{NEWEST, embedded, interrupt};
use super::select::{FILTER_HELP, glob};
use super::{Exit, Trouble, rules, style};
use crate::report::console::{Closing, Progress, summary};
use crate::report::text::count;
use crate::scenario::model::{Edition, Invariants, Scenario};
use crate::selftest::{
    self, Choice, Defect, Event, Fate, Input, Matrix, Registry, Row, SelftestError,
};
use crate::target::{Target, config};

/// More orgs than this only get into each other's way.
const MOST_ORGS: usize = 8;
/// Cases at once on one org.
const JOBS: usize = 4;
/// The two files of the matrix.
const FILES: [&str; 2] = ["selftest.json", "selftest.md"];

/// Give a mock org one defect after the other, and see whether the checks notice
///
/// A defect is a refusal that is not made (`mute/…`) or an answer that is not what it should be (`bend/…`). For each,
/// the cases that meet it are run. It must be caught by a check that cites a requirement which the defect breaks.
/// Without --target, mock orgs are started and both editions are tried. Writes selftest.json and selftest.md.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    filters: Vec<String>,

    /// Only this defect; `*` stands for anything (mute/*). May be given more than once
    #[arg(long, value_name = "ID")]
    defect: Vec<String>,

    /// Run every case under each defect, and not only those that meet it
    #[arg(long)]
    full: bool,

    /// A file that describes a served mock org; nobody else may use that org meanwhile
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,

    /// Follow this edition only
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// How many cases run at once on one org [default: 4]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// The folder that the matrix is written to
    #[arg(long, value_name = "DIR", default_value = "reports/out")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let mut library = load::library(None)?;
    let chosen = rules::choose(
        std::mem::take(&mut library.scenarios),
        library.invariants.clone(),
        &args.filters,
    )?;
    let registry = Registry::embedded().map_err(|problems| vec![problems])?;
    let out = OutDir::open(&args.out).map_err(Trouble::Unwritable)?;
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let cancel = CancellationToken::new();
    runtime.spawn(interrupt::watch(cancel.clone()));
    let mut selftest = Selftest {
        args,
        terminal,
        runtime,
        library,
        scenarios: chosen.scenarios,
        invariants: chosen.invariants,
        registry,
        cancel,
        rows: Vec::new(),
        editions: Vec::new(),
    };
    match selftest.editions() {
        Ok(()) => conclude(selftest, &out),
        Err(Stop::Trouble(trouble)) => Err(trouble),
        Err(Stop::NotClean(exit)) => Ok(exit),
    }
}

/// Why there is no matrix.
enum Stop {
    Trouble(Trouble),
    /// The clean run is not clean, and that has been told.
    NotClean(Exit),
}

impl<T: Into<Trouble>> From<T> for Stop {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

struct Selftest<'a> {
    args: &'a Args,
    terminal: style::Terminal,
    runtime: Runtime,
    library: Library,
    scenarios: Vec<Scenario>,
    invariants: Arc<Invariants>,
    registry: Registry,
    cancel: CancellationToken,
    rows: Vec<Row>,
    editions: Vec<Edition>,
}

impl Selftest<'_> {
    /// Edition by edition: what the first one does not catch is given to the next.
    fn editions(&mut self) -> Result<(), Stop> {
        if let Some(file) = &self.args.target {
            let target = Target::new(config::read(file)?)?;
            let edition = self.args.edition.or(target.deployment().edition);
            return self.edition(edition.unwrap_or(NEWEST), &[target]);
        }
        let editions = match self.args.edition {
            Some(edition) => vec![edition],
            None => Edition::ALL.into_iter().rev().collect(),
        };
        for edition in editions {
            let orgs = available_parallelism().map_or(1, NonZeroUsize::get);
            let mut targets = Vec::new();
            for _ in 0..orgs.min(MOST_ORGS) {
                targets.push(embedded(edition, true, &self.runtime)?);
            }
            self.edition(edition, &targets)?;
        }
        Ok(())
    }

    fn edition(&mut self, edition: Edition, targets: &[Target]) -> Result<(), Stop> {
        let defects = match targets.first() {
            Some(target) => self.runtime.block_on(selftest::defects(target))?,
            None => Vec::new(),
        };
        self.registry
            .check(&defects)
            .map_err(|problems| vec![problems])?;
        let defects = self.wanted(defects)?;
        let input = Input {
            scenarios: self.scenarios.clone(),
            invariants: self.invariants.clone(),
            catalogue: self.library.catalogue.clone(),
            registry: self.registry.clone(),
            edition,
            jobs: self.args.jobs.map_or(JOBS, NonZeroUsize::get),
            choice: if self.args.full {
                Choice::Full
            } else {
                Choice::Touched
            },
            cancel: self.cancel.clone(),
        };
        let bar = (self.terminal.progress == Progress::Bar)
            .then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(15)));
        let mut tell = |event: Event<'_>| told(&event, edition, bar.as_ref());
        let running = selftest::selftest(targets, defects, input, &mut tell);
        let rows = self.runtime.block_on(running);
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        let rows = match rows {
            Ok(rows) => rows,
            Err(SelftestError::Control(error)) => return Err(error.into()),
            Err(SelftestError::NotClean(result)) => {
                let closing = Closing {
                    folder: None,
                    files: &[],
                    run_options: "",
                    show_options: "",
                };
                style::tell(&summary(&result, &closing, self.terminal.stderr));
                style::tell("no defect was tried: without any, the run must be clean\n");
                return Err(Stop::NotClean(match Exit::of(&result) {
                    Exit::Fine => Exit::Incomplete,
                    exit => exit,
                }));
            }
        };
        self.editions.push(edition);
        for row in rows {
            let before = self.rows.iter().position(|before| before.id == row.id);
            let row = match before {
                Some(at) => self.rows.swap_remove(at).or(row),
                None => row,
            };
            self.rows.push(row);
        }
        Ok(())
    }

    /// The defects that are asked for and were not caught yet.
    fn wanted(&self, mut defects: Vec<Defect>) -> Result<Vec<Defect>, Trouble> {
        for asked in &self.args.defect {
            if !defects.iter().any(|defect| glob(asked, &defect.id)) {
                let ids = defects.iter().map(|defect| defect.id.as_str());
                let near = did_you_mean(asked, ids).map(str::to_owned);
                let name = asked.clone();
                return Err(Trouble::UnknownDefect { name, near });
            }
        }
        let asked = &self.args.defect;
        defects.retain(|defect| {
            let caught = |row: &Row| row.id == defect.id && row.fate == Fate::Caught;
            (asked.is_empty() || asked.iter().any(|asked| glob(asked, &defect.id)))
                && !self.rows.iter().any(caught)
        });
        Ok(defects)
    }
}

fn told(event: &Event<'_>, edition: Edition, bar: Option<&ProgressBar>) {
    match event {
        Event::Clean { cases, defects } => {
            style::tell(&format!(
                "edition {edition}: {} clean, now {}\n",
                count(*cases, "case"),
                count(*defects, "defect")
            ));
            if let Some(bar) = bar {
                bar.set_length(u64::try_from(*defects).unwrap_or_default());
            }
        }
        Event::Judged(_) => {
            if let Some(bar) = bar {
                bar.inc(1);
            }
        }
    }
}

fn conclude(selftest: Selftest<'_>, out: &OutDir) -> Result<Exit, Trouble> {
    let mut rows = selftest.rows;
    if !selftest.args.filters.is_empty() {
        // Of the cases that were left out nothing can be said.
        rows.retain(|row| row.fate != Fate::Untouched);
    }
    let editions = selftest.editions.iter().map(Edition::to_string).collect();
    let matrix = Matrix::new(editions, rows);
    let json = selftest::json(&matrix).map_err(crate::report::ReportError::from)?;
    let written = out
        .write(FILES[0], &json)
        .and_then(|()| out.write(FILES[1], &selftest::markdown(&matrix)));
    style::tell(&selftest::summary(&matrix, selftest.terminal.stderr));
    written.map_err(Trouble::NotWritten)?;
    style::tell(&format!(
        "matrix: {} ({})\n",
        out.path().display(),
        FILES.join(", ")
    ));
    Ok(exit(&matrix))
}

/// A defect that nobody notices is a hole in the checks, and counts as a nonconformance of the kit.
fn exit(matrix: &Matrix) -> Exit {
    let hole = |row: &Row| !row.fate.is_fine() && row.fate != Fate::NotRun;
    if matrix.defects.iter().any(hole) {
        Exit::Nonconformance
    } else if matrix.summary.not_run > 0 || matrix.defects.is_empty() {
        Exit::Incomplete
    } else {
        Exit::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_outweighs_what_was_not_run() {
        let matrix = |fates: &[Fate]| {
            let rows = fates.iter().map(|fate| Row::new("x", "y", *fate));
            Matrix::new(Vec::new(), rows.collect())
        };
        for (fates, code) in [
            (&[Fate::Caught, Fate::Equivalent][..], Exit::Fine),
            (&[], Exit::Incomplete),
            (&[Fate::Caught, Fate::NotRun], Exit::Incomplete),
            (&[Fate::Survived, Fate::NotRun], Exit::Nonconformance),
            (&[Fate::Elsewhere], Exit::Nonconformance),
            (&[Fate::Untouched], Exit::Nonconformance),
            (&[Fate::Stale], Exit::Nonconformance),
        ] {
            assert_eq!(exit(&matrix(fates)), code, "{fates:?}");
        }
    }
}
