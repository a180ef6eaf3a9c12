//! What lives between requests: sign-ins, sessions, codes, refresh tokens, consents.

use std::collections::BTreeSet;

use crate::keys::ServerName;
use crate::org::{ClientId, ConnectionId, ThirdPartyId, UserId};
use crate::secret::Secret;

/// An authorization request that waits for the user.
#[derive(Debug, Clone)]
pub struct PendingSignIn {
    /// What was asked.
    pub request: AuthorizationRequest,
    /// The session the user has meanwhile.
    pub session: Option<String>,
}

/// A checked authorization request.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// Server asked.
    pub server: ServerName,
    /// Client asking.
    pub client: ClientId,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Scopes asked for.
    pub scopes: BTreeSet<String>,
    /// Echoed.
    pub state: String,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
    /// Who is expected to sign in.
    pub login_hint: Option<String>,
    /// S256 challenge.
    pub code_challenge: Option<String>,
    /// `fragment` or `query` or `form_post`.
    pub response_mode: String,
    /// `resource`: the audience of the access tokens, in place of the server's own.
    pub resource: Option<String>,
    /// `prompt=none`: nobody can be asked anything.
    pub silent: bool,
    /// `prompt=consent`, until the user has consented.
    pub asks_consent: bool,
    /// `max_age` was sent: the ID token must say when the user signed in.
    pub max_age_sent: bool,
}

/// A signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub user: UserId,
    /// Since when, epoch seconds.
    pub auth_time: i64,
    /// When it was last used.
    pub used_at: i64,
    /// It was begun by a session token, so the user has shown a password and nothing else.
    pub by_session_token: bool,
}

/// A user's consent to one scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopeConsent {
    /// Who consented.
    pub user: UserId,
    /// For which client.
    pub client: ClientId,
    /// At which server.
    pub server: ServerName,
    /// To what.
    pub scope: String,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub struct CodeGrant {
    /// The request it answers.
    pub request: AuthorizationRequest,
    /// Who signed in.
    pub user: UserId,
    /// When.
    pub auth_time: i64,
    /// The session in which the user signed in.
    pub session: String,
    /// Second until which it may be redeemed; the record lives longer so that reuse is noticed.
    pub redeemable_until: i64,
    /// `jti`s and refresh tokens issued from it, once it was used.
    pub issued: Option<Vec<String>>,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub struct RefreshGrant {
    /// Server that issued it.
    pub server: ServerName,
    /// Client it belongs to.
    pub client: ClientId,
    /// User.
    pub user: UserId,
    /// When the user signed in.
    pub auth_time: i64,
    /// Granted scopes.
    pub scopes: BTreeSet<String>,
    /// Nonce of the first ID token.
    pub nonce: Option<String>,
    /// Tokens of one family share this; reuse of a rotated one revokes all.
    pub family: String,
    /// Used up by rotation.
    pub rotated: bool,
    /// Audience of the access tokens, where the authorization request named a resource.
    pub resource: Option<String>,
    /// How long it lives.
    pub limits: RefreshLimits,
}

/// How long a refresh token lives; one that came by rotation has the limits of the first.
#[derive(Debug, Clone, Copy)]
pub struct RefreshLimits {
    /// Second from which it no longer counts, if there is one.
    pub expires_at: Option<i64>,
    /// Seconds for which it may lie unused.
    pub idle: i64,
    /// When it was last used, or issued.
    pub used_at: i64,
}

impl RefreshLimits {
    /// Whether it counts at an instant.
    pub fn are_kept(&self, now: i64) -> bool {
        now < self.end()
    }

    /// The second from which it no longer counts, unless it is used before.
    pub fn end(&self) -> i64 {
        let idle = self.used_at.saturating_add(self.idle);
        self.expires_at.map_or(idle, |end| end.min(idle))
    }
}

/// Whose consent to what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConsentKey {
    /// Who consented.
    pub user: UserId,
    /// For which agent.
    pub agent: ClientId,
    /// Through which connection.
    pub connection: ConnectionId,
}

/// What Okta holds of a third party after consent.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Stored access token, until revoked.
    pub access_token: Option<Secret>,
    /// Whether a refresh token is held, so that a new access token can be had silently.
    pub refresh: bool,
    /// Granted scopes, in the connection's order.
    pub scopes: Vec<String>,
}

/// What an `interaction_uri` stands for.
#[derive(Debug, Clone)]
pub struct DataHandle {
    /// Whose consent is asked for.
    pub key: ConsentKey,
    /// At whom.
    pub third_party: ThirdPartyId,
    /// Scopes asked for.
    pub scopes: Vec<String>,
}

/// A token of the third party's own.
#[derive(Debug, Clone)]
pub struct ThirdPartyToken {
    /// Whose API takes it.
    pub third_party: ThirdPartyId,
    /// By whose consent it was issued.
    pub key: ConsentKey,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Second until which the API takes it.
    pub expires_at: i64,
}
