//! What a baseline says, read.

use std::collections::BTreeSet;

use jiff::civil::Date;
use strict_yaml::Place;

use crate::result::Verdict;

/// The known deviations of a target, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// What messages call the file.
    pub name: String,
    /// One a case.
    pub entries: Vec<Entry>,
}

/// One known deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Id of the case: a scenario's, which means its base flow, or a scenario's and a case's.
    pub case: String,
    /// How it deviates.
    pub verdict: Expected,
    /// The requirements that may be broken; `None` means any.
    pub requirements: Option<BTreeSet<String>>,
    /// Why that is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Option<Date>,
    /// Where the entry stands.
    pub place: Place,
}

/// The verdicts that would be unexpected if no baseline named them. They are told apart, so that a deviation that
/// turns into something that cannot even be judged does not pass for the known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A MUST does not hold.
    Failed,
    /// Could not be judged.
    Error,
}

/// The names an entry may use.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Ids of all cases, those that a run filters away included.
    pub cases: BTreeSet<String>,
    /// Ids of all requirements.
    pub requirements: BTreeSet<String>,
}

impl Baseline {
    /// What it says of a case.
    #[must_use]
    pub fn entry(&self, case: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.case == case)
    }
}

impl Entry {
    /// Whether its last day is over.
    #[must_use]
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

impl Expected {
    /// Both, as the file writes them.
    pub(super) const WORDS: [(&str, Self); 2] = [("failed", Self::Failed), ("error", Self::Error)];

    /// As the file writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }

    /// `None` for a verdict that needs no baseline.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Failed => Some(Self::Failed),
            Verdict::Error => Some(Self::Error),
            Verdict::Passed
            | Verdict::Observed
            | Verdict::Warning
            | Verdict::Skipped
            | Verdict::NotRun => None,
        }
    }
}
