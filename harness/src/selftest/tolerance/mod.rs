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

use futures::StreamExt as _;
use futures::future::{join_all, try_join_all};
use futures::stream::FuturesUnordered;

pub use model::{Judged, Notice, Noticed, Reaction, TOLERANCE_VERSION, Tolerance, Totals, Varied};
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
use crate::targets::Target;

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
    let names: Vec<_> = profiles.iter().map(Profile::as_str).collect();
    names.join(model::BETWEEN_PROFILES)
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
    if targets.is_empty() {
        return Err(ControlError::Missing.into());
    }
    for target in targets {
        rotate(target).await?;
    }
    let clean = clean_runs(targets, sets, &input).await?;
    show(Stage::Clean {
        variations: variations.len(),
    });
    let orgs = Orgs::new(targets, Arc::new(input));
    let rows = variations
        .iter()
        .map(|one| (one.id.clone(), Varied::new(one)));
    let mut rows: BTreeMap<String, Varied> = rows.collect();
    let mut running = FuturesUnordered::new();
    for (index, (profiles, (run, trace))) in sets.iter().zip(&clean).enumerate() {
        let touched = touched(&variations, run, trace, &orgs);
        for (id, cases) in &touched {
            if let Some(row) = rows.get_mut(id) {
                row.cases = row.cases.max(cases.len());
            }
        }
        let (orgs, variations) = (&orgs, &variations);
        running.push(async move {
            let found = under(orgs, profiles, run, &touched, variations).await;
            (index, found)
        });
    }
    let mut found = BTreeMap::new();
    while let Some((index, judgements)) = running.next().await {
        if let Some(profiles) = sets.get(index) {
            show(Stage::Judged(&name(profiles)));
        }
        found.insert(index, judgements);
    }
    let base = found.get(&0).cloned().unwrap_or_default();
    for (profiles, judgements) in sets.iter().zip(found.into_values()) {
        for (id, mut judged) in judgements {
            if let Some(before) = base.get(&id) {
                judged.as_under(before);
            }
            if let Some(row) = rows.get_mut(&id) {
                row.judged.insert(name(profiles), judged);
            }
        }
    }
    orgs.leave().await;
    Ok(rows.into_values().collect())
}

/// A clean run for each set of profiles: of everything under the first one, which is `base`, and of what the others judge
/// otherwise under those. As many at once as there are orgs.
async fn clean_runs(
    targets: &[Target],
    sets: &[Profiles],
    input: &Input,
) -> Result<Vec<(RunResult, Trace)>, SelftestError> {
    let (Some(first), Some((base, others))) = (targets.first(), sets.split_first()) else {
        return Ok(Vec::new());
    };
    let judged = first.judged_by(base.clone());
    let mut clean = vec![traced(&judged, input.scenarios.clone(), input).await?];
    for some in others.chunks(targets.len()) {
        let runs = some.iter().zip(targets).map(|(profiles, target)| {
            let differ = otherwise(&clean[0].0, profiles, &input.catalogue);
            let differ = differ.iter().map(String::as_str).collect();
            let scenarios = subset(&input.scenarios, &differ);
            let judged = target.judged_by(profiles.clone());
            async move { traced(&judged, scenarios, input).await }
        });
        let runs: Vec<_> = try_join_all(runs).await?;
        clean.extend(runs);
    }
    Ok(clean)
}

/// The cases that each variation can touch.
type Touched = BTreeMap<String, BTreeSet<String>>;

fn touched(variations: &[Variation], run: &RunResult, trace: &Trace, orgs: &Orgs) -> Touched {
    let everything = all(&orgs.input().scenarios);
    let ran: BTreeSet<&str> = run.results.iter().map(|case| case.id.as_str()).collect();
    let touched = variations.iter().map(|variation| {
        let mut cases = match orgs.input().choice {
            Choice::Full => everything.clone(),
            Choice::Touched | Choice::Named(_) => trace.varied(&variation.id, &everything),
        };
        cases.retain(|case| ran.contains(case.as_str()));
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
