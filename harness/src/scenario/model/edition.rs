//! Editions of Okta's guide.

use std::fmt;

/// The revision of Okta's guide that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// A linked web app signs the user in and hands over the ID token.
    E2025_10,
    /// The agent is the client.
    E2026_10,
}

impl Edition {
    /// Oldest first.
    pub const ALL: [Self; 2] = [Self::E2025_10, Self::E2026_10];

    /// As written on the command line and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::E2025_10 => "2025-10",
            Self::E2026_10 => "2026-10",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
