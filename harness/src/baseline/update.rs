//! Brings a baseline up to what a run found, and leaves alone what it need not change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use strict_yaml::{Document, Node, Problems};
use thiserror::Error;

use super::compare::broken;
use super::edit::{Edits, Unusual};
use super::model::{Baseline, Entry, Expected, Known};
use super::read::Placeholders;
use super::write;
use crate::result::{CaseResult, RunResult, Verdict};

/// The file as it should be, and what is different in it.
#[derive(Debug)]
pub struct Update {
    /// The whole text.
    pub text: String,
    /// In the order of the file; empty when nothing is different.
    pub changes: Vec<Change>,
}

/// One difference, or something that only a person can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The case no longer deviates.
    Removed(String),
    /// It deviates in another way.
    Changed {
        /// Id of the case.
        case: String,
        /// In words.
        what: Vec<String>,
    },
    /// Its last day is over, and it deviates still. The entry is as it was.
    Expired {
        /// Id of the case.
        case: String,
        /// The last day.
        until: Date,
    },
    /// The case was not named.
    Added {
        /// Id of the case.
        case: String,
        /// How it deviates.
        verdict: Expected,
    },
}

/// The file cannot be brought up to date.
#[derive(Debug, Error)]
pub enum UpdateError {
    /// It holds mistakes.
    #[error("{0}")]
    Mistakes(#[from] Problems),
    /// It is right, but not laid out as a list with a dash an entry.
    #[error(
        "cannot edit {name}: its entries do not stand on lines of their own, each behind a dash"
    )]
    Unusual {
        /// The file.
        name: String,
    },
}

/// Removes what is stale, changes what deviates in another way, adds what is missing. A case that was skipped or not run
/// keeps its entry as it is, and so does one that the run does not know.
///
/// # Errors
/// The file holds mistakes, or is laid out in a way that cannot be edited.
pub fn update(
    (name, text): (&str, &str),
    known: &Known,
    run: &RunResult,
    reason: Option<&str>,
    today: Date,
) -> Result<Update, UpdateError> {
    let baseline = Baseline::parse(name, text, known, Placeholders::Accepted)?;
    let document = Document::parse(name, text)?;
    let unusual = |_: Unusual| UpdateError::Unusual {
        name: name.to_owned(),
    };
    let cases: BTreeMap<&str, &CaseResult> = run
        .results
        .iter()
        .map(|case| (case.id.as_str(), case))
        .collect();
    let mut edits = Edits::new(&document).map_err(unusual)?;
    let mut changes = Vec::new();
    let mut wanted = Vec::new();
    let nodes = edits.entries();
    for (entry, node) in baseline.entries.iter().zip(nodes) {
        match cases
            .get(entry.case.as_str())
            .map(|case| outcome(entry, case, run))
        {
            Some(Outcome::Gone) => {
                edits.remove(node).map_err(unusual)?;
                changes.push(Change::Removed(entry.case.clone()));
            }
            Some(Outcome::Deviates(now)) => {
                change(entry, &now, node, &mut edits).map_err(unusual)?;
                changes.extend(changes_of(entry, &now, today));
                wanted.push(now);
            }
            Some(Outcome::Unseen) | None => wanted.push(entry.clone()),
        }
    }
    let mut new = Vec::new();
    let covered: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|entry: &Entry| entry.problem.as_deref())
        .collect();
    let is_missing = |case: &CaseResult| {
        let problem = case.problem.as_deref();
        baseline.entry(&case.id).is_none() && problem.is_none_or(|id| !covered.contains(id))
    };
    let missing: Vec<write::Deviation> = write::entries(run, is_missing).collect();
    for deviation in missing {
        let reason = reason.unwrap_or(write::TODO);
        new.push(write::text(&deviation, reason));
        changes.push(Change::Added {
            case: deviation.case.clone(),
            verdict: deviation.verdict,
        });
        let requirements = deviation.requirements;
        wanted.push(Entry {
            case: deviation.case,
            problem: deviation.problem,
            verdict: deviation.verdict,
            requirements: (!requirements.is_empty()).then_some(requirements),
            reason: reason.trim().to_owned(),
            until: None,
            place: strict_yaml::Place::START,
        });
    }
    edits.append(&new).map_err(unusual)?;
    let text = edits.finish();
    // Whatever the layout was: a file that would not say what it should is not written.
    let read = Baseline::parse(name, &text, known, Placeholders::Accepted).ok();
    let holds = read.is_some_and(|read| says(&read.entries) == says(&wanted));
    if !holds {
        return Err(unusual(Unusual));
    }
    Ok(Update { text, changes })
}

/// What became of a known deviation.
enum Outcome {
    Gone,
    Deviates(Entry),
    Unseen,
}

fn outcome(entry: &Entry, case: &CaseResult, run: &RunResult) -> Outcome {
    let known = Expected::of(case.verdict).filter(|now| *now == entry.verdict);
    let Some(verdict) = Expected::in_run(case).or(known) else {
        return match case.verdict {
            Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun => Outcome::Unseen,
            _ => Outcome::Gone,
        };
    };
    let mut now = entry.clone();
    now.verdict = verdict;
    let mut broken = broken(case);
    // What follows from the problem is covered by the same entry.
    let follows = |other: &&CaseResult| entry.problem.is_some() && other.problem == entry.problem;
    broken.extend(
        run.results
            .iter()
            .filter(follows)
            .flat_map(super::compare::broken),
    );
    // An entry that names no requirement means any; that was somebody's decision.
    if entry.requirements.is_some() && !broken.is_empty() {
        now.requirements = Some(broken);
    }
    Outcome::Deviates(now)
}

fn change(old: &Entry, now: &Entry, node: &Node, edits: &mut Edits<'_>) -> Result<(), Unusual> {
    let map = node.as_map();
    let value = |key| map.and_then(|map| map.get(key)).ok_or(Unusual);
    if old.verdict != now.verdict {
        edits.replace(value("verdict")?, now.verdict.as_str());
    }
    if let Some(requirements) = &now.requirements
        && old.requirements != now.requirements
    {
        let words: Vec<String> = requirements.iter().map(|id| write::word(id)).collect();
        edits.replace_list(value("requirements")?, &words)?;
    }
    Ok(())
}

/// What is different now, and whether the entry has expired.
fn changes_of(old: &Entry, now: &Entry, today: Date) -> impl Iterator<Item = Change> {
    let mut what = Vec::new();
    if old.verdict != now.verdict {
        what.push(format!(
            "{}, was {}",
            now.verdict.as_str(),
            old.verdict.as_str()
        ));
    }
    let none = BTreeSet::new();
    let (before, after) = (
        old.requirements.as_ref().unwrap_or(&none),
        now.requirements.as_ref().unwrap_or(&none),
    );
    what.extend(after.difference(before).map(|id| format!("breaks {id}")));
    what.extend(
        before
            .difference(after)
            .map(|id| format!("no longer breaks {id}")),
    );
    let changed = (!what.is_empty()).then(|| Change::Changed {
        case: old.case.clone(),
        what,
    });
    let expired = old.until.filter(|_| old.expired(today));
    let expired = expired.map(|until| Change::Expired {
        case: old.case.clone(),
        until,
    });
    changed.into_iter().chain(expired)
}

/// Everything but the places.
fn says(entries: &[Entry]) -> Vec<Entry> {
    let place = strict_yaml::Place::START;
    entries
        .iter()
        .map(|entry| Entry {
            place,
            ..entry.clone()
        })
        .collect()
}

/// One line.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed(case) => write!(f, "removed  {case}: it no longer deviates"),
            Self::Changed { case, what } => write!(f, "changed  {case}: {}", what.join(", ")),
            Self::Expired { case, until } => write!(
                f,
                "expired  {case}: accepted until {until}, and it deviates still; set another day, or mend it"
            ),
            Self::Added { case, verdict } => write!(f, "added    {case}: {}", verdict.as_str()),
        }
    }
}

#[cfg(test)]
mod layouts;
#[cfg(test)]
mod tests;
