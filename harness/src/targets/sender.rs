//! Sends what may be sent: to the origins that the target file names, as long as the target is not given up.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::http::origin;
use super::pacing::{Held, MostRequests, Next};
use super::{Allowance, AnswerTrouble, Http, PacePolicy, Pacer, Trouble, TroubleKind};
use crate::exchange::{Exchange, RequestSpec};
use crate::value::shorten;

/// The longest address that a refusal to send names, in characters.
const LONGEST_ADDRESS: usize = 200;

/// Hears of every request before it is sent, and of every answer as it comes.
pub trait Listener: Send + Sync {
    /// A request is about to be sent.
    fn sends(&self, request: &RequestSpec);
    /// An answer has come.
    fn received(&self, exchange: &Exchange);
}

/// Where requests of a target go through. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    http: Http,
    /// Scheme, host and port of everything that may be asked.
    origins: Arc<BTreeSet<String>>,
    pacer: Arc<Pacer>,
    most_requests: MostRequests,
    allowance: Option<Arc<Allowance>>,
    listener: Option<Arc<dyn Listener>>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender({:?})", self.origins)
    }
}

impl Sender {
    /// Sends to these origins only.
    pub(super) fn new(http: Http, origins: BTreeSet<String>, policy: PacePolicy) -> Self {
        Self {
            http,
            origins: Arc::new(origins),
            pacer: Arc::new(Pacer::new(policy)),
            most_requests: MostRequests::Counts,
            allowance: None,
            listener: None,
        }
    }

    /// The same, and somebody listens.
    pub(super) fn heard_by(&self, listener: Arc<dyn Listener>) -> Self {
        Self {
            listener: Some(listener),
            ..self.clone()
        }
    }

    /// The same within what a run allows a target.
    pub(super) fn within(&self, allowance: Arc<Allowance>) -> Self {
        Self {
            allowance: Some(allowance),
            ..self.clone()
        }
    }

    /// Why the target is given up, if it is.
    pub(super) fn given_up(&self) -> Option<String> {
        self.allowance
            .as_ref()
            .and_then(|allowance| allowance.spent())
    }

    /// Whether an address may be asked.
    pub(super) fn may_ask(&self, url: &str) -> bool {
        self.origins.contains(&origin(url))
    }

    /// The same with another client.
    pub(super) fn through(&self, http: Http) -> Self {
        Self {
            http,
            ..self.clone()
        }
    }

    /// The same, asked as fast as a policy says.
    pub(super) fn paced(&self, policy: PacePolicy) -> Self {
        Self {
            pacer: Arc::new(Pacer::new(policy)),
            ..self.clone()
        }
    }

    /// The same for requests that do not count against the most that a run may send.
    pub(super) fn beyond_most_requests(&self) -> Self {
        Self {
            most_requests: MostRequests::Exempts,
            ..self.clone()
        }
    }

    /// Keeps the limits of the target and of the run.
    pub(super) fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// Sends one request when it may be sent, and waits for the whole answer. What was refused for being too early, or never
    /// arrived, is sent again.
    pub async fn send(&self, mut request: RequestSpec) -> Result<Exchange, Trouble> {
        let url = request.full_url();
        if !self.may_ask(&url) {
            return Err(Trouble {
                kind: TroubleKind::Elsewhere,
                origin: origin(&url),
                detail: Some(shorten(&url, LONGEST_ADDRESS)),
            });
        }
        if let Some(listener) = &self.listener {
            listener.sends(&request);
        }
        let _followed = Held::follow_request();
        let mut attempt = 0;
        loop {
            let turn = self.pacer.turn(&request, attempt, self.most_requests);
            let turn = turn.await?;
            if let Some(why) = self.given_up() {
                return Err(Trouble {
                    kind: TroubleKind::GivenUp,
                    origin: origin(&url),
                    detail: Some(why),
                });
            }
            let again = self.pacer.may_repeat().then(|| request.clone());
            let answer = self.send_within(request).await;
            if let (Some(listener), Ok(exchange)) = (&self.listener, &answer) {
                listener.received(exchange);
            }
            let Some(again) = again else {
                return answer;
            };
            if self.pacer.after(turn, &again, &answer).await == Next::Keep {
                self.note_refusal(&answer);
                return answer;
            }
            request = again;
            attempt += 1;
        }
    }

    async fn send_within(&self, request: RequestSpec) -> Result<Exchange, Trouble> {
        let Some(allowance) = &self.allowance else {
            return self.http.send(request, |_| ()).await;
        };
        let started = Instant::now();
        let answer = self
            .http
            .send(request, |bytes| allowance.received(bytes))
            .await;
        match &answer {
            // Whether it counts as an answer shows when it is not asked again.
            Ok(exchange) if self.pacer.may_repeat() && exchange.response.status == 429 => {}
            Ok(_) => allowance.answered(started.elapsed()),
            Err(trouble) => allowance.unanswered(trouble, started.elapsed()),
        }
        answer
    }

    /// A target that goes on refusing with 429 is given up like one that does not answer.
    fn note_refusal(&self, answer: &Result<Exchange, Trouble>) {
        if let (Some(allowance), Ok(exchange)) = (&self.allowance, answer)
            && exchange.response.status == 429
        {
            let trouble = Trouble {
                kind: TroubleKind::Answer(AnswerTrouble::RateLimited, 429),
                origin: origin(&exchange.request.url),
                detail: None,
            };
            allowance.unanswered(&trouble, Duration::ZERO);
        }
    }
}
