//! The vault, and the third parties whose tokens Okta brokers.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::model::Users;
use super::names::ThirdPartyId;
use crate::secret::Secret;

/// A secret in the vault.
#[derive(Debug, Clone)]
pub struct VaultedSecret {
    /// UUID.
    pub id: String,
    /// Full ORN: what a client sends as `resource`.
    pub orn: String,
    /// Shown to administrators.
    pub name: String,
    /// Members of `vaulted_secret`.
    pub value: BTreeMap<String, Secret>,
    /// Who is entitled to it.
    pub entitled_users: Users,
}

/// A service account in the vault.
#[derive(Debug, Clone)]
pub struct ServiceAccount {
    /// UUID.
    pub id: String,
    /// Full ORN: what a client sends as `resource`.
    pub orn: String,
    /// Shown to administrators.
    pub name: String,
    /// Account name.
    pub username: Secret,
    /// Account password.
    pub password: Secret,
    /// Who is entitled to it.
    pub entitled_users: Users,
}

/// Someone else's authorization server and API, played by the mock.
#[derive(Debug, Clone)]
pub struct ThirdParty {
    /// Part of its addresses.
    pub id: ThirdPartyId,
    /// Shown on its consent page.
    pub name: String,
    /// Scopes it knows.
    pub scopes: Vec<String>,
    /// Lifetime of its access tokens.
    pub access_token_lifetime: SignedDuration,
    /// Whether it hands Okta a refresh token.
    pub refresh: bool,
}
