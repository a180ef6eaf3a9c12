//! A run of a part of the scenarios, so that a report says what it is not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which part of a run this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// From 1.
    pub index: usize,
    /// How many parts there are.
    pub count: usize,
    /// Cases of all parts together.
    pub cases: usize,
    /// First 12 hex digits of SHA-256 of the ids of all these cases: parts of one run have the same.
    pub suite: String,
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "shard {} of {}", self.index, self.count)
    }
}
