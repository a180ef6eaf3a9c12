//! Custom authorization servers and their access policies.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::client::GrantType;
use super::model::{Status, Users};
use super::names::{ClientId, CustomServerId};
use crate::behaviour::RedeemScope;
use crate::secret::Secret;

/// A custom authorization server.
#[derive(Debug, Clone)]
pub struct CustomServer {
    /// `default` or `aus…`
    pub id: CustomServerId,
    /// Shown to administrators.
    pub name: String,
    /// `aud` of its access tokens when no resource is named.
    pub audience: String,
    /// Scopes that exist on it, OIDC scopes apart.
    pub scopes: BTreeSet<String>,
    /// Those that a machine gets when it asks for none.
    pub default_scopes: BTreeSet<String>,
    /// Those that a user must consent to, where the client is one that asks.
    pub consent_scopes: BTreeSet<String>,
    /// What may be named as `resource` beside its audience; it becomes the audience of the access token.
    pub resources: BTreeSet<String>,
    /// What becomes of a `scope` that is sent with an ID-JAG, if this server differs from the rest of the org.
    pub redeem_scope: Option<RedeemScope>,
    /// In order of priority.
    pub policies: Vec<AccessPolicy>,
    /// Whether it answers.
    pub status: Status,
    /// Pinned signing key (PKCS#8 PEM), if any.
    pub key_pem: Option<Secret>,
}

/// Names clients; its rules decide.
#[derive(Debug, Clone)]
pub struct AccessPolicy {
    /// Shown to administrators.
    pub name: String,
    /// Clients it is for.
    pub clients: BTreeSet<ClientId>,
    /// In order of priority.
    pub rules: Vec<AccessRule>,
}

/// Grants, users and scopes that are allowed, and for how long.
#[derive(Debug, Clone)]
pub struct AccessRule {
    /// Shown to administrators.
    pub name: String,
    /// Grants it is for.
    pub grant_types: BTreeSet<GrantType>,
    /// Users it is for.
    pub users: Users,
    /// Scopes it allows.
    pub scopes: BTreeSet<String>,
    /// Lifetime of access tokens: 5 minutes to 24 hours.
    pub access_token_lifetime: SignedDuration,
    /// Lifetime of refresh tokens; `None` without a limit.
    pub refresh_token_lifetime: Option<SignedDuration>,
    /// How long a refresh token lives without being used.
    pub refresh_token_idle: SignedDuration,
}
