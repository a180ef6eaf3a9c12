//! Who was judged, without the address.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requirement::Profile;

/// The target, without its address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TargetInfo {
    /// As its file names it, or `embedded`.
    pub name: String,
    /// `embedded`, `mock`, `okta` or `agent`.
    #[schemars(with = "String")]
    pub kind: TargetKind,
    /// Profiles that were judged: `base`, `okta`, …
    #[schemars(with = "Vec<String>")]
    pub profiles: Vec<Profile>,
}

impl TargetInfo {
    /// The profiles, joined by commas; empty where the report names none.
    #[must_use]
    pub fn profile_names(&self) -> String {
        let names: Vec<_> = self.profiles.iter().map(|one| one.as_str()).collect();
        names.join(", ")
    }
}

/// What kind of server is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A mock org in this process.
    Embedded,
    /// A mock org elsewhere.
    Mock,
    /// A real org.
    Okta,
    /// An agent, judged by what it sends to mock orgs in this process.
    Agent,
}

impl TargetKind {
    /// As reports write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Mock => "mock",
            Self::Okta => "okta",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_the_same_word_in_json_and_in_text() {
        for kind in [
            TargetKind::Embedded,
            TargetKind::Mock,
            TargetKind::Okta,
            TargetKind::Agent,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
