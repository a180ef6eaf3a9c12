//! Sign-ins that cases share: each user signs in once for a client and its scopes, and again only when the tokens expire.
//!
//! A sign-in that a person makes waits for the person; the case that waits lends its permit to another one meanwhile.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

use super::perform::{Performed, given, note_session, perform_sign_in, send};
use crate::exchange::Exchange;
use crate::fill::Names;
use crate::forge::{Forge, Signed};
use crate::jwks::KeyRing;
use crate::jwt::Jwt;
use crate::result::{PersonRequest, RunEvent};
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::sign_in::{
    self, Asked, Asking, DEFAULT_SCOPE, Notice, SignInError, SignedIn, by_person, refreshed,
};
use crate::steps::{PreparedSignIn, Way, refresh_sign_in};
use crate::targets::{GivenRefreshToken, GivenTokens, SignInWay, Target, acting};
use crate::token_cache::{CacheError, CachedSignIn, MARGIN, TokenCache};

/// The sign-ins of a run.
pub(super) struct SignIns {
    slots: Mutex<BTreeMap<Key, Arc<AsyncMutex<Slot>>>>,
    /// One link at a time: the redirect URI is one address, and a person has one pair of hands.
    person: AsyncMutex<()>,
    asking: Asking,
    events: UnboundedSender<RunEvent>,
    permits: Arc<Semaphore>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    client: ClientRole,
    user: UserRole,
    scope: String,
}

#[derive(Default)]
struct Slot {
    made: Option<Made>,
    /// What a rehearsal has exchanged, which the first case records.
    unrecorded: Vec<Exchange>,
}

/// What a sign-in gave, or why it gave nothing.
struct Made {
    answer: Option<Exchange>,
    error: Option<SignInError>,
    /// When the tokens expire, in seconds since the epoch. A refusal lasts: asking again could lock the user out.
    until: Option<i64>,
}

/// Who asks for a sign-in.
pub(super) struct Asker<'a> {
    pub(super) target: &'a Target,
    pub(super) edition: Edition,
    pub(super) forge: &'a Forge<'a>,
    /// Whether it is a preflight, of which nothing is recorded.
    pub(super) rehearses: bool,
    /// Whether nobody else may use it.
    pub(super) alone: bool,
}

impl SignIns {
    pub(super) fn new(
        asking: Asking,
        events: UnboundedSender<RunEvent>,
        permits: Arc<Semaphore>,
    ) -> Self {
        Self {
            slots: Mutex::default(),
            person: AsyncMutex::default(),
            asking,
            events,
            permits,
        }
    }

    /// The sign-in that a step asks for, made now or before.
    pub(super) async fn obtain(&self, sign_in: PreparedSignIn, by: &Asker<'_>) -> Performed {
        if let Way::Given(tokens) = &sign_in.way {
            return Performed {
                answer: Some(given(tokens)),
                ..Performed::default()
            };
        }
        let key = Key {
            client: acting(sign_in.client, by.edition),
            user: sign_in.user,
            scope: match sign_in.way {
                Way::Stored => DEFAULT_SCOPE.to_owned(),
                _ => sign_in.scope.clone(),
            },
        };
        if matches!(sign_in.way, Way::Stored) {
            self.lending(Box::pin(self.obtain_for(key, sign_in, by)))
                .await
        } else {
            Box::pin(self.obtain_for(key, sign_in, by)).await
        }
    }

    /// Waits for a person; another case has the permit of this one meanwhile.
    pub(super) async fn lending<T>(&self, waiting: impl Future<Output = T>) -> T {
        self.permits.add_permits(1);
        let waited = waiting.await;
        if let Ok(permit) = self.permits.acquire().await {
            permit.forget();
        }
        waited
    }

    /// Shows a person what to do.
    pub(super) fn ask(&self, request: PersonRequest) {
        // Nobody listens any more when the run is over.
        let _ = self.events.send(RunEvent::PersonAsked(request));
    }

    /// Whether links are opened in a browser as well.
    pub(super) fn opens_browser(&self) -> bool {
        self.asking.opens_browser && sign_in::can_open()
    }

    async fn obtain_for(&self, key: Key, sign_in: PreparedSignIn, by: &Asker<'_>) -> Performed {
        let slot = if by.alone {
            Arc::default()
        } else {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.entry(key).or_default().clone()
        };
        // Held while it is made, so that cases that start together wait for one sign-in.
        let mut slot = slot.lock().await;
        let now = by.target.now();
        let made = slot.made.as_ref().filter(|made| made.lasts(now));
        let mut performed = if let Some(made) = made {
            made.performed()
        } else {
            let performed = self.make(sign_in, by).await;
            slot.made = Made::of(&performed, now);
            performed
        };
        performed.answer = performed.judged().cloned();
        if by.rehearses {
            slot.unrecorded.append(&mut performed.exchanges);
        } else if performed.exchanges.is_empty() {
            performed.exchanges = std::mem::take(&mut slot.unrecorded);
        }
        performed
    }

    async fn make(&self, sign_in: PreparedSignIn, by: &Asker<'_>) -> Performed {
        let user = sign_in.user;
        match sign_in.way {
            Way::Refresh(given) => refresh(sign_in.client, given, sign_in.scope, by).await,
            Way::Stored => self.stored(user, by).await,
            Way::Page { .. } | Way::Session { .. } | Way::Given(_) => {
                let performed = perform_sign_in(sign_in, None, by.target, by.forge).await;
                note_session(&performed, user, by.target);
                performed
            }
        }
    }

    /// Tokens of the cache, refreshed ones, or those that a person signs in for.
    async fn stored(&self, user: UserRole, by: &Asker<'_>) -> Performed {
        let obtained = self.cached_or_by_person(user, by).await;
        obtained.unwrap_or_else(|error| Performed {
            not_signed_in: Some(error),
            ..Performed::default()
        })
    }

    async fn cached_or_by_person(
        &self,
        user: UserRole,
        by: &Asker<'_>,
    ) -> Result<Performed, SignInError> {
        let deployment = by.target.deployment();
        let way = deployment.sign_in.as_ref();
        let asks = matches!(way, Some(SignInWay::Browser(_)));
        let Some(stored) = way.and_then(SignInWay::cache) else {
            return Err(SignInError::Undescribed("sign_in".to_owned()));
        };
        match stored.found.as_ref() {
            Err(CacheError::Missing(_)) if asks => {}
            Err(error) => return Err(error.clone().into()),
            Ok(_) => {}
        }
        let cached = deployment.cached_sign_in(user, by.edition);
        let cached = cached.filter(|cached| cached.grants(DEFAULT_SCOPE));
        if let Some(cached) = cached.filter(|cached| cached.is_valid_at(by.target.now())) {
            return Ok(from_cache(cached));
        }
        if let Some(cached) = cached.filter(|cached| cached.refresh_token.is_some()) {
            match refresh_cached(cached.clone(), stored.file.clone(), user, by).await {
                Ok(signed_in) => return Ok(fresh(signed_in)),
                // The refresh token has ended: a person can sign in once more.
                Err(SignInError::TokensRefused { .. } | SignInError::InvalidTokens(_)) if asks => {}
                Err(error) => return Err(error),
            }
        }
        if !asks {
            let file = stored.file.display();
            let why = match cached {
                Some(_) => format!("the tokens of `{user}` in {file} have expired"),
                None => format!("{file} has no sign-in of `{user}` that can be used"),
            };
            return Err(SignInError::NotCached { why, user });
        }
        let _turn = self.person.lock().await;
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
        let signed_in = by_person(&asked, &self.asking, &show).await?;
        TokenCache::keep(&stored.file, signed_in.sign_in.clone())?;
        by.target.note_session(user);
        Ok(fresh(signed_in))
    }
}

impl Made {
    /// What is kept of an attempt; nothing of one that may go better the next time.
    fn of(performed: &Performed, now: i64) -> Option<Self> {
        if let Some(error) = &performed.not_signed_in {
            let may_go_better = matches!(error, SignInError::Trouble(_) | SignInError::NoKeys(_));
            return (!may_go_better).then(|| Self {
                answer: performed.judged().cloned(),
                error: Some(error.clone()),
                until: None,
            });
        }
        let answer = performed.judged()?;
        let is_trouble = performed.trouble.is_some() || performed.unforgeable.is_some();
        if is_trouble || matches!(answer.response.status, 429 | 500..) {
            return None;
        }
        Some(Self {
            answer: Some(answer.clone()),
            error: None,
            until: expiry(answer, now),
        })
    }

    fn lasts(&self, now: i64) -> bool {
        self.until.is_none_or(|until| until > now + MARGIN)
    }

    fn performed(&self) -> Performed {
        Performed {
            answer: self.answer.clone(),
            not_signed_in: self.error.clone(),
            ..Performed::default()
        }
    }
}

/// When the first of the tokens of an answer expires.
fn expiry(answer: &Exchange, now: i64) -> Option<i64> {
    let body = answer.response.json.as_ref()?;
    let of_id_token = body
        .get("id_token")
        .and_then(Value::as_str)
        .and_then(|token| Jwt::decode(token).ok())
        .and_then(|jwt| jwt.claims.get("exp")?.as_i64());
    let lifetime = body.get("expires_in").and_then(Value::as_i64);
    let of_access_token = lifetime.map(|seconds| now.saturating_add(seconds));
    [of_id_token, of_access_token].into_iter().flatten().min()
}

/// Trades a refresh token of the target file. In a task of its own: a case that is out of time must not lose the token that
/// comes in its place.
async fn refresh(
    client: ClientRole,
    given: GivenRefreshToken,
    scope: String,
    by: &Asker<'_>,
) -> Performed {
    let (target, edition) = (by.target.clone(), by.edition);
    let refreshing = tokio::spawn(async move {
        let mut performed = Performed::default();
        let turn = target.refresh_turn(&given).await;
        let (published, signed) = (KeyRing::default(), Signed::default());
        let forge = Forge {
            deployment: target.deployment(),
            edition,
            names: &NoNames,
            now: target.now(),
            published: &published,
            signed: &signed,
        };
        match refresh_sign_in(client, turn.token(), &scope, None, &forge) {
            Ok(request) => send(request, &target, &mut performed).await,
            Err(unforgeable) => performed.unforgeable = Some(unforgeable),
        }
        // Stored before anybody uses what came with it.
        if let Some(answer) = performed.exchanges.last() {
            turn.keep(answer).await;
        }
        performed
    });
    refreshing.await.unwrap_or_default()
}

/// The same for a refresh token of the token cache.
async fn refresh_cached(
    cached: CachedSignIn,
    file: std::path::PathBuf,
    user: UserRole,
    by: &Asker<'_>,
) -> Result<SignedIn, SignInError> {
    let (target, edition) = (by.target.clone(), by.edition);
    let refreshing = tokio::spawn(async move {
        let asked = Asked {
            target: &target,
            edition,
            user,
            scope: DEFAULT_SCOPE,
        };
        let Some(refreshing) = refreshed(&asked, &cached) else {
            return Err(SignInError::NotCached {
                why: "there is no refresh token".to_owned(),
                user,
            });
        };
        let signed_in = refreshing.await?;
        // Stored before anybody uses what came with it.
        TokenCache::keep(&file, signed_in.sign_in.clone())?;
        Ok(signed_in)
    });
    refreshing.await.unwrap_or(Err(SignInError::Cancelled))
}

fn from_cache(cached: &CachedSignIn) -> Performed {
    let tokens = GivenTokens {
        id_token: cached.id_token.clone(),
        access_token: cached.access_token.clone(),
    };
    Performed {
        answer: Some(given(&tokens)),
        ..Performed::default()
    }
}

fn fresh(signed_in: SignedIn) -> Performed {
    Performed {
        exchanges: vec![signed_in.exchange],
        ..Performed::default()
    }
}

/// A refresh uses no names of a scenario.
struct NoNames;

impl Names for NoNames {
    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

/// What a run expects of a person: five minutes, a browser, and nothing pasted.
pub(super) fn usual_asking() -> Asking {
    Asking {
        opens_browser: true,
        within: std::time::Duration::from_mins(5),
        pasted: None,
    }
}
