//! What resolved scenarios are made of: roles, templates, matchers, changes. No I/O; every source position is kept.
//!
//! Written (forms) → **resolved (here, [`super::step`] and `flow`)** → planned → sent → recorded are separate
//! types.

mod change;
mod expect;
mod invariant;
mod jwt;
mod request;
mod roles;
mod template;

use std::fmt;
use std::sync::Arc;

pub use crate::requirement::ResourceType;
pub use change::{
    Change, ClaimChange, Encoding, JwtMutation, Mutation, Sending, SignWith, SignatureChange,
};
pub use expect::{
    ChallengeMatcher, Condition, Expectation, JsonType, JwtExpectation, Matcher,
    RedirectExpectation, Save, SaveSource,
};
pub use invariant::{
    AppliesTo, At, Endpoint, Grant, INVARIANTS, Invariants, Issued, Outcome, Relation, Rule, Shape,
    TokenKind,
};
pub use jwt::{EmbeddedKey, Filling, JwtPart, JwtText, PayloadChange};
pub use request::{Credential, Params};
pub use roles::{ClientAuth, ClientRole, RESOURCES, ResourceRole, ServerRole, UserRole, all_roles};
/// Something with the place where it is written.
pub use strict_yaml::Spanned as Located;
pub use template::{Template, TemplatePart, ValueTemplate};

/// The file a scenario was read from, kept for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the user gave it, or the path inside the binary.
    pub name: String,
    /// Whole text, so that a message can show the line.
    pub text: Arc<str>,
}

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

/// What a target can do or knows. If the target lacks one, the case is skipped, with the reason and how to
/// mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Can obtain an ID token of a user.
    UserSignIn,
    /// The authorize endpoint and sign-in page can be driven.
    SignInPage,
    /// Test control (`/_mock/`).
    Control,
    /// The clock can be moved.
    Clock,
    /// The third-party consent page can be driven.
    ConsentPage,
    /// Test control signs what a scenario writes, with the key of one of the target's servers.
    Forge,
    /// The target describes this value, e.g. `secret.resource` or `other_agent.client_id`.
    Knows(String),
    /// A client that has a secret has one of so many bytes.
    SecretOfBytes(ClientRole, usize),
}

impl Capability {
    /// Those that may be written under `needs`.
    pub const NAMED: [(&'static str, Self); 6] = [
        ("user-sign-in", Self::UserSignIn),
        ("sign-in-page", Self::SignInPage),
        ("control", Self::Control),
        ("clock", Self::Clock),
        ("consent-page", Self::ConsentPage),
        ("forge", Self::Forge),
    ];

    /// Knows a server.
    #[must_use]
    pub fn knows_server(server: ServerRole) -> Self {
        Self::Knows(format!("{server}.issuer"))
    }

    /// Knows a client.
    #[must_use]
    pub fn knows_client(client: ClientRole) -> Self {
        Self::Knows(format!("{client}.client_id"))
    }

    /// Knows a user.
    #[must_use]
    pub fn knows_user(user: UserRole) -> Self {
        Self::Knows(format!("{user}.login"))
    }
}
