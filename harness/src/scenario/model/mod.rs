//! The resolved scenario: what the files say, with every name checked. No I/O, no places lost.
//!
//! Written (forms) → **resolved (here)** → planned → sent → recorded are separate types.

mod action;
mod change;
mod expect;
mod invariant;
mod jwt;
mod roles;
mod template;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use strict_yaml::Place;

use crate::requirement::RequirementId;

pub use crate::requirement::ResourceType;
pub use action::{
    Action, Browsing, Configured, ControlCommand, Credential, ManageEndpoint, MetadataDocument,
    Params, Step, TokenStep,
};
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
pub use roles::{ClientAuth, ClientRole, ServerRole, UserRole};
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

/// One base flow and its variations.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Stable id; also the path of its file without `.yaml`.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Prose for `atx show`.
    pub about: Option<String>,
    /// The guide's resource type this belongs to.
    pub resource_type: ResourceType,
    /// Requirements cited by expectations that name none themselves.
    pub covers: Vec<RequirementId>,
    /// Capabilities the target must have, explicit and derived from the base steps.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means all.
    pub editions: Vec<Edition>,
    /// Runs alone, on a reset target, because it changes what others would see.
    pub exclusive: bool,
    /// The positive twin.
    pub steps: Vec<Step>,
    /// Variations of one step each.
    pub cases: Vec<Case>,
    /// Where it was written.
    pub source: SourceFile,
}

/// A variation of one step of the base flow, with a result of its own.
#[derive(Debug, Clone)]
pub struct Case {
    /// Stable id within the scenario.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Requirements this case cites (the scenario's when it names none).
    pub covers: Vec<RequirementId>,
    /// Needs of the case beyond the scenario's, derived ones included.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means the scenario's.
    pub editions: Vec<Edition>,
    /// See [`Scenario::exclusive`].
    pub exclusive: bool,
    /// Index into [`Scenario::steps`] of the step that is varied.
    pub at: usize,
    /// Steps inserted before the varied one.
    pub before: Vec<Step>,
    /// What is changed in the request.
    pub change: Change,
    /// What must come back.
    pub expect: Vec<Expectation>,
    /// Values kept for `then`.
    pub save: Vec<Save>,
    /// Steps after the varied one.
    pub then: Vec<Step>,
    /// The rest of the base flow runs as well, its expectations included.
    pub continue_flow: bool,
    /// Where the case is written.
    pub place: Place,
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

/// What a target can do or knows. A target that lacks one gives *skipped* with a reason and a cure.
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
}
