//! Sign-ins of the token cache: as they are there, refreshed, or made by a person.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::{Asker, Attempt, Entry, SignIns};
use crate::result::RunEvent;
use crate::run::perform::{Performed, given};
use crate::scenario::model::UserRole;
use crate::sign_in::{Asked, Notice, SignInError, SignedIn, by_person};
use crate::targets::{DEFAULT_SCOPE, GivenTokens, SignInWay};
use crate::token_cache::{CacheError, CachedSignIn, TokenCache, Usable};

/// What the token cache has of a sign-in, where it is not what it had when the target file was read. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Newest(Arc<Mutex<Option<CachedSignIn>>>);

impl Newest {
    pub(super) fn set(&self, sign_in: CachedSignIn) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sign_in);
    }

    fn get(&self) -> Option<CachedSignIn> {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newest.clone()
    }
}

/// While it is there, who makes a sign-in waits for a person.
struct WaitsForPerson<'e>(&'e watch::Sender<bool>);

impl<'e> WaitsForPerson<'e> {
    fn at(entry: &'e Entry) -> Self {
        entry.asks_person.send_replace(true);
        Self(&entry.asks_person)
    }
}

impl Drop for WaitsForPerson<'_> {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

/// Why nobody is signed in.
struct NotSignedIn {
    error: SignInError,
    /// Whether that is so for the whole run.
    is_final: bool,
}

impl From<SignInError> for NotSignedIn {
    fn from(error: SignInError) -> Self {
        Self {
            is_final: !matches!(error, SignInError::Trouble(_)),
            error,
        }
    }
}

impl SignIns {
    /// Tokens of the cache, refreshed ones, or those that a person signs in for.
    pub(super) async fn stored(
        &self,
        user: UserRole,
        entry: &Entry,
        newest: &Newest,
        by: &Asker<'_>,
    ) -> Attempt {
        match self.cached_or_by_person(user, entry, newest, by).await {
            Ok(attempt) => attempt,
            Err(NotSignedIn { error, is_final }) => Attempt {
                performed: Performed {
                    not_signed_in: Some(error),
                    ..Performed::default()
                },
                until: None,
                is_final,
            },
        }
    }

    async fn cached_or_by_person(
        &self,
        user: UserRole,
        entry: &Entry,
        newest: &Newest,
        by: &Asker<'_>,
    ) -> Result<Attempt, NotSignedIn> {
        let deployment = by.target.deployment();
        let way = deployment.sign_in.as_ref();
        let asks = matches!(way, Some(SignInWay::Browser(_)));
        let Some(stored) = way.and_then(SignInWay::cache) else {
            return Err(SignInError::Undescribed("sign_in".to_owned()).into());
        };
        match stored.found.as_ref() {
            Err(CacheError::Missing(_)) if asks => {}
            Err(error) => return Err(SignInError::from(error.clone()).into()),
            Ok(_) => {}
        }
        let read = || deployment.cached_sign_in(user, by.edition).cloned();
        let cached = newest.get().or_else(read);
        let usable = cached
            .as_ref()
            .and_then(|cached| cached.usable(DEFAULT_SCOPE, by.target.now()));
        let file = stored.file.as_path();
        let why = match (cached, usable) {
            (Some(cached), Some(Usable::AsItIs)) => return Ok(from_cache(&cached)),
            (Some(cached), Some(Usable::OnceRefreshed)) => {
                let refreshing =
                    self.refresh_cached(cached, file.to_owned(), newest.clone(), user, by);
                match refreshing.await {
                    Ok(signed_in) if signed_in.sign_in.grants(DEFAULT_SCOPE) => {
                        return Ok(fresh(signed_in));
                    }
                    Ok(_) => {
                        format!("the refreshed tokens of `{user}` lack some of `{DEFAULT_SCOPE}`")
                    }
                    // A person can sign in once more.
                    Err(
                        error @ (SignInError::NotRefreshed { .. } | SignInError::InvalidTokens(_)),
                    ) if asks => error.to_string(),
                    Err(error) => return Err(error.into()),
                }
            }
            (Some(cached), None) if cached.grants(DEFAULT_SCOPE) => {
                let file = file.display();
                format!("the tokens of `{user}` in {file} have expired")
            }
            (_, None) | (None, _) => {
                let file = file.display();
                format!("{file} has no sign-in of `{user}` that can be used")
            }
        };
        if !asks {
            return Err(SignInError::NotCached { why, user }.into());
        }
        let signed_in = self.person_signs_in(user, entry, file, by).await;
        let signed_in = signed_in.map_err(|error| NotSignedIn {
            error,
            // Nobody is asked twice.
            is_final: true,
        })?;
        newest.set(signed_in.sign_in.clone());
        by.target.note_session(user);
        Ok(fresh(signed_in))
    }

    /// Has a person sign in, and keeps what it gives.
    async fn person_signs_in(
        &self,
        user: UserRole,
        entry: &Entry,
        file: &Path,
        by: &Asker<'_>,
    ) -> Result<SignedIn, SignInError> {
        TokenCache::can_keep(file)?;
        let asked = Asked {
            target: by.target,
            edition: by.edition,
            user,
            scope: DEFAULT_SCOPE,
        };
        let show = |notice| match notice {
            Notice::Request(request) => self.ask(request),
            Notice::NotTheAnswer => {
                let _ = self.events.send(RunEvent::NotTheAnswer);
            }
        };
        let waits = WaitsForPerson::at(entry);
        let asking = async {
            let _turn = self.person.lock().await;
            by_person(&asked, &self.asking, &show).await
        };
        let signed_in = self.lending(asking).await;
        drop(waits);
        let signed_in = signed_in?;
        TokenCache::keep(file, signed_in.sign_in.clone())?;
        if let Some(ledger) = &self.ledger {
            ledger.keep(signed_in.sign_in.secrets());
        }
        Ok(signed_in)
    }
}

fn from_cache(cached: &CachedSignIn) -> Attempt {
    let tokens = GivenTokens {
        id_token: cached.id_token.clone(),
        access_token: cached.access_token.clone(),
    };
    let performed = Performed {
        answer: Some(given(&tokens)),
        ..Performed::default()
    };
    Attempt {
        until: Some(cached.expires_at.as_second()),
        ..performed.into()
    }
}

fn fresh(signed_in: SignedIn) -> Attempt {
    let performed = Performed {
        exchanges: vec![signed_in.exchange],
        ..Performed::default()
    };
    Attempt {
        until: Some(signed_in.sign_in.expires_at.as_second()),
        ..performed.into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::Semaphore;
    use tokio::sync::mpsc::unbounded_channel;

    use super::super::{Made, usual_asking};
    use super::*;
    use crate::fill::NoNames;
    use crate::forge::{Forge, Signed};
    use crate::jwks::KeyRing;
    use crate::scenario::model::{ClientRole, Edition};
    use crate::steps::{PreparedSignIn, Way};
    use crate::targets::{StoredSignIns, sample};
    use crate::token_cache::sample::of_ada;

    #[tokio::test]
    async fn what_the_cache_has_is_given_without_waiting_for_anybody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cache.json");
        let now = jiff::Timestamp::now().as_second();
        TokenCache::keep(&file, of_ada("https://org.example", now + 3600)).unwrap();
        let mut deployment = sample::deployment("https://org.example");
        deployment.sign_in = Some(SignInWay::Browser(StoredSignIns::read(file)));
        let target = sample::target(deployment);
        // Every permit is taken, and another case waits for one.
        let permits = Arc::new(Semaphore::new(0));
        let waiting = tokio::spawn(permits.clone().acquire_owned());
        tokio::task::yield_now().await;
        let sign_ins = SignIns::new(&usual_asking(), &unbounded_channel().0, &permits, None);
        let (published, signed) = (KeyRing::default(), Signed::default());
        let forge = Forge {
            deployment: target.deployment(),
            edition: Edition::E2026_10,
            names: &NoNames,
            now,
            published: &published,
            signed: &signed,
        };
        let asker = Asker {
            target: &target,
            edition: Edition::E2026_10,
            forge: &forge,
            rehearses: false,
            alone: false,
        };
        let sign_in = PreparedSignIn {
            client: ClientRole::UserClient,
            user: UserRole::Ada,
            scope: DEFAULT_SCOPE.to_owned(),
            way: Way::Stored,
        };
        let obtained =
            tokio::time::timeout(Duration::from_secs(5), sign_ins.obtain(sign_in, &asker));
        assert!(obtained.await.unwrap().answer.is_some());
        assert!(!waiting.is_finished());
        waiting.abort();
    }

    #[test]
    fn tokens_of_the_cache_last_as_long_as_the_cache_says() {
        let made =
            |expires_at| Made::of(&from_cache(&of_ada("https://org.example", expires_at)), 0);
        assert!(made(1_000).unwrap().lasts(900));
        assert!(!made(1_000).unwrap().lasts(950));
    }
}
