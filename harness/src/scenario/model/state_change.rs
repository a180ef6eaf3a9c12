//! What a case changes at an org beyond tokens of its own. At a real org none of it happens unless the target file allows it.

use std::fmt;

/// A kind of change that is still there after the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateChange {
    /// A user's session is ended.
    Logout,
    /// A token is revoked.
    Revocation,
    /// A user allows or refuses something, at the org or at a third party.
    Consent,
    /// A user's password is tried with a wrong value.
    WrongPassword,
    /// The clock is moved.
    Clock,
    /// A server gets another signing key.
    KeyRotation,
    /// A user is suspended.
    Users,
    /// An agent or one of its connections is deactivated.
    Agents,
    /// A client or a server is configured differently.
    Configuration,
}

impl StateChange {
    /// All, with the names used in target files.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("logout", Self::Logout),
        ("revocation", Self::Revocation),
        ("consent", Self::Consent),
        ("wrong-password", Self::WrongPassword),
        ("clock", Self::Clock),
        ("key-rotation", Self::KeyRotation),
        ("users", Self::Users),
        ("agents", Self::Agents),
        ("configuration", Self::Configuration),
    ];

    /// As written in target files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Revocation => "revocation",
            Self::Consent => "consent",
            Self::WrongPassword => "wrong-password",
            Self::Clock => "clock",
            Self::KeyRotation => "key-rotation",
            Self::Users => "users",
            Self::Agents => "agents",
            Self::Configuration => "configuration",
        }
    }

    /// What happens, for readers of a scenario.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Logout => "it ends a user's session",
            Self::Revocation => "it revokes a token",
            Self::Consent => "a user gives or refuses a consent",
            Self::WrongPassword => {
                "it tries a wrong password of a user, which counts towards a lockout"
            }
            Self::Clock => "it moves the clock",
            Self::KeyRotation => "a server gets another signing key",
            Self::Users => "a user is suspended, or restored",
            Self::Agents => "an agent or its connection is deactivated, or activated",
            Self::Configuration => "a client or a server is configured differently",
        }
    }

    /// What cannot be undone about it where there is no test control; `None` where nothing is left.
    #[must_use]
    pub const fn remains(self) -> Option<&'static str> {
        match self {
            Self::Logout => Some("the session has ended: the user signs in again"),
            Self::Revocation => Some("the token has ended"),
            Self::Consent => Some(
                "the decision stays until somebody takes it back at the third party or in the org",
            ),
            Self::WrongPassword => {
                Some("the failed attempts count: the org's policy may lock the user")
            }
            Self::Clock | Self::KeyRotation | Self::Users | Self::Agents | Self::Configuration => {
                None
            }
        }
    }
}

impl fmt::Display for StateChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_listed_under_its_name() {
        for (name, change) in StateChange::ALL {
            assert_eq!(change.to_string(), *name);
        }
    }
}
