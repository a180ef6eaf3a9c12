//! What came of a check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, Group};
use crate::result::Misconfiguration;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was seen to be right.
    Ok,
    /// It was seen to be wrong.
    Problem,
    /// It could not be seen.
    Unknown,
}

impl Status {
    /// As it is shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Problem => "problem",
            Self::Unknown => "unknown",
        }
    }
}

/// A check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// The check.
    pub check: Check,
    /// Among which it is shown.
    pub group: Group,
    /// What it is about.
    pub title: String,
    /// Which client or resource of the target file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What came of it.
    pub status: Status,
    /// What was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Of a problem: the key of the target file, or the setting of this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// Of a problem: what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// Of a problem: where in the Admin Console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// Of what is unknown: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of what is unknown: how to find out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub find_out: Option<String>,
}

impl Checked {
    fn new(check: Check, status: Status) -> Self {
        Self {
            check,
            group: check.group(),
            title: check.title().to_owned(),
            of: None,
            status,
            evidence: None,
            setting: None,
            cure: None,
            console: None,
            reason: None,
            find_out: None,
        }
    }

    /// It was seen to be right.
    #[must_use]
    pub fn ok(check: Check, evidence: impl Into<String>) -> Self {
        Self {
            evidence: Some(evidence.into()),
            ..Self::new(check, Status::Ok)
        }
    }

    /// It was seen to be wrong. The place is that of the check, until [`Self::at`] says another.
    #[must_use]
    pub fn problem(check: Check, evidence: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            evidence: Some(evidence.into()),
            cure: Some(cure.into()),
            console: check.console().path().map(str::to_owned),
            ..Self::new(check, Status::Problem)
        }
    }

    /// It could not be seen.
    #[must_use]
    pub fn unknown(check: Check, reason: impl Into<String>, find_out: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            find_out: Some(find_out.into()),
            ..Self::new(check, Status::Unknown)
        }
    }

    /// A mistake that the preflight knows too.
    #[must_use]
    pub fn mistake(check: Check, mistake: &Misconfiguration) -> Self {
        Self::problem(check, mistake.what.as_str(), mistake.cure.as_str())
            .setting(mistake.setting.as_str())
    }

    /// The same for one client or resource of several.
    #[must_use]
    pub fn of(self, which: impl Into<String>) -> Self {
        Self {
            of: Some(which.into()),
            ..self
        }
    }

    /// The same with a key of the target file.
    #[must_use]
    pub fn setting(self, setting: impl Into<String>) -> Self {
        Self {
            setting: Some(setting.into()),
            ..self
        }
    }

    /// The same with a place in the Admin Console; none where it is no setting of the org.
    #[must_use]
    pub fn at(self, place: Option<&str>) -> Self {
        Self {
            console: place.map(str::to_owned),
            ..self
        }
    }

    /// Every text in it, for whoever takes secrets out.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        [
            &mut self.of,
            &mut self.evidence,
            &mut self.setting,
            &mut self.cure,
            &mut self.reason,
            &mut self.find_out,
        ]
        .into_iter()
        .flatten()
    }
}
