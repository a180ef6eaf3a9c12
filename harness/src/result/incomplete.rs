//! Why a run ended before its last case, and how far it had come.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why not every planned case was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Incomplete {
    /// What ended the run.
    pub cause: StopCause,
    /// The same for people, with what is known about it.
    pub reason: String,
    /// What is wrong with the target file, where that ended the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Misconfiguration>,
    /// Cause and cure in one sentence, where nothing was tested because of trouble on the way to the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// How far the run had come. [`Collector`](super::Collector) counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<Reached>,
}

/// A setting of the target file, or of this machine, that is probably wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Misconfiguration {
    /// The key of the target file: `clients.agent.key`.
    pub setting: String,
    /// What was seen, with the server's own words.
    pub what: String,
    /// What to do about it.
    pub cure: String,
}

/// How far a run had come when it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reached {
    /// Cases that had been judged until then.
    pub judged: usize,
    /// Cases that were planned.
    pub planned: usize,
    /// The last of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
}

impl Incomplete {
    /// The reason alone; how far the run had come is not known yet.
    #[must_use]
    pub fn new(cause: StopCause, reason: impl Into<String>) -> Self {
        Self {
            cause,
            reason: reason.into(),
            mistakes: Vec::new(),
            trouble: None,
            reached: None,
        }
    }

    /// The run did not begin, because the target file is probably wrong.
    #[must_use]
    pub fn misconfigured(mistakes: Vec<Misconfiguration>) -> Self {
        let first = mistakes.first();
        let first = first.map_or_else(String::new, |first| {
            format!(": {}: {}", first.setting, first.what)
        });
        Self {
            mistakes,
            ..Self::new(
                StopCause::Preflight,
                format!("the target file is probably wrong, so nothing was tested{first}"),
            )
        }
    }
}

impl std::fmt::Display for Incomplete {
    /// `interrupted by Ctrl-C, after judging 3 of 8 cases; the last was sign-in/code`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)?;
        let Some(reached) = &self.reached else {
            return Ok(());
        };
        write!(
            f,
            ", after judging {} of {} {}",
            reached.judged,
            reached.planned,
            if reached.planned == 1 {
                "case"
            } else {
                "cases"
            }
        )?;
        match &reached.last {
            Some(last) => write!(f, "; the last was {last}"),
            None => Ok(()),
        }
    }
}

/// What ended a run before its last case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopCause {
    /// Ctrl-C, or a signal that asks to end.
    Interrupted,
    /// `--fail-fast`, after something unexpected.
    FailFast,
    /// The target does not answer, or no longer does.
    TargetUnreachable,
    /// The target file is probably wrong; nothing was tested.
    Preflight,
    /// A resource type that was to be tested could not be entered.
    NotEntered,
    /// The run took longer than it may.
    Deadline,
    /// The run has sent as many requests as it may.
    MaxRequests,
    /// Reports of parts of the run were not there when it was put together.
    MissingShards,
    /// What was judged is a recording that is not whole.
    Recording,
    /// The harness itself could not go on.
    Harness,
}
