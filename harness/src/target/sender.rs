//! Sends what may be sent: to the origins that the target file names, as long as the target is not given up.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::http::origin;
use super::{Allowance, Http, Trouble, TroubleKind};
use crate::exchange::{Exchange, RequestSpec};
use crate::value::shorten;

/// The longest address that a refusal to send names, in characters.
const LONGEST_ADDRESS: usize = 200;

/// Where requests of a target go through. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sender {
    http: Http,
    /// Scheme, host and port of everything that may be asked.
    origins: Arc<BTreeSet<String>>,
    allowance: Option<Arc<Allowance>>,
}

impl Sender {
    /// Sends to these origins only.
    pub(super) fn new(http: Http, origins: BTreeSet<String>) -> Self {
        Self {
            http,
            origins: Arc::new(origins),
            allowance: None,
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
    pub(super) async fn send(&self, request: RequestSpec) -> Result<Exchange, Trouble> {
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
