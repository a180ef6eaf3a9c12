//! Why a control request was not carried out.

use http::StatusCode;
use serde_json::{Value, json};
use strict_yaml::did_you_mean;

/// A control request that was refused, with what would have been right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error} (expected: {expected})")]
pub struct ControlError {
    /// 4xx, or 500 when the mock itself failed.
    pub status: StatusCode,
    /// What is wrong.
    pub error: String,
    /// What would have been right.
    pub expected: String,
}

impl ControlError {
    /// The request itself is wrong.
    pub fn bad_request(error: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: error.into(),
            expected: expected.into(),
        }
    }

    /// There is no `what` of this name; `known` are those there are.
    pub fn not_found<'k>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) -> Self {
        let mut error = format!("there is no {what} `{name}`");
        if let Some(near) = did_you_mean(name, known.clone()) {
            error = format!("{error}; did you mean `{near}`?");
        }
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        Self {
            status: StatusCode::NOT_FOUND,
            error,
            expected: if known.is_empty() {
                format!("the org has no {what}")
            } else {
                format!("one of {known}")
            },
        }
    }

    /// Another method than those the path has.
    pub fn method_not_allowed(method: &str, path: &str, allowed: &str) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            error: format!("{path} does not take {method}"),
            expected: format!("{allowed} {path}"),
        }
    }

    /// The answer's body.
    pub fn to_json(&self) -> Value {
        json!({ "error": self.error, "expected": self.expected })
    }
}
