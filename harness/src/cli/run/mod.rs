//! `atx run`: scenarios against a target, shown as it happens, written when it is over.

mod choice;
pub(super) mod deadline;
mod extent;
pub(super) mod format;
pub(super) mod gate;
pub(super) mod interrupt;
pub(super) mod listeners;
mod options;
mod pace;
mod person;
mod plan;
mod record;
pub(super) mod redact;
mod rerun;
mod shard;
mod target;

use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::load::{self, Library};
use super::out_dir::OutDir;
use super::select::FILTER_HELP;
use super::target_file::TargetOptions;
use super::{Exit, Trouble, reports, style};
use crate::plan::Around;
use crate::report::console::{Closing, Console, Talk, Wire, brief, summary};
use crate::report::{Form, Format};
use crate::requirement::Profile;
use crate::result::{Collector, EventSink, FailOn, Incomplete, RunEvent, RunResult, StopCause};
use crate::run::{self, AtEnd, RunOptions, Tape, WaitingTime};
use crate::scenario::Scenario;
use crate::scenario::model::Edition;
use crate::secret::Secret;
use crate::targets::{Allowances, Target};
use choice::{Choice, choose};
use extent::{Extent, ExtentOptions};
use gate::Gate;
use listeners::Listeners;
use pace::PaceOptions;
use person::PersonOptions;
use record::Replayed;
use shard::Share;
pub(super) use target::embedded;
use target::{open_spare, open_target};

/// The edition where nothing else says which.
pub(super) const NEWEST: Edition = Edition::E2026_10;

/// Run scenarios against an org and judge what comes back
///
/// Without options and without a target file: starts a mock org, runs every scenario that is inside the program, and
/// writes reports/out/.
/// Progress, failures and a summary go to stderr. What the target cannot do is skipped, with the reason and a cure.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    #[command(flatten)]
    target: TargetOptions,

    /// Edition of Okta's guide to follow [default: the target's, or the newest]
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Judge by this profile, whatever the target file names; `base` is always judged. May be given more than once
    #[arg(long, value_parser = load::profile_parser(), value_name = "PROFILE")]
    profile: Vec<Profile>,

    /// A folder of scenarios instead of those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,

    /// The folder that reports are written to
    #[arg(long, value_name = "DIR", default_value = "reports/out")]
    out: PathBuf,

    /// Print one report on stdout, and nothing else there; the folder is written all the same
    #[arg(long, value_parser = format::parser(), value_name = "FORMAT")]
    format: Option<Format>,

    /// Only what failed, could not be judged or was not run in an earlier run [default: the report in the folder for
    /// reports]
    #[arg(long, value_name = "REPORT", num_args = 0..=1, require_equals = true)]
    #[expect(
        clippy::option_option,
        reason = "whether it is given, and whether with a file"
    )]
    rerun_failed: Option<Option<PathBuf>>,

    /// Only the i-th of n parts; `atx report merge` puts the reports of all parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Share>,

    /// Known deviations: these are expected, anything else is not, and one that is gone must leave the file. See
    /// `atx baseline`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// What breaks the run beside a MUST that does not hold: `warning`, a SHOULD that does not; `observed`, that and what
    /// deviates where the sources leave room
    #[arg(long, value_parser = load::fail_on_parser(), value_name = "LEAST")]
    fail_on: Option<FailOn>,

    /// How many cases run at once [default: 4 at a real org, else 8]
    #[arg(long, value_parser = load::jobs, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// The longest time the run may take, such as 90s or 1h; what was not run by then is reported as not run [default: 15m,
    /// without the time that it waits for limits of the target]
    #[arg(long, value_parser = deadline::read, value_name = "TIME")]
    deadline: Option<Duration>,

    #[command(flatten)]
    extent: ExtentOptions,

    #[command(flatten)]
    pace: PaceOptions,

    /// Do not check the target file before the run. Without this, a mistake in the file ends the run before its first case
    #[arg(long)]
    no_preflight: bool,

    #[command(flatten)]
    recording: record::Recording,

    /// Stop at the first failure or error; what was not run is reported as not run
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    person: PersonOptions,

    /// A variable of the environment whose value no output may show, besides the target's own secrets; may be repeated
    #[arg(long, value_name = "NAME")]
    redact_env: Vec<String>,

    /// Tell only what is wrong, and the verdict
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,

    /// Tell every case with its exchanges, and the wire where only a few cases run; -vv the wire of all
    #[arg(long, short, action = clap::ArgAction::Count)]
    verbose: u8,
}

impl Args {
    /// Whether the target file is checked before the run.
    const fn is_checked_first(&self) -> bool {
        self.target.target.is_some() && !self.no_preflight && self.recording.replay.is_none()
    }

    /// What happens around the cases.
    fn around(&self, target: &Target) -> Around {
        Around {
            preflight: self.is_checked_first(),
            revokes: target.deployment().is_real() && !self.extent.keep_tokens,
        }
    }

    const fn talk(&self) -> Talk {
        match (self.quiet, self.verbose) {
            (true, _) => Talk::Quiet,
            (false, 0) => Talk::Normal,
            (false, 1) => Talk::Verbose(None),
            (false, _) => Talk::Verbose(Some(Wire::Whole)),
        }
    }
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let mut library = load::library(args.scenarios.as_deref())?;
    let gate = Gate::open(args.baseline.as_deref(), args.fail_on, &library)?;
    let choice = match choose(&mut library, args)? {
        Ok(choice) => choice,
        Err(nothing) => return Ok(nothing),
    };
    let args = &Args {
        edition: choice.edition,
        profile: choice.profiles.clone(),
        target: if args.recording.replay.is_some() {
            args.target.clone()
        } else {
            args.target.resolved()
        },
        ..args.clone()
    };
    let redact = redact::read(&args.redact_env)?;
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let whole = choice.selection.is_none() && choice.shard.is_none() && !args.extent.is_part();
    if args.extent.plan {
        let target = open_target(args, whole, &runtime)?;
        return plan::show(args, library, choice, &target, terminal);
    }
    let asked = Asked {
        args,
        whole,
        redact,
        gate,
        runtime,
        terminal,
    };
    asked.carry_out(library, choice)
}

/// What the user asked for, once it is known that something can be run.
struct Asked<'a> {
    args: &'a Args,
    /// Whether it is the whole suite.
    whole: bool,
    redact: Vec<Secret>,
    gate: Option<Gate>,
    runtime: Runtime,
    terminal: style::Terminal,
}

impl Asked<'_> {
    fn carry_out(&self, library: Library, choice: Choice) -> Result<Exit, Trouble> {
        let (args, runtime) = (self.args, &self.runtime);
        let replayed = args.recording.replay()?;
        let replay = replayed.as_ref().map(|replayed| &replayed.replay);
        let target = match replay {
            Some(replay) => load::judged(replay.target.clone(), &args.profile),
            None => open_target(args, self.whole, runtime)?,
        };
        let tape = args.recording.tape(replayed.as_ref())?;
        let mut options = run_options(args, &target);
        if let Some(replay) = replay {
            options.edition = replay.cassette.edition;
        }
        options.tape = tape.clone();
        let library = library.under(&target.deployment().profiles);
        let extent = Extent::of(choice, &args.extent, &library, &target, options.edition);
        extent.permitted(&target)?;
        // Only now: what ends here has run nothing, and must not take the reports of an earlier run away.
        let out = OutDir::open(&args.out).map_err(Trouble::Unwritable)?;
        out.clear(Format::ALL.map(|format| format.file))
            .map_err(Trouble::Unwritable)?;
        if !args.quiet && replay.is_none() {
            extent.print_cost(&target, options.edition, args.around(&target));
        }
        let choice = extent.choice;
        let spare = match replay {
            Some(replay) => replay.spare.clone(),
            None => open_spare(args, self.whole, runtime)?,
        };
        let look = self.terminal;
        let notes = library.notes();
        let again = options::again(args);
        let mut listeners = Listeners {
            collector: Collector::new(notes.clone()),
            console: Console::new(io::stderr(), look.stderr, look.progress, notes)
                .with_talk(args.talk())
                .with_show_options(&again.show),
            gate: self.gate.as_ref(),
        };
        choice.note_other_target(&target.deployment().name);
        options.redact.clone_from(&self.redact);
        options.spare = spare;
        options.invariants = choice.invariants;
        options.known = self.gate.as_ref().map(Gate::accepted).unwrap_or_default();
        conduct(
            runtime,
            &target,
            &library,
            choice.scenarios,
            &options,
            &mut listeners,
        );
        let Listeners {
            collector, console, ..
        } = listeners;
        console.finish();
        let mut result = collector.finish().ok_or(Trouble::NothingRan)?;
        result.selection = choice.selection;
        result.shard = choice.shard;
        result.again = again;
        if let Some(least) = args.fail_on {
            result.fail_on(least);
        }
        if let Some(gate) = &self.gate {
            gate.compare(&mut result);
        }
        if let Some(replayed) = &replayed {
            replayed.conclude(&mut result);
        }
        self.write(&result, &tape, &out, replayed.as_ref())
    }

    /// Writes the recording and the reports.
    fn write(
        &self,
        result: &RunResult,
        tape: &Tape,
        out: &OutDir,
        replayed: Option<&Replayed>,
    ) -> Result<Exit, Trouble> {
        let (args, terminal) = (self.args, self.terminal);
        // Before the reports: of a run that cannot be repeated it must not be lost because one of them cannot be written.
        let recorded = args.recording.write(tape, result);
        let concluded = conclude(result, out, args.quiet, args.format, terminal);
        if let Some(replayed) = replayed {
            replayed.show_changes(result);
        }
        match (recorded, concluded) {
            (Ok(said), concluded) => {
                if let Some(said) = said {
                    style::to_stderr(&said);
                }
                concluded
            }
            (Err(trouble), Ok(_)) => Err(trouble),
            (Err(trouble), Err(other)) => {
                style::to_stderr(&trouble.page(terminal));
                Err(other)
            }
        }
    }
}

fn run_options(args: &Args, target: &Target) -> RunOptions {
    let edition = args
        .edition
        .or(target.deployment().edition)
        .unwrap_or(NEWEST);
    let mut options = RunOptions::new(edition);
    options.jobs = pace::jobs(args.jobs, target.deployment().kind, options.jobs);
    options.allowances = Allowances::of(options.jobs);
    options.preflight = args.is_checked_first();
    if args.extent.keep_tokens {
        options.at_end = AtEnd::KeepTokens;
    }
    options.fail_fast = args.fail_fast;
    options.deadline = args.deadline.unwrap_or(options.deadline);
    if args.deadline.is_some() {
        options.waiting = WaitingTime::Counts;
    }
    options.patience = args.pace.patience(options.patience);
    options.consent_within = args.person.consent_within(options.consent_within);
    options.asking = args.person.asking(target, &options.asking);
    options
}

/// Runs to the end, whatever happens: a harness that breaks down has still measured something.
fn conduct(
    runtime: &Runtime,
    target: &Target,
    library: &Library,
    scenarios: Vec<Scenario>,
    options: &RunOptions,
    listeners: &mut dyn EventSink,
) {
    runtime.spawn(interrupt::watch(options.cancel.clone()));
    let running = run::run(scenarios, &library.catalogue, target, options, listeners);
    let broke = catch_unwind(AssertUnwindSafe(|| runtime.block_on(running))).is_err();
    if broke {
        let reason =
            "the harness broke down; this is a defect of the harness, please report it".to_owned();
        let incomplete = Some(Incomplete::new(StopCause::Harness, reason));
        listeners.on_event(&RunEvent::RunDone {
            incomplete,
            milliseconds: 0.0,
        });
    }
}

/// Writes the reports, and says what they say even if they cannot be written.
pub(super) fn conclude(
    result: &RunResult,
    out: &OutDir,
    quiet: bool,
    format: Option<Format>,
    terminal: style::Terminal,
) -> Result<Exit, Trouble> {
    let written = reports::write(result, Form::Full, out);
    let closing = Closing {
        folder: written.is_ok().then(|| out.path()),
        files: &Format::ALL.map(|format| format.file),
        run_options: &result.again.run,
        show_options: &result.again.show,
    };
    let shown = if quiet {
        brief(result, &closing, terminal.stderr)
    } else {
        summary(result, &closing, terminal.stderr)
    };
    style::to_stderr(&shown);
    if let Some(format) = format {
        format::print(result, format, Form::Full)?;
    }
    written.map(|()| Exit::of(result))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::presentation::terminal::Look;
    use crate::report::console::Progress;
    use crate::result::sample;

    fn terminal() -> style::Terminal {
        let look = Look::new(100, false);
        style::Terminal {
            stderr: look,
            stdout: look,
            read_by_person: false,
            progress: Progress::Lines,
        }
    }

    fn args() -> Args {
        Args {
            filters: Vec::new(),
            target: TargetOptions::default(),
            edition: None,
            profile: Vec::new(),
            scenarios: None,
            out: PathBuf::new(),
            format: None,
            rerun_failed: None,
            shard: None,
            baseline: None,
            fail_on: None,
            jobs: None,
            deadline: None,
            extent: ExtentOptions::default(),
            pace: PaceOptions::default(),
            no_preflight: false,
            recording: record::Recording::default(),
            fail_fast: false,
            person: PersonOptions::default(),
            redact_env: Vec::new(),
            quiet: false,
            verbose: 0,
        }
    }

    #[test]
    fn what_repeats_a_run_is_what_was_asked_and_no_more() {
        assert!(options::again(&args()).is_empty());
        let asked = Args {
            target: TargetOptions {
                target: Some(PathBuf::from("my org.yaml")),
                mock: false,
            },
            scenarios: Some(PathBuf::from("mine")),
            profile: vec![Profile::Okta],
            out: PathBuf::from("elsewhere"),
            quiet: true,
            ..args()
        };
        let again = options::again(&asked);
        assert_eq!(
            (again.run.as_str(), again.show.as_str()),
            (
                " --target 'my org.yaml' --profile okta --scenarios mine",
                " --scenarios mine"
            )
        );
    }

    #[test]
    fn an_interrupted_run_is_written_and_exits_as_incomplete() {
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(folder.path()).unwrap();
        let exit = conclude(&sample::every_verdict(), &out, false, None, terminal()).unwrap();
        assert_eq!(exit, Exit::Incomplete);
        for format in Format::ALL {
            assert!(fs::metadata(folder.path().join(format.file)).unwrap().len() > 0);
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            Format::ALL.len()
        );
    }

    #[test]
    fn a_report_that_cannot_be_written_is_told_and_is_no_success() {
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(folder.path()).unwrap();
        fs::create_dir(folder.path().join("junit.xml")).unwrap();
        let trouble = conclude(&sample::all_well(), &out, false, None, terminal()).unwrap_err();
        assert_eq!(trouble.exit(), Exit::Incomplete);
        assert!(trouble.to_string().contains("junit.xml"), "{trouble}");
    }
}
