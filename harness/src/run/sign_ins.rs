//! Sign-ins that cases share: each user signs in once for a client and its scopes, and again only when the tokens expire.
//!
//! A sign-in that a person makes waits for the person; the cases that wait lend their permits to others meanwhile.

mod passwords;
mod refreshing;
mod stored;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex as AsyncMutex, MutexGuard, RwLock, Semaphore, watch};

use self::passwords::Passwords;
use self::stored::Newest;
use super::ledger::RunLedger;
use super::perform::{Performed, given, note_session, perform_sign_in};
use crate::exchange::Exchange;
use crate::forge::Forge;
use crate::result::{PersonRequest, RunEvent};
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::sign_in::{self, Asking, SignInError, tokens};
use crate::steps::{PreparedSignIn, Way};
use crate::targets::{DEFAULT_SCOPE, Target, acting};
use crate::token_cache::MARGIN;

/// The sign-ins of a run.
pub(super) struct SignIns {
    entries: Mutex<BTreeMap<Key, Arc<Entry>>>,
    /// One link at a time: the redirect URI is one address, and a person has one pair of hands.
    person: AsyncMutex<()>,
    passwords: Passwords,
    /// Read by each refresh that is under way.
    refreshing: Arc<RwLock<()>>,
    asking: Asking,
    events: UnboundedSender<RunEvent>,
    permits: Arc<Semaphore>,
    /// Knows what is in the token cache, where account is kept of what is issued.
    ledger: Option<Arc<RunLedger>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    client: ClientRole,
    user: UserRole,
    scope: String,
}

/// One sign-in that cases share.
#[derive(Default)]
struct Entry {
    /// Held while it is made, so that cases that start together wait for one sign-in.
    slot: AsyncMutex<Slot>,
    /// Whether who makes it waits for a person.
    asks_person: watch::Sender<bool>,
}

#[derive(Default)]
struct Slot {
    made: Option<Made>,
    /// What a rehearsal has exchanged, which the first case records.
    unrecorded: Vec<Exchange>,
    /// What the token cache has of it by now.
    newest: Newest,
}

/// An attempt at a sign-in.
struct Attempt {
    performed: Performed,
    /// When its tokens expire, in seconds since the epoch, where more is known than the answer says.
    until: Option<i64>,
    /// Whether another attempt would have no better end, or would ask a person twice.
    is_final: bool,
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
        asking: &Asking,
        events: &UnboundedSender<RunEvent>,
        permits: &Arc<Semaphore>,
        ledger: Option<&Arc<RunLedger>>,
    ) -> Self {
        Self {
            entries: Mutex::default(),
            person: AsyncMutex::default(),
            passwords: Passwords::default(),
            refreshing: Arc::default(),
            asking: asking.clone(),
            events: events.clone(),
            permits: permits.clone(),
            ledger: ledger.cloned(),
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
        let entry = if by.alone {
            Arc::default()
        } else {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.entry(key).or_default().clone()
        };
        Box::pin(self.obtain_as(&entry, sign_in, by)).await
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

    async fn obtain_as(&self, entry: &Entry, sign_in: PreparedSignIn, by: &Asker<'_>) -> Performed {
        let mut slot = self.turn(entry).await;
        let now = by.target.now();
        let made = slot.made.as_ref().filter(|made| made.lasts(now));
        let mut performed = if let Some(made) = made {
            made.performed()
        } else {
            let attempt = self.make(sign_in, entry, &slot.newest, by).await;
            slot.made = Made::of(&attempt, now);
            attempt.performed
        };
        performed.answer = performed.judged().cloned();
        if by.rehearses {
            slot.unrecorded.append(&mut performed.exchanges);
        } else if performed.exchanges.is_empty() {
            performed.exchanges = std::mem::take(&mut slot.unrecorded);
        }
        performed
    }

    /// Waits until nobody else makes the sign-in. As soon as whoever does waits for a person, this one waits for the person too.
    async fn turn<'e>(&self, entry: &'e Entry) -> MutexGuard<'e, Slot> {
        let mut asks_person = entry.asks_person.subscribe();
        loop {
            let person_asked = async {
                // The sender is part of the entry.
                let _ = asks_person.wait_for(|asks| *asks).await;
            };
            tokio::select! {
                biased;
                slot = entry.slot.lock() => return slot,
                () = person_asked => {
                    // Not kept while a permit is waited for: those who have the permits may wait for it.
                    self.lending(async { drop(entry.slot.lock().await) }).await;
                }
            }
        }
    }

    async fn make(
        &self,
        sign_in: PreparedSignIn,
        entry: &Entry,
        newest: &Newest,
        by: &Asker<'_>,
    ) -> Attempt {
        let user = sign_in.user;
        let performed = match sign_in.way {
            Way::Stored => return self.stored(user, entry, newest, by).await,
            Way::Refresh(given) => self.refresh(sign_in.client, given, sign_in.scope, by).await,
            Way::Session { .. } => {
                let attempt = async {
                    Ok::<_, std::convert::Infallible>(
                        perform_sign_in(sign_in, None, by.target, by.forge).await,
                    )
                };
                let Ok(performed) = self.by_password(user, attempt).await;
                note_session(&performed, user, by.target);
                performed
            }
            Way::Page { .. } | Way::Given(_) => {
                let performed = perform_sign_in(sign_in, None, by.target, by.forge).await;
                note_session(&performed, user, by.target);
                performed
            }
        };
        performed.into()
    }

    /// Waits for refreshes that go on although the case is over that began them: a new refresh token must not be lost.
    pub(super) async fn settled(&self) {
        let under_way = self.refreshing.write();
        // Who interrupts a run does not wait for a server that hangs.
        let _ = tokio::time::timeout(LAST_REFRESH, under_way).await;
    }
}

/// How long a refresh may take after the end of a run.
const LAST_REFRESH: Duration = Duration::from_secs(5);

impl From<Performed> for Attempt {
    fn from(performed: Performed) -> Self {
        let error = performed.not_signed_in.as_ref();
        Self {
            is_final: error.is_some_and(|error| !matches!(error, SignInError::Trouble(_))),
            until: None,
            performed,
        }
    }
}

impl Made {
    /// What is kept of an attempt; nothing of one that may go better the next time.
    fn of(attempt: &Attempt, now: i64) -> Option<Self> {
        let performed = &attempt.performed;
        if let Some(error) = &performed.not_signed_in {
            return attempt.is_final.then(|| Self {
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
        let said = || tokens::expiry(&answer.response, now);
        Some(Self {
            answer: Some(answer.clone()),
            error: None,
            until: attempt.until.or_else(said),
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

/// What a run expects of a person: five minutes, a browser, and nothing pasted.
pub(super) fn usual_asking() -> Asking {
    Asking {
        opens_browser: true,
        within: Duration::from_mins(5),
        timeout_option: "--sign-in-timeout",
        pasted: None,
    }
}
