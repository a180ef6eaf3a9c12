//! Recordings of runs, read from files and judged again.

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::select::result_id;
use super::{Trouble, load, rules, stored};
use crate::cassette::{Cassette, is_cassette};
use crate::files;
use crate::presentation::text::visible;
use crate::result::{Collector, RunResult};
use crate::run::{self, Replay};

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
        // It may quote the file.
        why: visible(why).into_owned(),
    }
}

/// What a stored run says: a report, or a recording judged by the scenarios of this program.
pub(super) fn result(path: &Path) -> Result<RunResult, Trouble> {
    if path.is_dir() {
        return stored::read(path);
    }
    match files::text(path, files::GENERATED) {
        Ok(text) if is_cassette(&text) => judge(path, parse(path, &text)?),
        // Whoever reads reports says best what is wrong with one.
        _ => stored::read(path),
    }
}

/// Judges a recording by what is inside this program of the cases that the recorded run was about.
fn judge(path: &Path, cassette: Cassette) -> Result<RunResult, Trouble> {
    let replay = Replay::open(cassette)?;
    let is_planned = |id: &str| replay.cassette.is_planned(id);
    let mut library = load::library(None)?.under(&replay.target.deployment().profiles);
    for scenario in &mut library.scenarios {
        let mut cases = std::mem::take(&mut scenario.cases);
        cases.retain(|case| is_planned(&result_id(scenario, Some(case))));
        scenario.cases = cases;
    }
    library
        .scenarios
        .retain(|scenario| is_planned(&result_id(scenario, None)));
    let mut options = replay.options();
    let rules = &library.invariants;
    options.invariants = Arc::new(rules::kept(rules, |rule| is_planned(&rule.result_id())));
    let mut collector = Collector::new(library.notes());
    let running = run::run(
        library.scenarios,
        &library.catalogue,
        &replay.target,
        &options,
        &mut collector,
    );
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    runtime.block_on(running);
    let mut result = collector.finish().ok_or(Trouble::NothingRan)?;
    replay.conclude(&mut result, &path.display().to_string());
    Ok(result)
}
