//! The second phase: rules are asked, state is changed, and the journal notes what came of it.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Admitted, Core};
use crate::api_error::ApiError;
use crate::behaviour::{Behaviours, UnauthorizedChallenge};
use crate::context::{Context, Outcome};
use crate::cors::Cors;
use crate::defect::{self, Bend, Sites};
use crate::endpoints::{Endpoint, answer, cors};
use crate::faults::{FaultAction, FaultRequest};
use crate::gate::Gate;
use crate::journal::{JournalEntry, Redacted, readable, redacted};
use crate::pages;
use crate::rate_limits::{Limits, Standing};
use crate::refusal::{Refusal, Refused};
use crate::render;
use crate::request::Request;
use crate::variation::{self, Places, Varied};

/// What was decided; signatures are still to be made.
#[derive(Debug)]
pub struct Decided {
    pub(crate) entry: u64,
    pub(crate) outcome: Outcome,
    pub(crate) set_cookie: Option<String>,
    pub(crate) request_id: String,
    pub(crate) error_id: String,
    pub(crate) challenges: bool,
    pub(crate) show_internal_codes: bool,
    pub(crate) head: bool,
    pub(crate) cors: Cors,
    pub(crate) bends: Vec<Bend>,
    pub(crate) varied: Varied,
    /// Epoch seconds.
    pub(crate) now: i64,
    /// Where the client stands with the rate limit, when there is one.
    pub(crate) standing: Option<Standing>,
    pub(crate) fault: Option<FaultAction>,
}

impl Core {
    /// Asks all rules and makes every change of state, under one lock.
    pub fn decide(&self, admitted: Admitted) -> Decided {
        let Admitted {
            request,
            route,
            facts,
            snapshot,
            now,
            raw,
        } = admitted;
        // Nobody waits while it is written what was asked.
        let Redacted { parameters, cut } = redacted(&request, &facts);
        let varied_switches = variation::behaviours(snapshot.variations, &snapshot.org.behaviours);
        let behaviours = varied_switches.as_ref().unwrap_or(&snapshot.org.behaviours);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (request_id, error_id) = (state.request_id(), state.id("oae"));
        let asked = FaultRequest {
            endpoint: route.endpoint,
            request: &request,
            facts: &facts,
        };
        let met = state.faults.meet(asked);
        let lost = met.as_ref().is_some_and(|met| !met.takes_effect);
        // What does not reach the org counts for no rate limit.
        let counts = &mut state.request_counts;
        let counted =
            (!lost).then(|| counts.count(asked, self.limits(behaviours), &snapshot.org, now));
        let counted = counted.flatten();
        let exceeded = matches!(counted, Some(Err(_)));
        let standing = counted.map(|counted| counted.unwrap_or_else(|over| over));
        let mut cx = Context {
            org: &snapshot.org,
            keys: &snapshot.keys,
            behaviours,
            base_url: &self.options.base_url,
            issuers: self.issuers_of(&snapshot),
            server: route.server,
            now: now.as_second(),
            request: &request,
            facts: &facts,
            state: &mut state,
            auto_sign_in: snapshot.auto_sign_in.as_ref(),
            options: &self.options,
            gate: Gate::new(&snapshot.defects).with_variations(snapshot.variations),
            client_id: (lost || exceeded).then(|| asked.claimed_client()).flatten(),
            user: None,
            sign_in: None,
            granted_scopes: None,
            set_cookie: None,
            core: self,
        };
        let (outcome, changed) = if lost {
            // A fault gives the answer.
            (Outcome::Empty(0), Changed::default())
        } else {
            judge(&mut cx, route.endpoint, exceeded)
        };
        let cors = cors(&cx, route.endpoint);
        let (gate, client_id, user, set_cookie) = (cx.gate, cx.client_id, cx.user, cx.set_cookie);
        let (sign_in, granted_scopes) = (cx.sign_in, cx.granted_scopes);
        let refused = outcome.refusal();
        let over_cap = refused.is_some_and(Refused::is_rate_limited);
        let status = changed.varied.status(render::status(&outcome));
        let entry = JournalEntry {
            client_id: client_id.map(|id| readable(&id).into_owned()),
            user: user.map(|user| readable(user.as_str()).into_owned()),
            status: met.as_ref().map_or(status, |met| met.status(status)),
            error: refused.and_then(shown_error),
            refusal: refused.map(|refused| refused.refusal.code()),
            rules: gate.into_trace().into_iter().map(Refusal::code).collect(),
            request: parameters,
            cut,
            response: render::member_names(&outcome),
            request_id: request_id.clone(),
            sites: changed.sites,
            places: changed.places,
            raw,
            fault: met.as_ref().map(|met| met.kind.id()),
            sign_in,
            granted_scopes,
            ..entry_of(&request, route.endpoint, now)
        };
        let entry = state.journal.add(entry);
        state.tidy(now.as_second());
        drop(state);
        Decided {
            entry,
            outcome,
            set_cookie,
            request_id,
            error_id,
            challenges: challenges(behaviours.unauthorized_challenge, &request),
            show_internal_codes: self.options.show_internal_codes,
            head: request.is_head,
            cors,
            bends: changed.bends,
            varied: changed.varied,
            now: now.as_second(),
            // How many requests are left in this minute says nothing of a cap for the month.
            standing: standing.filter(|_| !over_cap),
            fault: met.map(|met| met.action),
        }
    }
}

impl Core {
    fn limits<'b>(&self, behaviours: &'b Behaviours) -> Limits<'b> {
        Limits {
            behaviours,
            requests_per_minute: self.options.requests_per_minute,
        }
    }
}

/// Where defects and variations show in an answer, and what of them is left to do once it is bytes.
#[derive(Default)]
struct Changed {
    sites: Sites,
    bends: Vec<Bend>,
    places: Places,
    varied: Varied,
}

/// The answer of the org, with the changes that its defects and variations make to it.
fn judge(cx: &mut Context<'_>, endpoint: Endpoint, exceeded: bool) -> (Outcome, Changed) {
    let mut outcome = if exceeded {
        ApiError::RateLimit.outcome()
    } else {
        answer(cx, endpoint)
    };
    if outcome.refusal().is_some_and(Refused::is_server_error) {
        outcome = ApiError::Internal.outcome();
        cx.set_cookie = None;
    }
    let refused = outcome.refusal();
    if let Some(refused) = refused.filter(|refused| refused.is_rate_limited()) {
        outcome = ApiError::RateLimit.outcome_of(refused.clone());
    }
    if cx.options.as_real
        && let Outcome::Page { html, .. } = &mut outcome
    {
        *html = pages::as_real(html);
    }
    let (sites, bends) = defect::apply(cx, endpoint, &mut outcome);
    let (places, varied) = variation::apply(cx, endpoint, &mut outcome);
    let changed = Changed {
        sites,
        bends,
        places,
        varied,
    };
    (outcome, changed)
}

/// What the journal says of a request before it is judged.
fn entry_of(request: &Request, endpoint: Endpoint, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now.to_string(),
        method: readable(request.method_as_sent()).into_owned(),
        path: readable(&request.path).into_owned(),
        endpoint: endpoint.name(),
        http_version: request.http_version,
        tls_version: request.tls_version,
        ..JournalEntry::default()
    }
}

/// The `error` of the answer; the envelope of a request over a limit has none.
fn shown_error(refused: &Refused) -> Option<String> {
    (!refused.is_rate_limited()).then(|| refused.error().to_owned())
}

/// Whether an answer with status 401 carries a challenge.
fn challenges(switch: UnauthorizedChallenge, request: &Request) -> bool {
    match switch {
        UnauthorizedChallenge::ToBasic => request.authorization("Basic").is_some(),
        UnauthorizedChallenge::Always => true,
        UnauthorizedChallenge::Never => false,
    }
}
