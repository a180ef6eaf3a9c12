//! `atx selftest`: proof that the checks fail when they should, and only then.

mod conclude;

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
use crate::presentation::text::count;
use crate::report::console::{Closing, Progress, summary};
use crate::requirement::{Profile, Profiles};
use crate::result::RunResult;
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, Invariants};
use crate::selftest::tolerance::{self, Stage, Varied};
use crate::selftest::{
    self, Choice, Defect, Event, Fate, Input, Registry, Row, SelftestError, Variation,
};
use crate::targets::Target;
use conclude::conclude;

/// More orgs than this only get into each other's way.
const MOST_ORGS: usize = 8;
/// Cases at once on one org.
const JOBS: usize = 4;

/// Give a mock org one defect after the other, then lawful variations, and see whether the checks notice
///
/// A defect is a refusal that is not made (`mute/…`) or an answer that is not what it should be (`bend/…`). For each,
/// the cases that meet it are run. It must be caught by a check that cites a requirement which the defect breaks.
///
/// A variation (`vary/…`) is another lawful way to answer. Under profile `base` no check may notice it; under more
/// profiles only one that cites a requirement of a profile under which it is not lawful.
///
/// Without --target, mock orgs are started and both editions are tried. Writes selftest.json, selftest.md, tolerance.json
/// and tolerance.md.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Only this defect; `*` stands for anything (mute/*). May be given more than once. Without --variation no variation
    /// is tried
    #[arg(long, value_name = "ID")]
    defect: Vec<String>,

    /// Only this variation; `*` stands for anything. May be given more than once. Without --defect no defect is tried
    #[arg(long, value_name = "ID")]
    variation: Vec<String>,

    /// Judge defects by this profile, whatever the target file names; `base` is always judged. May be given more than
    /// once. Variations are judged by `base`, by `base` and `mcp-ema`, and by all
    #[arg(long, value_parser = load::profile_parser(), value_name = "PROFILE")]
    profile: Vec<Profile>,

    /// A folder of scenarios instead of those inside the program; its defects.yaml, where there is one, says what
    /// defects break
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,

    /// Run every case under each defect and variation, and not only those that meet it
    #[arg(long)]
    full: bool,

    /// A file that describes a served mock org; nobody else may use that org meanwhile. `ATX_TARGET` and `atx.yaml` do
    /// not count here: defects are for mock orgs only
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,

    /// Follow this edition only
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// How many cases run at once on one org [default: 4]
    #[arg(long, value_parser = load::jobs, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// The folder that the matrix is written to
    #[arg(long, value_name = "DIR", default_value = "reports/out")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let folder = args.scenarios.as_deref();
    let mut library = load::library(folder)?;
    let chosen = rules::choose(
        std::mem::take(&mut library.scenarios),
        library.invariants.clone(),
        &args.filters,
    )?;
    let registry = match folder {
        Some(folder) => Registry::of(folder, &library.catalogue),
        None => Registry::embedded(),
    }
    .map_err(|problems| vec![problems])?;
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
        varied: Vec::new(),
        profiles: Profiles::default(),
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
    /// The clean run is not clean, and the user has been shown that.
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
    varied: Vec<Varied>,
    /// The profiles that judge defects.
    profiles: Profiles,
    editions: Vec<Edition>,
}

impl Selftest<'_> {
    /// Edition by edition: what the first one does not catch is given to the next.
    fn editions(&mut self) -> Result<(), Stop> {
        if let Some(file) = &self.args.target {
            let target = Target::new(load::target(file)?)?;
            let edition = self.args.edition.or(target.deployment().edition);
            let edition = edition.unwrap_or(NEWEST);
            return self.edition(edition, |_| Ok(vec![target.clone()]));
        }
        let editions = match self.args.edition {
            Some(edition) => vec![edition],
            None => Edition::ALL.into_iter().rev().collect(),
        };
        for edition in editions {
            self.edition(edition, |runtime| {
                let orgs = available_parallelism().map_or(1, NonZeroUsize::get);
                let orgs = (0..orgs.min(MOST_ORGS)).map(|_| embedded(edition, true, runtime));
                orgs.collect()
            })?;
        }
        Ok(())
    }

    /// Keys that were rotated stay published, so that an org becomes slower with each run: `orgs` are asked for twice.
    fn edition(
        &mut self,
        edition: Edition,
        orgs: impl Fn(&Runtime) -> Result<Vec<Target>, Trouble>,
    ) -> Result<(), Stop> {
        if self.tries_defects() {
            let targets = orgs(&self.runtime)?;
            self.defects(edition, &targets)?;
        }
        if self.tries_variations() {
            let targets = orgs(&self.runtime)?;
            self.variations(edition, &targets)?;
        }
        self.editions.push(edition);
        Ok(())
    }

    const fn tries_defects(&self) -> bool {
        self.args.variation.is_empty() || !self.args.defect.is_empty()
    }

    const fn tries_variations(&self) -> bool {
        self.args.defect.is_empty() || !self.args.variation.is_empty()
    }

    fn defects(&mut self, edition: Edition, targets: &[Target]) -> Result<(), Stop> {
        let targets: Vec<Target> = (targets.iter())
            .map(|target| load::judged(target.clone(), &self.args.profile))
            .collect();
        let defects = match targets.first() {
            Some(target) => {
                self.profiles = target.deployment().profiles.clone();
                self.runtime.block_on(selftest::defects(target))?
            }
            None => Vec::new(),
        };
        self.registry
            .check(&defects)
            .map_err(|problems| vec![problems])?;
        let defects = self.wanted(defects)?;
        let bar = self.bar();
        let mut report = |event: Event<'_>| report_progress(&event, edition, bar.as_ref());
        let running = selftest::selftest(&targets, defects, self.input(edition), &mut report);
        let rows = self.runtime.block_on(running);
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        for row in self.clean(rows, "defect")? {
            let before = self.rows.iter().position(|before| before.id == row.id);
            let row = match before {
                Some(at) => self.rows.swap_remove(at).or(row),
                None => row,
            };
            self.rows.push(row);
        }
        Ok(())
    }

    fn variations(&mut self, edition: Edition, targets: &[Target]) -> Result<(), Stop> {
        let mut variations = match targets.first() {
            Some(target) => self.runtime.block_on(tolerance::variations(target))?,
            None => Vec::new(),
        };
        let asked = &self.args.variation;
        let ids = variations.iter().map(|one| one.id.as_str()).collect();
        if let Some((name, near)) = unknown(asked, &ids) {
            return Err(Trouble::UnknownVariation { name, near }.into());
        }
        let is_asked = |one: &Variation| asked.iter().any(|asked| glob(asked, &one.id));
        variations.retain(|one| asked.is_empty() || is_asked(one));
        let bar = self.bar();
        let mut show = |event: Stage<'_>| match event {
            Stage::Clean { variations } => {
                style::to_stderr(&format!(
                    "edition {edition}: now {}\n",
                    count(variations, "variation")
                ));
                if let Some(bar) = &bar {
                    bar.set_length(3);
                }
            }
            Stage::Judged(_) => {
                if let Some(bar) = &bar {
                    bar.inc(1);
                }
            }
        };
        let sets = tolerance::judged_by();
        let input = self.input(edition);
        let running = tolerance::tolerance(targets, variations, input, &sets, &mut show);
        let rows = self.runtime.block_on(running);
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        for row in self.clean(rows, "variation")? {
            let before = self.varied.iter().position(|before| before.id == row.id);
            let row = match before {
                Some(at) => self.varied.swap_remove(at).and(row),
                None => row,
            };
            self.varied.push(row);
        }
        Ok(())
    }

    fn input(&self, edition: Edition) -> Input {
        Input {
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
        }
    }

    fn bar(&self) -> Option<ProgressBar> {
        (self.terminal.progress == Progress::Bar)
            .then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(15)))
    }

    /// What was found, or why nothing is: the clean run is shown.
    fn clean<T>(&self, found: Result<T, SelftestError>, what: &str) -> Result<T, Stop> {
        match found {
            Ok(found) => Ok(found),
            Err(SelftestError::Control(error)) => Err(error.into()),
            Err(SelftestError::NotClean(result)) => {
                Err(Stop::NotClean(not_clean(&result, what, self.terminal)))
            }
        }
    }

    /// The defects that are asked for and were not caught yet.
    fn wanted(&self, mut defects: Vec<Defect>) -> Result<Vec<Defect>, Trouble> {
        let ids = defects.iter().map(|defect| defect.id.as_str()).collect();
        if let Some((name, near)) = unknown(&self.args.defect, &ids) {
            return Err(Trouble::UnknownDefect { name, near });
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

fn report_progress(event: &Event<'_>, edition: Edition, bar: Option<&ProgressBar>) {
    match event {
        Event::Clean { cases, defects } => {
            style::to_stderr(&format!(
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

/// The first pattern that fits none of these, and what was perhaps meant.
fn unknown(asked: &[String], ids: &Vec<&str>) -> Option<(String, Option<String>)> {
    let fits = |asked: &&String| !ids.iter().any(|id| glob(asked, id));
    let name = asked.iter().find(fits)?;
    let near = did_you_mean(name, ids.iter().copied()).map(str::to_owned);
    Some((name.clone(), near))
}

/// Shows a clean run that is not clean.
fn not_clean(result: &RunResult, what: &str, terminal: style::Terminal) -> Exit {
    let closing = Closing {
        folder: None,
        files: &[],
        run_options: "",
        show_options: "",
    };
    style::to_stderr(&summary(result, &closing, terminal.stderr));
    let profiles = result.target.profile_names();
    style::to_stderr(&format!(
        "no {what} was tried: without any, the run must be clean (judged by {profiles})\n"
    ));
    match Exit::of(result) {
        Exit::Fine => Exit::Incomplete,
        exit => exit,
    }
}
