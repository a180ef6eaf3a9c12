//! A token that rules are applied to.

use serde_json::Value;

use crate::scenario::model::TokenKind;

/// A JWT that an answer hands out.
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// `{"header": …, "claims": …}`.
    pub(super) json: Value,
    /// The token as it stands in the answer.
    pub(super) text: String,
}

impl Token {
    /// A claim.
    pub(super) fn claim(&self, name: &str) -> Option<&Value> {
        self.json.get("claims")?.get(name)
    }
}
