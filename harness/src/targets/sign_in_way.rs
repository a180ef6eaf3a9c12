//! The ways in which a target gives tokens of a user.

use std::path::PathBuf;
use std::sync::Arc;

use crate::secret::Secret;
use crate::token_cache::{CacheError, CachedSignIn, TokenCache};

/// What a sign-in is made with where nothing else is asked for: what scenarios take for granted.
pub const DEFAULT_SCOPE: &str = "openid profile email";

/// The scope of those who get refresh tokens (OpenID Connect Core section 11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Path of Okta's authentication API, below the org's URL (okta.md (h) 2).
pub const AUTHN: &str = "/api/v1/authn";

/// How an ID token of a user is obtained.
#[derive(Debug, Clone)]
pub enum SignInWay {
    /// The sign-in page is posted.
    Page,
    /// The target file gives tokens, of ada for the client that signs users in.
    Given(GivenTokens),
    /// The target file gives a refresh token, of ada for the client that signs users in.
    Refresh(GivenRefreshToken),
    /// A person signs in at a browser, where the token cache has no tokens that can be used.
    Browser(StoredSignIns),
    /// The token cache has tokens that `atx sign-in` obtained. Nobody is asked.
    Cache(StoredSignIns),
    /// The user's password gets a session token, which the authorization endpoint takes in place of a page.
    Session,
}

/// The ways by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInKind {
    /// See [`SignInWay::Page`].
    Page,
    /// See [`SignInWay::Given`].
    Given,
    /// See [`SignInWay::Refresh`].
    Refresh,
    /// See [`SignInWay::Browser`].
    Browser,
    /// See [`SignInWay::Cache`].
    Cache,
    /// See [`SignInWay::Session`].
    Session,
}

impl SignInKind {
    /// Every name that a target file may give, in the order in which they are explained.
    pub const ALL: [(&'static str, Self); 6] = [
        ("page", Self::Page),
        ("given", Self::Given),
        ("refresh", Self::Refresh),
        ("browser", Self::Browser),
        ("cache", Self::Cache),
        ("session", Self::Session),
    ];
}

/// A refresh token of the target file.
#[derive(Debug, Clone)]
pub struct GivenRefreshToken {
    /// The token.
    pub token: Secret,
    /// The file it was read from, which gets the one that the org gives in its place.
    pub file: Option<PathBuf>,
}

/// What a sign-in gave that was made by hand.
#[derive(Debug, Clone)]
pub struct GivenTokens {
    /// The ID token.
    pub id_token: Secret,
    /// The access token beside it, where the file gives it.
    pub access_token: Option<Secret>,
}

/// The token cache of a target file, as it was when the target file was read.
#[derive(Debug, Clone)]
pub struct StoredSignIns {
    /// Where it is.
    pub file: PathBuf,
    /// What it holds, or why it cannot be used.
    pub found: Arc<Result<TokenCache, CacheError>>,
}

impl StoredSignIns {
    /// Reads the cache. One that is not there or cannot be used is no mistake of the target file.
    #[must_use]
    pub fn read(file: PathBuf) -> Self {
        let found = Arc::new(TokenCache::read(&file));
        Self { file, found }
    }

    /// A cache that is nowhere, for a target of which there is a recording only.
    #[must_use]
    pub fn nowhere() -> Self {
        let file = PathBuf::new();
        let found = Arc::new(Err(CacheError::Missing(file.clone())));
        Self { file, found }
    }

    /// Whether it is [`Self::nowhere`].
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.file.as_os_str().is_empty()
    }

    /// What it holds for a user and a client of an org.
    #[must_use]
    pub fn find(&self, issuer: &str, client_id: &str, user: &str) -> Option<&CachedSignIn> {
        let cache = self.found.as_ref().as_ref().ok()?;
        cache.find(issuer, client_id, user)
    }
}

impl SignInWay {
    /// As a target file names it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        let kind = self.kind();
        let mut names = SignInKind::ALL.into_iter();
        names
            .find(|(_, one)| *one == kind)
            .map_or("", |(name, _)| name)
    }

    const fn kind(&self) -> SignInKind {
        match self {
            Self::Page => SignInKind::Page,
            Self::Given(_) => SignInKind::Given,
            Self::Refresh(_) => SignInKind::Refresh,
            Self::Browser(_) => SignInKind::Browser,
            Self::Cache(_) => SignInKind::Cache,
            Self::Session => SignInKind::Session,
        }
    }

    /// The token cache that it uses.
    #[must_use]
    pub const fn cache(&self) -> Option<&StoredSignIns> {
        match self {
            Self::Browser(stored) | Self::Cache(stored) => Some(stored),
            Self::Page | Self::Given(_) | Self::Refresh(_) | Self::Session => None,
        }
    }

    /// Whether a program can make a sign-in for one case alone: with a nonce or scopes of its own, with an answer to look
    /// at, and one that the case may end.
    #[must_use]
    pub const fn makes_fresh_sign_ins(&self) -> bool {
        match self {
            Self::Page | Self::Session => true,
            Self::Given(_) | Self::Refresh(_) | Self::Browser(_) | Self::Cache(_) => false,
        }
    }

    /// Whether cases share what one sign-in gave. At the page each signs in for itself: nobody but a mock has one that a
    /// program can drive, and what its cases did not do themselves they would not judge.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        match self {
            Self::Page => false,
            Self::Given(_)
            | Self::Refresh(_)
            | Self::Browser(_)
            | Self::Cache(_)
            | Self::Session => true,
        }
    }

    /// The credentials that it holds.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Given(tokens) => {
                let mut secrets = vec![tokens.id_token.clone()];
                secrets.extend(tokens.access_token.clone());
                secrets
            }
            Self::Refresh(given) => vec![given.token.clone()],
            Self::Browser(stored) | Self::Cache(stored) => {
                let cache = stored.found.as_ref().as_ref();
                let sign_ins = cache.map(TokenCache::sign_ins).unwrap_or_default();
                sign_ins.iter().flat_map(CachedSignIn::secrets).collect()
            }
            Self::Page | Self::Session => Vec::new(),
        }
    }
}
