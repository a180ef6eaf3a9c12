//! Holds requests back until they may be sent, and says what is to be sent again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::PacePolicy;
use super::bucket::Bucket;
use super::held::{Held, Holding};
use super::key::Key;
use super::rate_limit_headers::{Standing, retry_after, standing, wait_after_refusal};
use crate::exchange::{Exchange, Party, RequestSpec};
use crate::targets::http::origin;
use crate::targets::{Trouble, TroubleKind};

/// A shorter wait is not announced.
const WORTH_ANNOUNCING: Duration = Duration::from_secs(2);

/// A time that begins, in which few requests are sent or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The address that is asked too often; `None` where the run's own limit is reached.
    pub address: Option<String>,
    /// How long.
    pub time: Duration,
    /// Until when.
    pub until: Timestamp,
}

/// How a target's and a run's limits were kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waited {
    /// Time during which requests were held back.
    pub time: Duration,
    /// Requests that were refused with 429.
    pub refused: u64,
    /// Requests that were sent again, after a refusal or trouble on the way.
    pub repeated: u64,
}

/// Whether a request counts against [`PacePolicy::most_requests`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::targets) enum MostRequests {
    /// It is one of them.
    Counts,
    /// It cleans up after the run, which the limit must not prevent.
    Exempts,
}

/// What to do after an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::targets) enum Next {
    /// This is the answer.
    Keep,
    /// Send the request again.
    Again,
}

/// Keeps limits. Clones of a target share it.
#[derive(Debug)]
pub struct Pacer {
    policy: PacePolicy,
    buckets: Mutex<HashMap<Key, Arc<Counted>>>,
    own: Option<Arc<Counted>>,
    held: Held,
    sent: AtomicU64,
    refused: AtomicU64,
    repeated: AtomicU64,
    announced: Mutex<Announced>,
}

/// A limit, and who waits for it in the order of coming.
#[derive(Debug, Default)]
struct Counted {
    bucket: Mutex<Bucket>,
    queue: tokio::sync::Mutex<()>,
}

impl Counted {
    fn with<T>(&self, act: impl FnOnce(&mut Bucket) -> T) -> T {
        act(&mut self.bucket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The waits that were announced so far.
#[derive(Debug, Default)]
struct Announced {
    to: Option<UnboundedSender<Wait>>,
    /// The latest end of one of them.
    until: Option<Instant>,
}

/// A request that may be sent now.
pub(in crate::targets) struct Turn {
    counted: Option<Arc<Counted>>,
    attempt: u32,
}

impl Pacer {
    /// Keeps the limits of a policy.
    #[must_use]
    pub fn new(policy: PacePolicy) -> Self {
        let own = policy.per_minute.map(|_| Arc::default());
        Self {
            policy,
            buckets: Mutex::default(),
            own,
            held: Held::default(),
            sent: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            announced: Mutex::default(),
        }
    }

    /// What it keeps.
    #[must_use]
    pub const fn policy(&self) -> PacePolicy {
        self.policy
    }

    /// From now on waits are announced there.
    pub fn report_waits_to(&self, to: UnboundedSender<Wait>) {
        self.announced().to = Some(to);
    }

    /// How limits were kept so far.
    #[must_use]
    pub fn waited(&self) -> Waited {
        Waited {
            time: self.held.total(),
            refused: self.refused.load(Ordering::Relaxed),
            repeated: self.repeated.load(Ordering::Relaxed),
        }
    }

    /// Whether requests may have to be sent again, so that a copy is needed.
    pub(in crate::targets) const fn may_repeat(&self) -> bool {
        self.policy.may_repeat()
    }

    /// Waits until a request may be sent; `attempt` counts those before. What [`MostRequests::Exempts`] is sent even where
    /// the run has used up its requests.
    pub(in crate::targets) async fn turn(
        &self,
        request: &RequestSpec,
        attempt: u32,
        most_requests: MostRequests,
    ) -> Result<Turn, Trouble> {
        // Test control is no part of the target.
        if request.party == Party::Control {
            return Ok(Turn {
                counted: None,
                attempt,
            });
        }
        let own_limit = |kind, detail| Trouble {
            kind,
            origin: origin(&request.url),
            detail: Some(detail),
        };
        if let (Some(most), MostRequests::Counts) = (self.policy.most_requests, most_requests)
            && self.sent.fetch_add(1, Ordering::Relaxed) >= most
        {
            let detail = format!("{most}, as `--max-requests` says");
            return Err(own_limit(TroubleKind::OutOfRequests, detail));
        }
        if self.held.total() > self.policy.most_waited {
            let hours = self.policy.most_waited.as_secs() / 3600;
            let detail = format!("its limits have made the run wait for {hours} h");
            return Err(own_limit(TroubleKind::GivenUp, detail));
        }
        if let Some(own) = &self.own {
            self.queue(own, None).await;
        }
        let counted = self.policy.keeps_limits.then(|| self.counted(request));
        if let Some((address, counted)) = &counted {
            self.queue(counted, Some(address)).await;
        }
        Ok(Turn {
            counted: counted.map(|(_, counted)| counted),
            attempt,
        })
    }

    /// What to do after an attempt.
    pub(in crate::targets) async fn after(
        &self,
        turn: Turn,
        request: &RequestSpec,
        answer: &Result<Exchange, Trouble>,
    ) -> Next {
        let counted = turn.counted.clone();
        let attempt = turn.attempt;
        drop(turn);
        let now = Instant::now();
        let clock = Timestamp::now().as_second();
        if let (Some(counted), Ok(exchange)) = (&counted, answer) {
            let response = &exchange.response;
            if response.status == 429 {
                self.refused.fetch_add(1, Ordering::Relaxed);
                let wait = wait_after_refusal(response, clock)
                    .unwrap_or_else(|| self.policy.wait_after(attempt));
                if wait > self.policy.most_wait || attempt >= self.policy.repeats {
                    return Next::Keep;
                }
                counted.with(|bucket| bucket.refuse(wait, now));
                return self.again();
            }
            let is_short = |standing: &Standing| standing.wait <= self.policy.most_wait;
            if let Some(standing) = standing(response, clock).filter(is_short) {
                counted.with(|bucket| bucket.learn(standing, now));
            }
        }
        if attempt >= self.policy.retries || !is_repeatable(request, answer) {
            return Next::Keep;
        }
        let asked = answer
            .as_ref()
            .ok()
            .and_then(|exchange| retry_after(&exchange.response, clock));
        let wait = asked.unwrap_or_else(|| self.policy.wait_after(attempt));
        if wait > self.policy.most_wait {
            return Next::Keep;
        }
        self.pause(request, wait).await;
        self.again()
    }

    /// Holds a request back before it is sent again: like a wait for a limit, it is nobody's slowness.
    async fn pause(&self, request: &RequestSpec, wait: Duration) {
        let now = Instant::now();
        let until = now + wait;
        let _held = self.hold(now);
        self.announce(Some(&Key::of(request).address), now, until);
        tokio::time::sleep_until(until.into()).await;
    }

    fn again(&self) -> Next {
        self.repeated.fetch_add(1, Ordering::Relaxed);
        Next::Again
    }

    /// Waits for one's turn at a limit, in the order of coming.
    async fn queue(&self, counted: &Counted, address: Option<&str>) {
        let mut holding = Vec::new();
        let _first = if let Ok(first) = counted.queue.try_lock() {
            first
        } else {
            holding = self.hold(Instant::now());
            counted.queue.lock().await
        };
        loop {
            let now = Instant::now();
            let admitted = counted.with(|bucket| {
                if let (None, Some(most)) = (address, self.policy.per_minute) {
                    bucket.renew(most.get(), now);
                }
                bucket.admit(now)
            });
            let Err(until) = admitted else {
                return;
            };
            if holding.is_empty() {
                holding = self.hold(now);
            }
            let slow = counted.with(|bucket| bucket.slow_until());
            self.announce(address, now, slow.map_or(until, |slow| slow.max(until)));
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn hold(&self, now: Instant) -> Vec<Holding> {
        let of_case = Held::of_case();
        std::iter::once(&self.held)
            .chain(&of_case)
            .map(|held| held.begin(now))
            .collect()
    }

    fn announce(&self, address: Option<&str>, now: Instant, until: Instant) {
        let time = until.saturating_duration_since(now);
        let mut announced = self.announced();
        let is_known = announced
            .until
            .is_some_and(|known| until <= known + WORTH_ANNOUNCING);
        if time < WORTH_ANNOUNCING || is_known {
            return;
        }
        announced.until = Some(until);
        if let Some(to) = &announced.to {
            let time_left = jiff::SignedDuration::try_from(time).unwrap_or_default();
            // Whoever has gone away need not know.
            let _ = to.send(Wait {
                address: address.map(str::to_owned),
                time,
                until: Timestamp::now()
                    .checked_add(time_left)
                    .unwrap_or_else(|_| Timestamp::now()),
            });
        }
    }

    fn counted(&self, request: &RequestSpec) -> (String, Arc<Counted>) {
        let key = Key::of(request);
        let address = key.address.clone();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        (address, buckets.entry(key).or_default().clone())
    }

    fn announced(&self) -> std::sync::MutexGuard<'_, Announced> {
        self.announced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(counted) = &self.counted {
            counted.with(Bucket::over);
        }
    }
}

/// Whether a request is safe to send again: it never got a connection, or it is a GET of a program, which changes nothing
/// (RFC 9110 section 9.2.1). A token request that may have been processed never is.
fn is_repeatable(request: &RequestSpec, answer: &Result<Exchange, Trouble>) -> bool {
    use TroubleKind::{ConnectTimeout, Cut, NoRoute, NoSuchHost, Refused, Timeout};
    let is_safe = request.method == "GET" && !request.by_browser;
    match answer {
        Ok(exchange) => is_safe && matches!(exchange.response.status, 502..=504),
        Err(trouble) => match trouble.kind {
            Refused | NoSuchHost | NoRoute | ConnectTimeout => true,
            Timeout | Cut => is_safe,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests;
