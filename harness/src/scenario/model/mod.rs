//! What resolved scenarios are made of: roles, templates, matchers, changes. No I/O; every source position is kept.
//!
//! Written (forms) → **resolved (here, [`super::step`] and `flow`)** → planned → sent → recorded are separate
//! types.

mod capability;
mod change;
mod edition;
mod expect;
mod invariant;
mod jwt;
mod request;
mod roles;
mod state_change;
mod template;

use std::sync::Arc;

pub use crate::requirement::ResourceType;
pub use capability::{Authentication, Capability};
pub use change::{
    Change, ClaimChange, Encoding, JwtMutation, Mutation, Sending, SignWith, SignatureChange,
};
pub use edition::Edition;
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
pub use state_change::StateChange;
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
