//! One check that was made.

use serde_json::Value;
use strict_yaml::Place;

use crate::requirement::RequirementId;
use crate::result::Aspect;

/// A check and what became of it. Holds live values: only evidence turns it into something that may be shown.
#[derive(Clone)]
pub struct Finding {
    /// What was looked at.
    pub check: Aspect,
    /// What was expected.
    pub expected: Expected,
    /// What became of it.
    pub outcome: Outcome,
    /// What was accepted, where it holds and the sources name another answer first.
    pub alternative: Option<Seen>,
    /// Requirements cited.
    pub covers: Vec<RequirementId>,
    /// Where the expectation is written.
    pub place: Place,
}

impl Finding {
    /// Whether it does not hold because nothing was there.
    pub fn is_absent(&self) -> bool {
        self.outcome == Outcome::Differs(Seen::Absent)
    }
}

/// What was expected, in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Expected {
    /// As written: the same in every run.
    pub written: String,
    /// With references filled in, when the check does not hold and that makes a difference.
    pub here: Option<String>,
}

impl Expected {
    /// Words without references.
    pub fn plain(written: impl Into<String>) -> Self {
        Self {
            written: written.into(),
            here: None,
        }
    }
}

/// What became of a check.
#[derive(Clone, PartialEq)]
pub enum Outcome {
    /// It holds.
    Held,
    /// It does not.
    Differs(Seen),
    /// It could not be judged, for this reason.
    Unjudged(String),
}

/// What was there instead.
#[derive(Clone, PartialEq)]
pub enum Seen {
    /// Nothing.
    Absent,
    /// A value; the name of its field decides whether it may be shown.
    Value {
        /// Path, the last part of which is the field's name.
        path: String,
        /// What was there.
        value: Value,
    },
    /// Something better said in words.
    Words(String),
}

/// Shows what was checked, not what was seen.
impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let outcome = match self.outcome {
            Outcome::Held => "held",
            Outcome::Differs(_) => "differs",
            Outcome::Unjudged(_) => "unjudged",
        };
        write!(f, "Finding({} {outcome})", self.check)
    }
}
