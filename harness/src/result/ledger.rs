//! What a run had a real org issue, and what became of it. Fingerprints stand for values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that an org issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Obtained {
    /// What it is.
    pub kind: ObtainedKind,
    /// First 12 hex digits of SHA-256 of the run's salt and the value, as wherever the report shows the value.
    pub fingerprint: String,
    /// The endpoint that issued it.
    pub from: String,
    /// When it expires, RFC 3339, UTC; absent where the answer does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// What became of it.
    pub end: End,
    /// Why it was not revoked, where that was tried or wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What was issued.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ObtainedKind {
    /// For an API.
    AccessToken,
    /// For further tokens.
    RefreshToken,
    /// Says who signed in.
    IdToken,
    /// An identity assertion authorization grant.
    IdJag,
    /// A third party's token, which Okta keeps.
    BrokeredToken,
    /// A secret of the vault.
    VaultedSecret,
    /// Name and password of a service account.
    ServiceAccount,
}

/// What became of it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It was revoked: the org answered that it is.
    Revoked,
    /// Another one was issued in its place.
    Replaced,
    /// It belongs to the sign-in that the target file gives, which is left as it is.
    Kept,
    /// Nothing revokes it: it ends by itself.
    Expires,
    /// It could be revoked, and was not; see `why`.
    NotRevoked,
}
