//! Recordings of runs, read from files and judged again.

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::select::result_id;
use super::{Trouble, load, rules, stored};
use crate::cassette::{Cassette, is_cassette};
use crate::files;
use crate::result::{Collector, RunResult};
use crate::run::{self, RunOptions, Tape};
use crate::targets::Target;

/// Reads a recording.
pub(super) fn read(path: &Path) -> Result<Cassette, Trouble> {
    parse(path, &text(path)?)
}

fn text(path: &Path) -> Result<String, Trouble> {
    files::text(path, files::GENERATED).map_err(|error| unreadable(path, &error.to_string()))
}

fn parse(path: &Path, text: &str) -> Result<Cassette, Trouble> {
    Cassette::read(text).map_err(|error| unreadable(path, &error.to_string()))
}

fn unreadable(path: &Path, why: &str) -> Trouble {
    Trouble::Cassette {
        path: path.display().to_string(),
        why: why.to_owned(),
    }
}

/// What a stored run says: a report, or a recording judged by the scenarios of this program.
pub(super) fn result(path: &Path) -> Result<RunResult, Trouble> {
    if path.is_dir() {
        return stored::read(path);
    }
    match files::text(path, files::GENERATED) {
        Ok(text) if is_cassette(&text) => judge(parse(path, &text)?),
        // Whoever reads reports says best what is wrong with one.
        _ => stored::read(path),
    }
}

/// Judges a recording by what is inside this program of the cases that the recorded run was about.
fn judge(cassette: Cassette) -> Result<RunResult, Trouble> {
    let target = Target::offline(cassette.target.clone())?;
    let mut options = RunOptions::new(cassette.edition);
    options.spare = cassette.spare.clone().map(Target::offline).transpose()?;
    let mut library = load::library(None)?.under(&target.deployment().profiles);
    let planned = &cassette.planned;
    for scenario in &mut library.scenarios {
        let mut cases = std::mem::take(&mut scenario.cases);
        cases.retain(|case| planned.contains(&result_id(scenario, Some(case))));
        scenario.cases = cases;
    }
    library
        .scenarios
        .retain(|scenario| planned.contains(&result_id(scenario, None)));
    let rules = &library.invariants;
    options.invariants = Arc::new(rules::kept(rules, |rule| {
        planned.contains(&rule.result_id())
    }));
    options.tape = Tape::Replay(Arc::new(cassette));
    let mut collector = Collector::new(library.notes());
    let running = run::run(
        library.scenarios,
        &library.catalogue,
        &target,
        &options,
        &mut collector,
    );
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    runtime.block_on(running);
    collector.finish().ok_or(Trouble::NothingRan)
}
