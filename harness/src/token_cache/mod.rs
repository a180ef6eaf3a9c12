//! The token cache: what `atx sign-in` obtained, kept in a file that its owner alone may read.

mod file;
mod lock;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use file::CacheError;

use crate::secret::Secret;

/// Tokens that live no longer than this are not used any more: a case takes a while.
pub const MARGIN: i64 = 60;

/// The sign-ins that a cache file holds, one for each issuer, client and user.
#[derive(Debug, Clone, Default)]
pub struct TokenCache {
    sign_ins: Vec<CachedSignIn>,
}

/// What one sign-in gave, and whom it was made for.
#[derive(Debug, Clone)]
pub struct CachedSignIn {
    /// Issuer of the org authorization server.
    pub issuer: String,
    /// The client that signed the user in.
    pub client_id: String,
    /// The user's role in target files and scenarios.
    pub user: String,
    /// Who that is: `preferred_username` or `email` of the ID token, else its `sub`.
    pub person: String,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// When.
    pub obtained_at: Timestamp,
    /// When the first of the tokens expires that a run needs, the refresh token aside.
    pub expires_at: Timestamp,
    /// The ID token.
    pub id_token: Secret,
    /// The access token.
    pub access_token: Option<Secret>,
    /// The refresh token, where `offline_access` was granted.
    pub refresh_token: Option<Secret>,
}

/// How a sign-in of the cache can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usable {
    /// Its tokens are valid.
    AsItIs,
    /// They have expired, and there is a refresh token.
    OnceRefreshed,
}

impl CachedSignIn {
    /// Whether the tokens can still be used at an instant, in seconds since the epoch.
    #[must_use]
    pub fn is_valid_at(&self, now: i64) -> bool {
        self.expires_at.as_second() > now + MARGIN
    }

    /// Whether all of these scopes, separated by spaces, were granted.
    #[must_use]
    pub fn grants(&self, scopes: &str) -> bool {
        let mut wanted = scopes.split_whitespace();
        wanted.all(|scope| self.scopes.iter().any(|granted| granted == scope))
    }

    /// Whether a run can use it for what needs these scopes, at an instant in seconds since the epoch, and how.
    #[must_use]
    pub fn usable(&self, scopes: &str, now: i64) -> Option<Usable> {
        if !self.grants(scopes) {
            None
        } else if self.is_valid_at(now) {
            Some(Usable::AsItIs)
        } else {
            self.refresh_token.as_ref().map(|_| Usable::OnceRefreshed)
        }
    }

    /// Its credentials.
    pub fn secrets(&self) -> impl Iterator<Item = Secret> {
        let others = [&self.access_token, &self.refresh_token];
        let others = others.into_iter().flatten().cloned();
        std::iter::once(self.id_token.clone()).chain(others)
    }

    fn is_of(&self, issuer: &str, client_id: &str, user: &str) -> bool {
        self.issuer == issuer && self.client_id == client_id && self.user == user
    }
}

impl TokenCache {
    /// Everything that it holds.
    #[must_use]
    pub fn sign_ins(&self) -> &[CachedSignIn] {
        &self.sign_ins
    }

    /// The sign-in of a user for a client of an org.
    #[must_use]
    pub fn find(&self, issuer: &str, client_id: &str, user: &str) -> Option<&CachedSignIn> {
        let mut sign_ins = self.sign_ins.iter();
        sign_ins.find(|one| one.is_of(issuer, client_id, user))
    }

    /// Keeps a sign-in, in place of the one before it.
    pub fn put(&mut self, sign_in: CachedSignIn) {
        self.sign_ins
            .retain(|one| !one.is_of(&sign_in.issuer, &sign_in.client_id, &sign_in.user));
        self.sign_ins.push(sign_in);
    }

    /// Takes out the sign-ins that a condition names.
    pub fn take(&mut self, is_meant: impl Fn(&CachedSignIn) -> bool) -> Vec<CachedSignIn> {
        let (taken, kept) = std::mem::take(&mut self.sign_ins)
            .into_iter()
            .partition(is_meant);
        self.sign_ins = kept;
        taken
    }
}

/// Where the cache of a target file is if the file does not say: in the folder `.atx` beside it.
#[must_use]
pub fn beside(target_file: &Path) -> PathBuf {
    let stem = target_file.file_stem().unwrap_or("target".as_ref());
    let name = format!("{}.tokens.json", stem.to_string_lossy());
    let folder = target_file.parent().unwrap_or(Path::new(""));
    folder.join(file::FOLDER).join(name)
}

/// A sign-in for tests of other modules.
#[cfg(test)]
pub(crate) mod sample {
    use super::*;

    /// One of ada for `wlpagent` that lives until an instant.
    pub(crate) fn of_ada(issuer: &str, expires_at: i64) -> CachedSignIn {
        CachedSignIn {
            issuer: issuer.to_owned(),
            client_id: "wlpagent".to_owned(),
            user: "ada".to_owned(),
            person: "ada@example.com".to_owned(),
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            obtained_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::from_second(expires_at).unwrap(),
            id_token: Secret::new("cached-id-token-canary"),
            access_token: Some(Secret::new("cached-access-token-canary")),
            refresh_token: None,
        }
    }

    /// The same with a refresh token.
    pub(crate) fn with_refresh_token(sign_in: CachedSignIn, token: &str) -> CachedSignIn {
        CachedSignIn {
            refresh_token: Some(Secret::new(token)),
            ..sign_in
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_sign_in_takes_the_place_of_the_one_before_and_of_no_other() {
        let mut cache = TokenCache::default();
        cache.put(sample::of_ada("https://a.example", 1));
        cache.put(sample::of_ada("https://b.example", 1));
        cache.put(sample::of_ada("https://a.example", 2));
        assert_eq!(cache.sign_ins().len(), 2);
        let found = cache.find("https://a.example", "wlpagent", "ada");
        assert_eq!(found.unwrap().expires_at.as_second(), 2);
        assert!(cache.find("https://a.example", "wlpother", "ada").is_none());
        assert!(
            cache
                .find("https://a.example", "wlpagent", "grace")
                .is_none()
        );
        let taken = cache.take(|one| one.issuer == "https://a.example");
        assert_eq!((taken.len(), cache.sign_ins().len()), (1, 1));
    }

    #[test]
    fn what_expires_within_a_minute_is_not_used() {
        let sign_in = sample::of_ada("https://a.example", 1_000);
        assert!(sign_in.is_valid_at(939));
        assert!(!sign_in.is_valid_at(940));
        assert!(sign_in.grants("openid email") && !sign_in.grants("openid offline_access"));
    }

    #[test]
    fn what_lacks_a_scope_is_of_no_use_even_if_it_can_be_refreshed() {
        let valid = sample::of_ada("https://a.example", 1_000);
        let refreshable = sample::with_refresh_token(valid.clone(), "r");
        assert_eq!(valid.usable("openid", 0), Some(Usable::AsItIs));
        assert_eq!(valid.usable("openid", 2_000), None);
        assert_eq!(
            refreshable.usable("openid", 2_000),
            Some(Usable::OnceRefreshed)
        );
        assert_eq!(refreshable.usable("openid groups", 2_000), None);
    }

    #[test]
    fn the_cache_of_a_target_file_stands_beside_it() {
        let at = |file: &str| beside(Path::new(file)).display().to_string();
        assert_eq!(at("orgs/acme.yaml"), "orgs/.atx/acme.tokens.json");
        assert_eq!(at("atx.yaml"), ".atx/atx.tokens.json");
    }
}
