//! The parts of a run, made whole. What comes out is what one run of everything would have said, or it is refused: parts
//! of different runs make no verdict.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use thiserror::Error;

use super::fail_on::FailOn;
use super::incomplete::{Incomplete, StopCause};
use super::model::{CaseResult, RunResult, Summary, Varying, VaryingCase};
use super::paced::Paced;
use super::problem;
use super::selection::Shard;
use super::target::TargetKind;
use super::type_status::TypeStatus;

/// A part, and how the user calls it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its file.
    pub name: String,
    /// What it says.
    pub run: RunResult,
}

/// Why parts cannot be made whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// There is nothing.
    #[error("no report is named")]
    Nothing,
    /// A whole run.
    #[error("{name} is no part of a run: it was not made with --shard")]
    NoShard {
        /// File.
        name: String,
    },
    /// Parts of two different runs.
    #[error("{name} has {what} `{here}`, but {first} has `{there}`")]
    Different {
        /// What differs.
        what: &'static str,
        /// File.
        name: String,
        /// What it says.
        here: String,
        /// The file it is compared with.
        first: String,
        /// What that says.
        there: String,
    },
    /// The same part more than once.
    #[error("{name} and {first} are both {shard}")]
    Twice {
        /// Which.
        shard: String,
        /// File.
        name: String,
        /// The other one.
        first: String,
    },
    /// Not all parts.
    #[error("{} missing", shards(.missing, *.count))]
    Missing {
        /// Which, from 1.
        missing: Vec<usize>,
        /// Of how many.
        count: usize,
    },
    /// Parts that share a case, or lack one: they were not made by the same program from the same scenarios.
    #[error(
        "the parts hold {found} cases, {distinct} of them distinct, where there should be {expected}"
    )]
    NotAPartition {
        /// Cases in all parts.
        found: usize,
        /// Of these, each counted once.
        distinct: usize,
        /// Cases that the parts say there are.
        expected: usize,
    },
}

/// Makes one run of its parts. With `partial`, parts may be missing, and the run is incomplete.
pub fn merge(mut parts: Vec<Part>, partial: bool) -> Result<RunResult, Vec<MergeError>> {
    let shards = compatible(&parts)?;
    let (count, cases) = shards
        .first()
        .map(|shard| (shard.count, shard.cases))
        .ok_or_else(|| vec![MergeError::Nothing])?;
    let present: BTreeSet<usize> = shards.iter().map(|shard| shard.index).collect();
    let missing: Vec<usize> = (1..=count).filter(|i| !present.contains(i)).collect();
    if !missing.is_empty() && !partial {
        return Err(vec![MergeError::Missing { missing, count }]);
    }
    // Rules for every answer are in all parts, each held against the exchanges of its part.
    let cases_of = |part: &Part| -> Vec<String> {
        let cases = part.run.results.iter().filter(|case| !case.is_invariant());
        cases.map(|case| case.id.clone()).collect()
    };
    let found: usize = parts.iter().map(|part| cases_of(part).len()).sum();
    let ids: BTreeSet<String> = parts.iter().flat_map(cases_of).collect();
    let distinct = ids.len();
    if distinct != found || found > cases || (missing.is_empty() && found != cases) {
        return Err(vec![MergeError::NotAPartition {
            found,
            distinct,
            expected: cases,
        }]);
    }
    parts.sort_by_key(|part| part.run.shard.as_ref().map(|shard| shard.index));
    let incomplete = incomplete(&parts, &missing, count, cases - found);
    let varying = varying(&parts);
    let mut runs = parts.into_iter().map(|part| part.run);
    // The options of the first part repeat the whole: all parts have the same target, profiles and edition.
    let mut whole = runs.next().ok_or_else(|| vec![MergeError::Nothing])?;
    let mut problems = std::mem::take(&mut whole.problems);
    for run in runs {
        problems.extend(run.problems);
        for result in run.results {
            let same = |known: &&mut CaseResult| result.is_invariant() && known.id == result.id;
            match whole.results.iter_mut().find(same) {
                Some(rule) => *rule = rules::merged(rule.clone(), result),
                None => whole.results.push(result),
            }
        }
        whole.requirements.extend(run.requirements);
        for left in run.left_behind {
            if !whole.left_behind.contains(&left) {
                whole.left_behind.push(left);
            }
        }
        if let (Some(whole), Some(part)) = (&mut whole.baseline, run.baseline) {
            whole.proposed.extend(part.proposed);
        }
    }
    whole.results.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(baseline) = &mut whole.baseline {
        // Each begins with the id of its case, and a run proposes in the order of ids.
        baseline.proposed.sort();
    }
    whole.problems = problem::merged(problems);
    whole.resource_types = TypeStatus::of_run(&whole.results, &whole.problems);
    whole.summary = Summary::of(&whole.results);
    whole.shard = None;
    whole.incomplete = incomplete;
    whole.varying = varying;
    Ok(whole)
}

/// The shards that the parts are, if they can be of one run.
fn compatible(parts: &[Part]) -> Result<Vec<Shard>, Vec<MergeError>> {
    let mut errors = Vec::new();
    let mut shards: Vec<(Shard, &str)> = Vec::new();
    for part in parts {
        let Some(shard) = part.run.shard.clone() else {
            errors.push(MergeError::NoShard {
                name: part.name.clone(),
            });
            continue;
        };
        errors.extend(differences(part, &parts[0]));
        if let Some((_, first)) = shards.iter().find(|(other, _)| other.index == shard.index) {
            errors.push(MergeError::Twice {
                shard: shard.to_string(),
                name: part.name.clone(),
                first: (*first).to_owned(),
            });
        }
        shards.push((shard, &part.name));
    }
    if errors.is_empty() {
        Ok(shards.into_iter().map(|(shard, _)| shard).collect())
    } else {
        Err(errors)
    }
}

/// What must be the same in all parts, by the name that an error calls it.
fn identity(run: &RunResult) -> Vec<(&'static str, String)> {
    let mut identity = vec![
        ("target", run.target.name.clone()),
        ("kind of target", run.target.kind.to_string()),
        ("profiles", run.target.profile_names()),
        ("edition", run.edition.clone()),
        ("contract", run.contract.clone()),
        ("program", format!("{} {}", run.kit.name, run.kit.version)),
        ("version", run.version.to_string()),
    ];
    // A mock org has another address in each job of a pipeline; a real one does not.
    if run.target.kind == TargetKind::Okta {
        identity.push(("org", run.varying.org_issuer.clone()));
    }
    let baseline = run.baseline.as_ref();
    identity.push((
        "baseline",
        baseline.map_or_else(
            || "none".to_owned(),
            |note| format!("{} with {} entries", note.file, note.entries),
        ),
    ));
    let fail_on = run.fail_on.map_or("failed", FailOn::as_str);
    identity.push(("least that breaks it", fail_on.to_owned()));
    if let Some(shard) = &run.shard {
        identity.push(("number of shards", shard.count.to_string()));
        identity.push(("number of cases", shard.cases.to_string()));
        identity.push(("selection of cases", shard.suite.clone()));
    }
    identity
}

fn differences(part: &Part, first: &Part) -> Vec<MergeError> {
    identity(&part.run)
        .into_iter()
        .zip(identity(&first.run))
        .filter(|((name, here), (other, there))| name == other && here != there)
        .map(|((what, here), (_, there))| MergeError::Different {
            what,
            name: part.name.clone(),
            here,
            first: first.name.clone(),
            there,
        })
        .collect()
}

/// Why the whole is not whole: what the parts say, and which are missing.
fn incomplete(parts: &[Part], missing: &[usize], count: usize, cases: usize) -> Option<Incomplete> {
    let mut stops: Vec<(StopCause, String, String)> = parts
        .iter()
        .filter_map(|part| {
            let (stop, shard) = (part.run.incomplete.as_ref()?, part.run.shard.as_ref()?);
            let full = format!("{shard}: {stop}");
            Some((stop.cause, stop.reason.clone(), full))
        })
        .collect();
    // What happened to all of them alike needs no distinction.
    let alike = stops.len() == parts.len() && stops.windows(2).all(|two| two[0].1 == two[1].1);
    if alike {
        stops.truncate(1);
        for (_, short, full) in &mut stops {
            full.clone_from(short);
        }
    }
    if !missing.is_empty() {
        let reason = format!(
            "{} missing, with {cases} of the cases",
            shards(missing, count)
        );
        stops.push((StopCause::MissingShards, reason.clone(), reason));
    }
    let most_severe = stops
        .iter()
        .map(|(cause, ..)| *cause)
        .max_by_key(|cause| gravity(*cause))?;
    let reasons: Vec<String> = stops.into_iter().map(|(_, _, full)| full).collect();
    Some(Incomplete::new(most_severe, reasons.join("; ")))
}

/// Which cause stands for all: what was asked for least.
const fn gravity(cause: StopCause) -> u8 {
    match cause {
        StopCause::FailFast | StopCause::NotEntered => 0,
        StopCause::MissingShards => 1,
        StopCause::Interrupted | StopCause::Recording => 2,
        StopCause::Deadline | StopCause::MaxRequests => 3,
        StopCause::TargetUnreachable | StopCause::Preflight => 4,
        StopCause::Harness => 5,
    }
}

/// From the first start to the last end.
fn varying(parts: &[Part]) -> Varying {
    let mut cases: BTreeMap<String, VaryingCase> = BTreeMap::new();
    let mut issuers = BTreeSet::new();
    for part in parts {
        let varying = &part.run.varying;
        issuers.insert(varying.org_issuer.as_str());
        for (id, case) in &varying.cases {
            // Of a rule each part has the exchanges that broke it there.
            match cases.get_mut(id) {
                Some(known) => rules::add(known, case),
                None => {
                    cases.insert(id.clone(), case.clone());
                }
            }
        }
    }
    let spans: Option<Vec<(Timestamp, f64)>> = parts
        .iter()
        .map(|part| {
            let varying = &part.run.varying;
            let start: Timestamp = varying.started_at.parse().ok()?;
            Some((start, varying.milliseconds))
        })
        .collect();
    let (started_at, milliseconds) = spans.and_then(whole_span).unwrap_or_default();
    Varying {
        started_at,
        milliseconds,
        paced: Paced::of_parts(parts.iter().filter_map(|part| part.run.varying.paced)),
        // Where they differ, as those of mock orgs do, reports do not say where.
        org_issuer: match issuers.first() {
            Some(only) if issuers.len() == 1 => (*only).to_owned(),
            _ => String::new(),
        },
        // Each part had its own, as every mock org has another address.
        spare_issuer: String::new(),
        ledger: parts
            .iter()
            .flat_map(|part| part.run.varying.ledger.clone())
            .collect(),
        cases,
    }
}

fn whole_span(spans: Vec<(Timestamp, f64)>) -> Option<(String, f64)> {
    let first = spans.iter().map(|(start, _)| *start).min()?;
    let ends = spans.into_iter().map(|(start, milliseconds)| {
        start.duration_since(first).as_secs_f64() * 1000.0 + milliseconds
    });
    Some((first.to_string(), ends.fold(0.0, f64::max)))
}

/// `shard 2 of 3 is`, `shards 1 and 2 of 3 are`.
fn shards(indexes: &[usize], count: usize) -> String {
    let names: Vec<String> = indexes.iter().map(usize::to_string).collect();
    match names.as_slice() {
        [one] => format!("shard {one} of {count} is"),
        [most @ .., last] => format!("shards {} and {last} of {count} are", most.join(", ")),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests;
