//! What has passed redaction, as types: the only text and JSON that a recorded exchange is made of.

use std::fmt;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text in which secrets have been replaced. Made where evidence is recorded, or read from a report.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Redacted(String);

/// JSON in which secrets have been replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct RedactedJson<T>(T);

impl Redacted {
    /// Only for whoever has replaced the secrets.
    pub(super) const fn passed(text: String) -> Self {
        Self(text)
    }

    /// For whoever replaces more.
    pub(super) const fn inner(&mut self) -> &mut String {
        &mut self.0
    }

    /// As a string slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> RedactedJson<T> {
    /// Only for whoever has replaced the secrets.
    pub(super) const fn passed(value: T) -> Self {
        Self(value)
    }

    /// For whoever replaces more.
    pub(super) const fn inner(&mut self) -> &mut T {
        &mut self.0
    }
}

/// What stands in the source of this program holds no secret.
impl From<&'static str> for Redacted {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl Deref for Redacted {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T> Deref for RedactedJson<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl PartialEq<str> for Redacted {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Redacted {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// For tests that describe an exchange by hand.
#[cfg(test)]
mod by_hand {
    use super::{Redacted, RedactedJson};

    impl From<String> for Redacted {
        fn from(text: String) -> Self {
            Self(text)
        }
    }

    impl<T> From<T> for RedactedJson<T> {
        fn from(value: T) -> Self {
            Self(value)
        }
    }

    impl<T> std::ops::DerefMut for RedactedJson<T> {
        fn deref_mut(&mut self) -> &mut T {
            &mut self.0
        }
    }
}
