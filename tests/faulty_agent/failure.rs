//! Why a step did not succeed, and when it is taken again.

use std::fmt;
use std::time::Duration;

use tokio::time::sleep;

use crate::agent::Agent;
use crate::deviations::Fault;

/// It holds no token, secret or assertion, so it can be shown.
#[derive(Debug)]
pub enum Failure {
    /// 429, with the time that the server names.
    RateLimited(Option<Duration>),
    /// 503 or no answer, with the time that the server names.
    Busy(Option<Duration>),
    Refused(Refusal),
    /// An answer that is not JSON.
    Unreadable(u16),
    /// The authorization response is an error.
    SignInRefused(String),
    Stop(String),
}

#[derive(Debug)]
pub struct Refusal {
    pub status: u16,
    pub error: String,
    /// The error came in the envelope of Okta's API.
    pub api_envelope: bool,
    pub interaction_uri: Option<String>,
}

impl Failure {
    pub fn stop(reason: impl fmt::Display) -> Self {
        Self::Stop(reason.to_string())
    }

    pub fn has_status(&self, status: u16) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == status)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RateLimited(_) => write!(f, "too many requests"),
            Self::Busy(_) => write!(f, "no answer"),
            Self::Refused(refusal) => {
                write!(f, "refused with {} {}", refusal.status, refusal.error)
            }
            Self::Unreadable(status) => write!(f, "an answer that is not JSON, status {status}"),
            Self::SignInRefused(error) => write!(f, "the user was not signed in: {error}"),
            Self::Stop(reason) => write!(f, "{reason}"),
        }
    }
}

/// Tries of an agent that knows no bound. There is one all the same: a test waits for the end.
pub const WITHOUT_BOUND: usize = 40;
/// The pause of such an agent.
pub const SHORT: Duration = Duration::from_millis(50);
/// A server that asks for more patience than this is given up.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

impl Agent {
    /// Takes a step again while it may succeed by that: at most four times, with growing delays.
    pub async fn retry<T>(&self, step: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut tries = 0;
        loop {
            let failure = match step().await {
                Err(failure) => failure,
                done => return done,
            };
            let Some(pause) = self.pause(&failure, tries) else {
                return Err(failure);
            };
            tries += 1;
            sleep(pause).await;
        }
    }

    /// How long to wait before the next try, if there is one.
    fn pause(&self, failure: &Failure, tries: usize) -> Option<Duration> {
        let growing = [300, 900, 2700]
            .get(tries)
            .map(|millis| Duration::from_millis(*millis));
        let without_bound = (tries < WITHOUT_BOUND).then_some(SHORT);
        match failure {
            Failure::RateLimited(_) if self.has(Fault::RateLimitIgnored) => {
                growing.map(|_| Duration::ZERO)
            }
            Failure::Busy(_) if self.has(Fault::RetriedWithoutBound) => without_bound,
            Failure::Busy(_) if self.has(Fault::RetriedWithoutDelay) => {
                growing.map(|_| Duration::ZERO)
            }
            Failure::RateLimited(wait) | Failure::Busy(wait) => {
                let pause = wait.map_or(growing, |wait| growing.and(Some(wait)));
                pause.filter(|pause| *pause <= LONGEST_WAIT)
            }
            Failure::Unreadable(_) if self.has(Fault::HtmlRetried) => without_bound,
            Failure::Refused(refusal)
                if refusal.api_envelope && self.has(Fault::ApiEnvelopeRetried) =>
            {
                without_bound
            }
            Failure::Refused(refusal) if refusal.error == "invalid_grant" => {
                let is_repeated = self.has(Fault::InvalidGrantRetried)
                    || self.has(Fault::ExpiredIdTokenUsed) && self.settings.id_token.is_some();
                growing.filter(|_| is_repeated)
            }
            _ => None,
        }
    }
}
