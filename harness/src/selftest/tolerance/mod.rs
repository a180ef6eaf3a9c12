//! Tolerance: does no check fail when it should not? An org is given lawful variations, the cases that meet them are run,
//! and the matrix says who noticed.

mod groups;
mod model;
mod notice;
mod orgs;
mod page;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::join_all;

pub use model::{Judged, Notice, Reaction, TOLERANCE_VERSION, Tolerance, Totals, Varied};
pub use page::{json, markdown, summary};

use self::groups::groups;
use self::notice::{Plain, Rights, judged_otherwise};
use self::orgs::Orgs;
use self::search::{Judgements, Search};
use super::clean::traced;
use super::control::{ControlError, Variation, rotate};
use super::engine::{Choice, Input, SelftestError, all};
use super::subset::subset;
use super::trace::Trace;
use crate::requirement::{Catalogue, Profile, Profiles};
use crate::result::RunResult;
use crate::target::Target;

/// Every variation a target can have, ordered by id.
///
/// # Errors
/// Test control does not say.
pub async fn variations(target: &Target) -> Result<Vec<Variation>, ControlError> {
    super::control::variations(target).await
}

/// The profiles that judge variations: `base` first.
#[must_use]
pub fn judged_by() -> [Profiles; 3] {
    [
        Profiles::of([]),
        Profiles::of([Profile::McpEma]),
        Profiles::default(),
    ]
}

/// What the matrix calls some profiles.
#[must_use]
pub fn name(profiles: &Profiles) -> String {
    profiles.to_string().replace(", ", " + ")
}

/// Something that happened.
#[derive(Debug)]
pub enum Stage<'t> {
    /// The clean runs are over.
    Clean {
        /// Variations to come.
        variations: usize,
    },
    /// All variations are judged under these profiles.
    Judged(&'t str),
}

/// Judges these variations on orgs that are alike, by these sets of profiles, of which the first one is `base`.
///
/// # Errors
/// There is no org, the first one has no test control, or a clean run is not clean.
pub async fn tolerance(
    targets: &[Target],
    variations: Vec<Variation>,
    input: Input,
    sets: &[Profiles],
    show: &mut (dyn FnMut(Stage<'_>) + Send),
) -> Result<Vec<Varied>, SelftestError> {
    let first = targets.first().ok_or(ControlError::Missing)?;
    for target in targets {
        rotate(target).await?;
    }
    let mut clean: Vec<(RunResult, Trace)> = Vec::new();
    for profiles in sets {
        let judged = first.judged_by(profiles.clone());
        let scenarios = match clean.first() {
            Some((base, _)) => {
                let differ = otherwise(base, profiles, &input.catalogue);
                subset(
                    &input.scenarios,
                    &differ.iter().map(String::as_str).collect(),
                )
            }
            None => input.scenarios.clone(),
        };
        clean.push(traced(&judged, scenarios, &input).await?);
    }
    show(Stage::Clean {
        variations: variations.len(),
    });
    let orgs = Orgs::new(targets, Arc::new(input));
    let rows = variations
        .iter()
        .map(|one| (one.id.clone(), Varied::new(one)));
    let mut rows: BTreeMap<String, Varied> = rows.collect();
    let mut base: Option<Judgements> = None;
    for (profiles, (run, trace)) in sets.iter().zip(&clean) {
        let ran: BTreeSet<&str> = run.results.iter().map(|case| case.id.as_str()).collect();
        let mut touched = touched(&variations, trace, &orgs);
        for cases in touched.values_mut() {
            cases.retain(|case| ran.contains(case.as_str()));
        }
        for (id, cases) in &touched {
            if let Some(row) = rows.get_mut(id) {
                row.cases = row.cases.max(cases.len());
            }
        }
        let mut found = under(&orgs, profiles, run, &touched, &variations).await;
        for (id, judged) in &mut found {
            if let Some(before) = base.as_ref().and_then(|base| base.get(id)) {
                judged.as_under(before);
            }
        }
        let name = name(profiles);
        for (id, judged) in &found {
            if let Some(row) = rows.get_mut(id) {
                row.judged.insert(name.clone(), judged.clone());
            }
        }
        show(Stage::Judged(&name));
        base.get_or_insert(found);
    }
    orgs.leave().await;
    Ok(rows.into_values().collect())
}

/// The cases that each variation can touch.
type Touched = BTreeMap<String, BTreeSet<String>>;

fn touched(variations: &[Variation], trace: &Trace, orgs: &Orgs) -> Touched {
    let everything = all(&orgs.input().scenarios);
    let touched = variations.iter().map(|variation| {
        let cases = match orgs.input().choice {
            Choice::Full => everything.clone(),
            Choice::Touched | Choice::Named(_) => trace.varied(&variation.id, &everything),
        };
        (variation.id.clone(), cases)
    });
    touched.collect()
}

/// The cases that some profiles judge otherwise than `base` does, by what a clean run under `base` cites: what is judged
/// alike need not be run twice.
fn otherwise(base: &RunResult, profiles: &Profiles, catalogue: &Catalogue) -> BTreeSet<String> {
    judged_otherwise(base, profiles, &Profiles::of([]), catalogue)
}

/// Judges all variations under some profiles: those that nobody may notice together, apart from the others, whose
/// notices would hide theirs.
async fn under(
    orgs: &Orgs,
    profiles: &Profiles,
    clean: &RunResult,
    touched: &Touched,
    variations: &[Variation],
) -> Judgements {
    let plain = Plain::new(clean);
    let bench = Search {
        orgs,
        profiles,
        plain: &plain,
        touched,
    };
    let catalogue = &orgs.input().catalogue;
    let (quiet, may): (Vec<Variation>, Vec<Variation>) = variations
        .iter()
        .cloned()
        .partition(|one| Rights::new(one, profiles, catalogue).nobody());
    let groups = groups(quiet).into_iter().chain(groups(may));
    let judged = join_all(groups.map(|group| bench.judge(group))).await;
    judged.into_iter().flatten().collect()
}
