//! What a baseline says, read.

use std::collections::BTreeSet;

use jiff::civil::Date;
use strict_yaml::Place;

use crate::result::{CaseResult, Standing, Verdict};

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
    /// Id of the problem that the case shows: cases that deviate because of it are covered as well.
    pub problem: Option<String>,
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

/// The verdicts that would be unexpected if no baseline named them. They are kept apart, so that a deviation that
/// turns into something that cannot even be judged does not pass for the known one. Ordered: the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    /// What sources leave open is other than expected; it breaks a run with `--fail-on observed`.
    Observed,
    /// A SHOULD does not hold; it breaks a run with `--fail-on`.
    Warning,
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

    /// The entry that covers whatever follows from a problem.
    #[must_use]
    pub fn of_problem(&self, problem: &str) -> Option<&Entry> {
        let names = |entry: &&Entry| entry.problem.as_deref() == Some(problem);
        self.entries.iter().find(names)
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
    /// All, as the file writes them.
    pub(super) const WORDS: [(&str, Self); 4] = [
        ("failed", Self::Failed),
        ("error", Self::Error),
        ("warning", Self::Warning),
        ("observed", Self::Observed),
    ];

    /// As the file writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Observed => "observed",
        }
    }

    /// What it means, as the end of a sentence.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Failed => "it breaks a MUST",
            Self::Error => "it cannot be judged",
            Self::Warning => "it does not follow a recommendation (SHOULD)",
            Self::Observed => "it deviates where sources leave room",
        }
    }

    /// `None` for a verdict that nothing can be said against.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Failed => Some(Self::Failed),
            Verdict::Error => Some(Self::Error),
            Verdict::Warning => Some(Self::Warning),
            Verdict::Observed => Some(Self::Observed),
            Verdict::Passed | Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun => None,
        }
    }

    /// How a case deviates, if that breaks the run or a baseline names it.
    #[must_use]
    pub fn in_run(case: &CaseResult) -> Option<Self> {
        let counts = matches!(
            case.standing,
            Standing::Unexpected | Standing::ExpectedFailure
        );
        Self::of(case.verdict).filter(|found| counts || *found > Self::Warning)
    }
}
