//! How the limits of a target and of a run were kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How limits were kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Paced {
    /// Time during which requests were held back.
    pub milliseconds: f64,
    /// Requests that were refused with 429.
    pub refused: u64,
    /// Requests that were sent again: those, and such as are safe to repeat after trouble on the way.
    pub repeated: u64,
}

impl Paced {
    /// That of several parts of a run together; `None` where none met a limit.
    pub(super) fn of_parts(parts: impl Iterator<Item = Self>) -> Option<Self> {
        parts.reduce(|one, other| Self {
            milliseconds: one.milliseconds + other.milliseconds,
            refused: one.refused + other.refused,
            repeated: one.repeated + other.repeated,
        })
    }
}
