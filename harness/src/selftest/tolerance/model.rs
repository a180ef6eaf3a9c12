//! The tolerance matrix: what became of each variation. Pure data, the same in every run: no times, no addresses.

use crate::result::{Aspect, Verdict};
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::selftest::control::Variation;

/// Version of the shape of `tolerance.json`.
pub const TOLERANCE_VERSION: u32 = 1;

/// Stands between the names of the profiles that judged together.
pub(super) const BETWEEN_PROFILES: &str = " + ";

/// What became of every variation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Shape of this document.
    pub version: u32,
    /// Editions of the guide that were followed.
    pub editions: Vec<String>,
    /// The sets of profiles that judged, each as its names joined by ` + `. The first one is `base`; under each other one
    /// those cases were run that it judges otherwise.
    pub judged_by: Vec<String>,
    /// Counts.
    pub summary: Totals,
    /// One row a variation, ordered by id.
    pub variations: Vec<Varied>,
}

/// How many variations were judged how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// All.
    pub total: usize,
    /// No check notices under any profile.
    pub unnoticed: usize,
    /// Noticed only by checks that may.
    pub noticed: usize,
    /// Judged wrongly under some profile.
    pub misjudged: usize,
    /// Met by no case.
    pub untouched: usize,
    /// Not run.
    pub not_run: usize,
}

/// What became of a variation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Varied {
    /// `vary/…`.
    pub id: String,
    /// What is different, in one sentence.
    pub summary: String,
    /// The document and section that allow it.
    pub source: String,
    /// Why they allow it.
    pub reason: String,
    /// The profiles under which it is lawful.
    pub profiles: BTreeSet<String>,
    /// How many cases meet it, in the edition in which most do.
    pub cases: usize,
    /// What became of it, by the profiles that judged.
    pub judged: BTreeMap<String, Judged>,
}

/// What some profiles say of a variation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// What became of it.
    pub outcome: Reaction,
    /// The checks that noticed and may, one line for each requirement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noticed: Vec<Notice>,
    /// The checks that noticed and may not, and the cases that could not be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrongly: Vec<Notice>,
    /// Why it was not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a variation under some profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// No check notices.
    Unnoticed,
    /// It is not lawful under one of these profiles, and only checks that cite a requirement of that profile notice.
    Noticed,
    /// No case meets it.
    Untouched,
    /// The selftest ended before it.
    NotRun,
    /// A check notices that may not, or a case could not be judged.
    Misjudged,
}

/// A check that does not hold because of a variation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// The requirement cited; none where a case could not be judged at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// Id of the case, or of the rule for every answer.
    pub case: String,
    /// The case in which a rule for every answer was first broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_in: Option<String>,
    /// Step of the case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// What was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Aspect>,
    /// What the check, or the case as a whole, was judged.
    pub verdict: Noticed,
    /// What was expected, of a check that may not notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there instead, or why the case could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Edition of the guide.
    pub edition: String,
    /// The variations beside which it was noticed, where none does it alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
}

/// A verdict by which a variation is noticed. Ordered by name, as the matrix lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noticed {
    /// It could not be judged, or was not run.
    Error,
    /// A MUST does not hold.
    Failed,
    /// A SHOULD does not hold.
    Warning,
}

impl Noticed {
    /// Of a verdict that is not as in the clean run.
    pub(super) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Failed => Self::Failed,
            Verdict::Warning => Self::Warning,
            _ => Self::Error,
        }
    }

    /// As reports write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failed => "failed",
            Self::Warning => "warning",
        }
    }
}

impl Reaction {
    /// As people read it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unnoticed => "unnoticed",
            Self::Noticed => "noticed",
            Self::Untouched => "met by no case",
            Self::NotRun => "not run",
            Self::Misjudged => "judged wrongly",
        }
    }

    /// Whether it is as it should be.
    #[must_use]
    pub const fn is_fine(self) -> bool {
        matches!(self, Self::Unnoticed | Self::Noticed)
    }
}

impl Judged {
    /// Nothing but an outcome.
    #[must_use]
    pub const fn plain(outcome: Reaction) -> Self {
        Self {
            outcome,
            noticed: Vec::new(),
            wrongly: Vec::new(),
            reason: None,
        }
    }

    /// What checks noticed.
    #[must_use]
    pub fn of(noticed: Vec<Notice>, wrongly: Vec<Notice>) -> Self {
        let outcome = match (noticed.is_empty(), wrongly.is_empty()) {
            (_, false) => Reaction::Misjudged,
            (false, true) => Reaction::Noticed,
            (true, true) => Reaction::Unnoticed,
        };
        Self {
            noticed,
            wrongly,
            ..Self::plain(outcome)
        }
    }

    /// Beside what `base` says: more profiles judge again only what they judge otherwise, so what `base` found is found
    /// here as well. It is listed once.
    pub(super) fn as_under(&mut self, base: &Self) {
        self.outcome = match self.outcome {
            Reaction::Untouched => base.outcome,
            own => own.max(base.outcome),
        };
    }

    /// What two editions say. That no case of one edition meets it says nothing.
    fn and(mut self, mut other: Self) -> Self {
        self.outcome = match (self.outcome, other.outcome) {
            (Reaction::Untouched, one) | (one, Reaction::Untouched) => one,
            (one, another) => one.max(another),
        };
        self.noticed.append(&mut other.noticed);
        self.noticed.sort();
        // One line a requirement is enough, the same in both editions as a rule.
        self.noticed
            .dedup_by(|b, a| a.requirement == b.requirement && a.verdict == b.verdict);
        self.wrongly.append(&mut other.wrongly);
        self.wrongly.sort();
        self.reason = self.reason.or(other.reason);
        self
    }
}

impl Varied {
    /// A row without any judgement.
    #[must_use]
    pub fn new(variation: &Variation) -> Self {
        Self {
            id: variation.id.clone(),
            summary: variation.summary.clone(),
            source: variation.source.clone(),
            reason: variation.reason.clone(),
            profiles: variation.profiles.clone(),
            cases: 0,
            judged: BTreeMap::new(),
        }
    }

    /// The whole: what is worst, untouched only if no profiles meet it.
    #[must_use]
    pub fn outcome(&self) -> Reaction {
        let outcomes = self.judged.values().map(|judged| judged.outcome);
        outcomes.max().unwrap_or(Reaction::NotRun)
    }

    /// What two editions say of one variation.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.cases = self.cases.max(other.cases);
        for (profiles, judged) in other.judged {
            let both = match self.judged.remove(&profiles) {
                Some(before) => before.and(judged),
                None => judged,
            };
            self.judged.insert(profiles, both);
        }
        self
    }
}

impl Tolerance {
    /// A matrix of these rows.
    #[must_use]
    pub fn new(editions: Vec<String>, judged_by: Vec<String>, mut rows: Vec<Varied>) -> Self {
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            version: TOLERANCE_VERSION,
            editions,
            judged_by,
            summary: Totals::of(&rows),
            variations: rows,
        }
    }

    /// The row of a variation.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Varied> {
        self.variations.iter().find(|row| row.id == id)
    }

    /// How many variations had this outcome under some profiles.
    #[must_use]
    pub fn count(&self, judged_by: &str, outcome: Reaction) -> usize {
        let judged = |row: &&Varied| {
            let judged = row.judged.get(judged_by);
            judged.is_some_and(|judged| judged.outcome == outcome)
        };
        self.variations.iter().filter(judged).count()
    }
}

impl Totals {
    fn of(rows: &[Varied]) -> Self {
        let mut totals = Self {
            total: rows.len(),
            ..Self::default()
        };
        for row in rows {
            *match row.outcome() {
                Reaction::Unnoticed => &mut totals.unnoticed,
                Reaction::Noticed => &mut totals.noticed,
                Reaction::Untouched => &mut totals.untouched,
                Reaction::NotRun => &mut totals.not_run,
                Reaction::Misjudged => &mut totals.misjudged,
            } += 1;
        }
        totals
    }
}
