//! OAuth clients: apps and agents, their grants and their ways to authenticate.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::client_key::ClientKeySpec;
use super::model::{Status, Users};
use super::names::ClientId;
use crate::secret::Secret;

/// An OAuth client: an app or an agent.
#[derive(Debug, Clone)]
pub struct Client {
    /// `0oa…` or `wlp…`
    pub id: ClientId,
    /// Shown on the pages.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// Whether it may act.
    pub status: Status,
    /// Compared character by character.
    pub redirect_uris: Vec<String>,
    /// For logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Grants it is registered for.
    pub grant_types: BTreeSet<GrantType>,
    /// How it may authenticate.
    pub auth_methods: BTreeSet<AuthMethod>,
    /// Shared secret.
    pub client_secret: Option<Secret>,
    /// Registered keys.
    pub keys: Vec<ClientKeySpec>,
    /// Where the client publishes its keys, instead of registering them.
    pub jwks_uri: Option<String>,
    /// Whether an authorization request must carry a challenge.
    pub pkce_required: bool,
    /// Who may sign in to it, and be acted for by it.
    pub assigned_users: Users,
    /// Whether its users are asked for the scopes that need consent.
    pub consent: ConsentMethod,
    /// Its sign-on policy: how old a sign-in may be before the user must sign in again.
    pub reauthenticate_after: Option<SignedDuration>,
    /// Whether it may use the org authorization server alone.
    pub org_server_only: bool,
}

impl Client {
    /// Whether it is an AI agent.
    pub fn is_agent(&self) -> bool {
        matches!(self.kind, ClientKind::Agent { .. })
    }

    /// Whether no credential is asked of it.
    pub fn is_public(&self) -> bool {
        self.auth_methods.len() == 1 && self.auth_methods.contains(&AuthMethod::None)
    }
}

impl ConsentMethod {
    /// All, as Okta's API names them.
    pub const ALL: [(&'static str, Self); 2] = [
        (Self::Trusted.as_str(), Self::Trusted),
        (Self::Required.as_str(), Self::Required),
    ];

    /// As Okta's API names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trusted => "TRUSTED",
            Self::Required => "REQUIRED",
        }
    }
}

/// Whether a client's users are asked for consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentMethod {
    /// Never: the org trusts the client.
    Trusted,
    /// Where a scope needs it.
    Required,
}

/// App or agent.
#[derive(Debug, Clone)]
pub enum ClientKind {
    /// An app: web, browser, native or service.
    App {
        /// As configured.
        application_type: ApplicationType,
    },
    /// An AI agent.
    Agent {
        /// Apps whose ID tokens stand for their user as well.
        linked_apps: BTreeSet<ClientId>,
    },
}

/// What kind of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationType {
    /// Confidential, with a back end.
    Web,
    /// Runs in a browser.
    Browser,
    /// Runs on a device.
    Native,
    /// Acts for itself.
    Service,
}

impl ApplicationType {
    /// All, as Okta's API names them.
    pub const ALL: [(&'static str, Self); 4] = [
        (Self::Web.as_str(), Self::Web),
        (Self::Browser.as_str(), Self::Browser),
        (Self::Native.as_str(), Self::Native),
        (Self::Service.as_str(), Self::Service),
    ];

    /// As Okta's API names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Browser => "browser",
            Self::Native => "native",
            Self::Service => "service",
        }
    }
}

/// Grants by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantType {
    /// `authorization_code`
    AuthorizationCode,
    /// `refresh_token`
    RefreshToken,
    /// `client_credentials`
    ClientCredentials,
    /// `urn:ietf:params:oauth:grant-type:token-exchange`
    TokenExchange,
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`
    JwtBearer,
}

impl GrantType {
    /// All, as on the wire.
    pub const ALL: [(&'static str, Self); 5] = [
        (Self::AuthorizationCode.as_str(), Self::AuthorizationCode),
        (Self::RefreshToken.as_str(), Self::RefreshToken),
        (Self::ClientCredentials.as_str(), Self::ClientCredentials),
        (Self::TokenExchange.as_str(), Self::TokenExchange),
        (Self::JwtBearer.as_str(), Self::JwtBearer),
    ];

    /// As on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::JwtBearer => "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }

    /// Reads the value of `grant_type`.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, grant)| *grant)
    }
}

/// Client authentication by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthMethod {
    /// `client_secret_basic`
    ClientSecretBasic,
    /// `client_secret_post`
    ClientSecretPost,
    /// `client_secret_jwt`
    ClientSecretJwt,
    /// `private_key_jwt`
    PrivateKeyJwt,
    /// `none`
    None,
}

impl AuthMethod {
    /// All, as in metadata and configuration.
    pub const ALL: [(&'static str, Self); 5] = [
        ("client_secret_basic", Self::ClientSecretBasic),
        ("client_secret_post", Self::ClientSecretPost),
        ("client_secret_jwt", Self::ClientSecretJwt),
        ("private_key_jwt", Self::PrivateKeyJwt),
        ("none", Self::None),
    ];
}
