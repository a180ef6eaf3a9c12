//! Sends what may be sent: to the origins that the target file names, as long as the target is not given up.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::http::origin;
use super::{Allowance, Http, Trouble, TroubleKind};
use crate::exchange::{Exchange, RequestSpec, Response};
use crate::value::shorten;

/// The longest address that a refusal to send names, in characters.
const LONGEST_ADDRESS: usize = 200;

/// Told of every request before it is sent, and of every answer as it comes.
pub trait Listener: Send + Sync {
    /// A request is about to be sent.
    fn sends(&self, request: &RequestSpec);
    /// An answer has come.
    fn received(&self, answer: &Response);
}

/// Where requests of a target go through. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    http: Http,
    /// Scheme, host and port of everything that may be asked.
    origins: Arc<BTreeSet<String>>,
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
    pub(super) fn new(http: Http, origins: BTreeSet<String>) -> Self {
        Self {
            http,
            origins: Arc::new(origins),
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

    /// Sends one request and waits for the whole answer.
    pub async fn send(&self, request: RequestSpec) -> Result<Exchange, Trouble> {
        let url = request.full_url();
        if !self.may_ask(&url) {
            return Err(Trouble {
                kind: TroubleKind::Elsewhere,
                origin: origin(&url),
                detail: Some(shorten(&url, LONGEST_ADDRESS)),
            });
        }
        if let Some(why) = self.given_up() {
            return Err(Trouble {
                kind: TroubleKind::GivenUp,
                origin: origin(&url),
                detail: Some(why),
            });
        }
        if let Some(listener) = &self.listener {
            listener.sends(&request);
        }
        let answer = self.send_within(request).await;
        if let (Some(listener), Ok(exchange)) = (&self.listener, &answer) {
            listener.received(&exchange.response);
        }
        answer
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
            Ok(_) => allowance.answered(started.elapsed()),
            Err(trouble) => allowance.unanswered(trouble, started.elapsed()),
        }
        answer
    }
}
