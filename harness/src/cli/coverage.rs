//! `atx coverage`: which requirements a run tests.

use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use strict_yaml::did_you_mean;
use tokio::runtime::Runtime;

use super::load::{self, Library};
use super::run::{NEWEST, embedded, interrupt};
use super::select::{begins, cited, glob};
use super::target_file::TargetOptions;
use super::{Exit, Trouble, style};
use crate::coverage::{Evidence, coverage, json, paper, summary, tabbed};
use crate::files;
use crate::report::ReportError;
use crate::report::console::{Console, Progress};
use crate::requirement::{Excluded, Profile, Requirement};
use crate::result::{Collector, EventSink, RunEvent};
use crate::run::{self, RunOptions};
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, Rule};
use crate::selftest::Matrix;
use crate::targets::Target;

/// Run the scenarios and tell which requirements they test
///
/// A requirement is tested when a check that cites it was judged, and when a defect has shown that such a check can
/// fail (see `atx selftest`). One line a requirement on stdout, tab-separated where stdout is not a terminal; counts and
/// what is untested on stderr. Exits as `atx run` does.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these requirements: an id or its group (idjag.typ, idjag), a role (resource-as), a profile (okta) or a tier
    /// (core). `*` stands for anything. Several filters add up
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    #[command(flatten)]
    target: TargetOptions,

    /// Edition of Okta's guide to follow [default: the target's, or the newest]
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Judge by this profile, whatever the target file names; `base` is always judged. May be given more than once
    #[arg(long, value_parser = load::profile_parser(), value_name = "PROFILE")]
    profile: Vec<Profile>,

    /// A selftest.json that says which checks can fail, instead of the one inside the program
    #[arg(long, value_name = "FILE")]
    selftest: Option<PathBuf>,

    /// How many cases run at once [default: 8]
    #[arg(long, value_parser = load::jobs, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// One JSON document on stdout
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let mut library = load::library(None)?;
    check_filters(args, &library)?;
    let matrix = matrix(args.selftest.as_deref())?;
    let scenarios = citing(std::mem::take(&mut library.scenarios), args, &library);
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let target = match &args.target.resolved().target {
        Some(file) => Target::new(load::target(file)?)?,
        None => embedded(
            args.edition.unwrap_or(NEWEST),
            args.filters.is_empty(),
            &runtime,
        )?,
    };
    let target = load::judged(target, &args.profile);
    let edition = args.edition.or(target.deployment().edition);
    let mut options = RunOptions::new(edition.unwrap_or(NEWEST));
    options.jobs = args.jobs.map_or(options.jobs, NonZeroUsize::get);
    options.invariants = library.invariants.clone();
    runtime.spawn(interrupt::watch(options.cancel.clone()));

    let library = library.under(&target.deployment().profiles);
    let notes = library.notes();
    let mut listeners = Listeners {
        collector: Collector::new(notes.clone()),
        // Where a bar can be drawn; a line a case would bury what coverage has to tell.
        console: (terminal.progress == Progress::Bar)
            .then(|| Console::new(io::stderr(), terminal.stderr, Progress::Bar, notes)),
    };
    let running = run::run(
        scenarios,
        &library.catalogue,
        &target,
        &options,
        &mut listeners,
    );
    runtime.block_on(running);
    let Listeners { collector, console } = listeners;
    if let Some(console) = console {
        console.finish();
    }
    let result = collector.finish().ok_or(Trouble::NothingRan)?;
    let evidence = Evidence {
        catalogue: &library.catalogue,
        run: &result,
        deployment: target.deployment(),
        matrix: &matrix,
        excluded: Excluded::embedded(),
    };
    let covered = coverage(evidence, &|requirement| wants(&args.filters, requirement));
    style::print(&if args.json {
        json(&covered).map_err(ReportError::from)?
    } else if terminal.read_by_person {
        paper(&covered, terminal.stdout)
    } else {
        tabbed(&covered)
    })?;
    style::to_stderr(&summary(&covered, terminal.stderr));
    let exit = Exit::of(&result);
    if exit != Exit::Fine {
        style::to_stderr(&format!("{} `atx run` tells more.\n", result.sentence()));
    }
    Ok(exit)
}

/// A filter that names no requirement is a mistake.
fn check_filters(args: &Args, library: &Library) -> Result<(), Trouble> {
    let all = || library.catalogue.iter();
    let unknown = args.filters.iter().find(|filter| {
        let filter = std::slice::from_ref(*filter);
        !all().any(|requirement| wants(filter, requirement))
    });
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let names = all().map(|requirement| requirement.id.as_str());
    Err(Trouble::UnknownRequirement {
        name: unknown.clone(),
        near: did_you_mean(unknown, names).map(str::to_owned),
    })
}

fn wants(filters: &[String], requirement: &Requirement) -> bool {
    let names = |filter: &String| {
        let id = requirement.id.as_str();
        let words = [requirement.role.as_str(), requirement.tier.as_str()];
        let mut profiles = requirement.levels.iter().map(|one| one.profile.as_str());
        begins(id, filter, '.')
            || glob(filter, id)
            || words.contains(&filter.as_str())
            || profiles.any(|profile| profile == filter)
    };
    filters.is_empty() || filters.iter().any(names)
}

/// The scenarios and cases that cite a wanted requirement, with their twins.
fn citing(scenarios: Vec<Scenario>, args: &Args, library: &Library) -> Vec<Scenario> {
    if args.filters.is_empty() {
        return scenarios;
    }
    let wanted: BTreeSet<&str> = library
        .catalogue
        .iter()
        .filter(|requirement| wants(&args.filters, requirement))
        .map(|requirement| requirement.id.as_str())
        .collect();
    // What a rule for every answer cites may be met anywhere.
    let mut of_rules = library.invariants.rules.iter().flat_map(Rule::cited);
    if of_rules.any(|id| wanted.contains(id.as_str())) {
        return scenarios;
    }
    let kept = scenarios.into_iter().filter_map(|mut scenario| {
        let mut cases = std::mem::take(&mut scenario.cases);
        cases.retain(|case| {
            cited(&scenario, Some(case))
                .iter()
                .any(|id| wanted.contains(id))
        });
        let some = !cases.is_empty() || cited(&scenario, None).iter().any(|id| wanted.contains(id));
        scenario.cases = cases;
        some.then_some(scenario)
    });
    kept.collect()
}

/// Which checks can fail: what a selftest has shown.
fn matrix(file: Option<&Path>) -> Result<Matrix, Trouble> {
    let Some(file) = file else {
        return Ok(Matrix::embedded().map_err(ReportError::from)?);
    };
    let trouble = |why: String| Trouble::MatrixFile {
        path: file.display().to_string(),
        why,
    };
    let text = files::text(file, files::GENERATED).map_err(|error| trouble(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| trouble(error.to_string()))
}

/// Keeps what happens and shows how far it is.
struct Listeners {
    collector: Collector,
    console: Option<Console<io::Stderr>>,
}

impl EventSink for Listeners {
    fn on_event(&mut self, event: &RunEvent) {
        self.collector.on_event(event);
        if let Some(console) = &mut self.console {
            console.on_event(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Catalogue;

    #[test]
    fn a_filter_is_a_requirement_its_group_or_a_word_that_describes_it() {
        let typ = Catalogue::embedded().get("idjag.typ").unwrap();
        for (filter, fits) in [
            ("idjag.typ", true),
            ("idjag", true),
            ("idj", false),
            ("*typ", true),
            ("idp-as", true),
            ("resource-as", false),
            ("base", true),
            ("core", true),
        ] {
            assert_eq!(wants(&[filter.to_owned()], typ), fits, "{filter}");
        }
        assert!(wants(&[], typ));
    }
}
