//! Editions: the revision of Okta's guide that an org follows.

use std::fmt;

/// The revision of Okta's guide that the org follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Edition {
    /// A linked web app signs the user in and hands over the ID token; `private_key_jwt` only; `scope` in the
    /// first response.
    E2025_10,
    /// The agent is the client.
    #[default]
    E2026_10,
}

impl Edition {
    /// All, oldest first.
    pub const ALL: [Self; 2] = [Self::E2025_10, Self::E2026_10];

    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::E2025_10 => "2025-10",
            Self::E2026_10 => "2026-10",
        }
    }

    /// Reads what a user wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|edition| edition.as_str() == text)
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
