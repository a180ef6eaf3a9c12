//! What differs between two runs.

use std::collections::BTreeSet;

use super::subject::{Seen, Subject};
use crate::result::{RunResult, Verdict};

/// Everything that differs.
#[derive(Debug)]
pub struct Diff {
    /// The first run.
    pub a: Side,
    /// The second run.
    pub b: Side,
    /// Which cases could be compared, and how far.
    pub cases: Cases,
    /// Cases that have another verdict, by pair of verdicts, the most severe change first.
    pub verdicts: Vec<VerdictChange>,
    /// Checks of cases with the same verdict that found something else.
    pub findings: Vec<Difference>,
    /// What was observed where both runs passed.
    pub observed: Vec<Difference>,
}

/// A run, in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The file, as given.
    pub file: String,
    /// Name of the target.
    pub target: String,
    /// Edition followed.
    pub edition: String,
    /// When it began; empty for a report that does not say.
    pub started_at: String,
    /// Why it did not run to its end, if so.
    pub incomplete: Option<String>,
    /// Whether its exchanges were kept.
    pub has_exchanges: bool,
}

/// How many cases were compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// In both runs.
    pub both: usize,
    /// Passed in both, with their exchanges: what was observed is compared.
    pub observed: usize,
    /// Only in the first run.
    pub only_a: Vec<String>,
    /// Only in the second.
    pub only_b: Vec<String>,
}

/// Cases that went from one verdict to another.
#[derive(Debug, PartialEq, Eq)]
pub struct VerdictChange {
    /// In the first run.
    pub a: Verdict,
    /// In the second.
    pub b: Verdict,
    /// Ids, each with what decided it, in one line.
    pub cases: Vec<(String, Option<String>)>,
}

/// One thing that differs in the same way in some cases.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub what: Subject,
    /// As the first run saw it; `None` when it did not.
    pub a: Option<Seen>,
    /// As the second saw it.
    pub b: Option<Seen>,
    /// Requests that it was seen at: `POST /oauth2/v1/token`.
    pub places: BTreeSet<String>,
    /// Ids of the cases.
    pub cases: Vec<String>,
}

impl Diff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
            && self.findings.is_empty()
            && self.observed.is_empty()
            && self.cases.only_a.is_empty()
            && self.cases.only_b.is_empty()
    }

    /// The result in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.is_empty() {
            return format!(
                "Nothing differs in {}.",
                crate::presentation::text::count(self.cases.both, "case")
            );
        }
        let moved: usize = self.verdicts.iter().map(|change| change.cases.len()).sum();
        let alone = self.cases.only_a.len() + self.cases.only_b.len();
        let parts: Vec<String> = [
            (moved, "verdict", "verdicts"),
            (self.findings.len(), "finding", "findings"),
            (self.observed.len(), "observation", "observations"),
            (alone, "case in one run only", "cases in one run only"),
        ]
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
        .collect();
        format!("The runs differ: {}.", parts.join(", "))
    }

    /// What is compared with what, in a few words.
    #[must_use]
    pub fn title(&self) -> String {
        let (a, b) = (&self.a, &self.b);
        if a.target != b.target {
            format!("{} and {}", a.target, b.target)
        } else if a.edition != b.edition {
            format!("{}: {} and {}", a.target, a.edition, b.edition)
        } else {
            a.target.clone()
        }
    }

    /// What could not be compared, in sentences.
    #[must_use]
    pub fn limits(&self) -> Vec<String> {
        let mut limits = Vec::new();
        for (name, side) in [("A", &self.a), ("B", &self.b)] {
            if !side.has_exchanges {
                limits.push(format!(
                    "{name} holds no exchanges, as the stable form of a report does: verdicts and findings are compared, \
                     and not what was observed."
                ));
            }
            if let Some(reason) = &side.incomplete {
                limits.push(format!("{name} did not run to its end: {reason}."));
            }
        }
        limits
    }
}

impl Side {
    /// Of a run that was read from this file.
    pub(super) fn of(run: &RunResult, file: &str) -> Self {
        let mut cases = run.varying.cases.values();
        Self {
            file: file.to_owned(),
            target: run.target.name.clone(),
            edition: run.edition.clone(),
            started_at: seconds(&run.varying.started_at),
            incomplete: run.incomplete.as_ref().map(ToString::to_string),
            has_exchanges: cases.any(|case| !case.exchanges.is_empty()),
        }
    }

    /// In one line.
    #[must_use]
    pub fn line(&self) -> String {
        let when = if self.started_at.is_empty() {
            String::new()
        } else {
            format!(", {}", self.started_at)
        };
        format!(
            "{} ({}, edition {}{when})",
            self.file, self.target, self.edition
        )
    }
}

/// A moment without the fractions of its second, which nobody reads.
fn seconds(moment: &str) -> String {
    match moment.split_once('.') {
        Some((whole, _)) if moment.ends_with('Z') => format!("{whole}Z"),
        _ => moment.to_owned(),
    }
}
