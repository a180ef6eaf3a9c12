//! What a baseline adds to a result: which deviations are known, and what would have to be written to accept the others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SourceLine;

/// What the baseline says of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownDeviation {
    /// Why the deviation is accepted.
    pub reason: String,
    /// The last day on which it is accepted, `YYYY-MM-DD`, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Whether that day was over when the run was judged.
    pub expired: bool,
    /// Why the case does not stand as the baseline expects it, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub but: Option<String>,
    /// `file:line` of the entry.
    #[schemars(with = "String")]
    pub source: SourceLine,
}

/// The baseline a run was compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineNote {
    /// Its file, as given.
    pub file: String,
    /// How many deviations it names, those of cases that were not run included.
    pub entries: usize,
    /// What would have to be added to the file to accept the failures and errors it does not name: an entry each, as
    /// YAML. The reason is left to whoever adds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<String>,
}
