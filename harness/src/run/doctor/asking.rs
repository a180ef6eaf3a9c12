//! Makes the requests of a check: prepared as those of a scenario are, so that what works here works there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use strict_yaml::Place;

use crate::evidence::Redactor;
use crate::exchange::{Exchange, Party, RequestSpec, Response};
use crate::forge::{Forge, Signed};
use crate::jwks::KeyRing;
use crate::result::Answer;
use crate::run::perform::{Performed, Unsent, take};
use crate::run::sign_ins::{Asker, SignIns};
use crate::run::tape::CaseTape;
use crate::run::trace;
use crate::run::vars::Vars;
use crate::scenario::Step;
use crate::scenario::case_step::{CaseStep, Part};
use crate::scenario::model::{ClientAuth, ClientRole, Edition, ServerRole, Template};
use crate::scenario::step::{Action, FormPost, Request};
use crate::steps::{Prepared, prepare};
use crate::targets::{Browsers, Deployment, SignInWay, Target, Trouble};

/// Asks a target.
pub(in crate::run) struct Asking<'a> {
    pub(super) target: &'a Target,
    pub(super) edition: Edition,
    redactor: Redactor,
    vars: Vars,
    /// The rate limits that answers named, by what was asked.
    limits: Mutex<BTreeMap<&'static str, RateLimit>>,
    sign_ins: Arc<SignIns>,
}

/// What an answer says of a rate limit (okta.md (f)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RateLimit {
    /// Requests that are allowed in the window.
    pub(super) limit: Option<u64>,
    /// Those that are left of it.
    pub(super) remaining: Option<u64>,
    /// When the window ends, in seconds since the epoch.
    pub(super) reset: Option<i64>,
    /// Whether the answer refused because of it.
    pub(super) is_exceeded: bool,
}

/// What came of a request.
pub(in crate::run) enum Reply {
    /// An answer.
    Answered(Box<Exchange>),
    /// None came back.
    Unanswered(Trouble),
    /// It could not be made.
    Unsent(String),
}

impl<'a> Asking<'a> {
    pub(in crate::run) fn new(
        target: &'a Target,
        edition: Edition,
        redactor: Redactor,
        sign_ins: Arc<SignIns>,
    ) -> Self {
        Self {
            sign_ins,
            vars: Vars::new(Arc::new(target.deployment().names(edition))),
            target,
            edition,
            redactor,
            limits: Mutex::default(),
        }
    }

    pub(super) fn deployment(&self) -> &Deployment {
        self.target.deployment()
    }

    /// Reads an address.
    pub(super) async fn get(&self, what: &'static str, url: &str) -> Reply {
        let request = RequestSpec::new(Party::Org, "GET", url);
        match self.target.send(request).await {
            Ok(exchange) => {
                self.note_limit(what, &exchange.response);
                Reply::Answered(Box::new(exchange))
            }
            Err(trouble) => Reply::Unanswered(trouble),
        }
    }

    /// Posts a form with a client's credential.
    pub(super) async fn post(
        &self,
        what: &'static str,
        request: Request,
        at: ServerRole,
        client: ClientRole,
        parameters: &[(&str, &str)],
    ) -> Reply {
        let parameters = parameters.iter();
        let form = FormPost {
            request,
            at,
            client,
            client_auth: ClientAuth::Registered,
            params: parameters
                .map(|(name, value)| ((*name).to_owned(), literal(value)))
                .collect(),
        };
        match self.take(form.into()).await {
            Ok(performed) => self.reply_of(what, performed),
            Err(Unsent::Lacking(why) | Unsent::Impossible(why)) => Reply::Unsent(why),
        }
    }

    /// Takes a step of a scenario, unchanged.
    pub(super) async fn take(&self, action: Action) -> Result<Performed, Unsent> {
        let step = Step {
            id: "doctor".to_owned(),
            action,
            expect: Vec::new(),
            save: Vec::new(),
            place: Place::START,
        };
        let case_step = CaseStep {
            step: &step,
            part: Part::Following,
            change: None,
            expect: &step.expect,
            save: &step.save,
            saves_are_optional: false,
            place: step.place,
        };
        let published = KeyRing::default();
        let forge = Forge {
            deployment: self.deployment(),
            edition: self.edition,
            names: &self.vars,
            now: self.target.now(),
            published: &published,
            signed: &Signed::default(),
        };
        let way = self.deployment().sign_in.as_ref();
        let is_shared = way.is_some_and(SignInWay::is_shared);
        if is_shared
            && matches!(step.action, Action::SignIn(_))
            && let Prepared::SignIn(prepared) = prepare(&step.action, None, &forge)?
        {
            let asker = Asker {
                target: self.target,
                edition: self.edition,
                forge: &forge,
                rehearses: true,
                alone: false,
            };
            return Ok(self.sign_ins.obtain(prepared, &asker).await);
        }
        let browsers = Browsers::default();
        Box::pin(take(
            &case_step,
            self.target,
            &forge,
            &browsers,
            &CaseTape::Off,
        ))
        .await
    }

    /// The last answer of a step, or why there is none. What it says of rate limits is kept under the name of what was asked.
    pub(super) fn reply_of(&self, what: &'static str, performed: Performed) -> Reply {
        if let Some((_, trouble, _)) = performed.trouble {
            return Reply::Unanswered(trouble);
        }
        if let Some(unforgeable) = performed.unforgeable {
            return Reply::Unsent(unforgeable.to_string());
        }
        let last = performed
            .answer
            .or_else(|| performed.exchanges.into_iter().last());
        let Some(exchange) = last else {
            return Reply::Unsent("nothing was sent".to_owned());
        };
        // An answer with 429 says most of them, and is trouble as well.
        self.note_limit(what, &exchange.response);
        match self.target.trouble_in(&exchange) {
            Some(trouble) => Reply::Unanswered(trouble),
            None => Reply::Answered(Box::new(exchange)),
        }
    }

    /// What a server said, without secrets.
    pub(super) fn answer(&self, response: &Response) -> Answer {
        trace::answer(response, &self.redactor)
    }

    /// Keeps what an answer says of rate limits.
    fn note_limit(&self, what: &'static str, response: &Response) {
        let number = |name: &str| response.header(name)?.trim().parse::<u64>().ok();
        let limit = RateLimit {
            limit: number("x-rate-limit-limit"),
            remaining: number("x-rate-limit-remaining"),
            reset: number("x-rate-limit-reset").and_then(|at| i64::try_from(at).ok()),
            is_exceeded: response.status == 429,
        };
        if limit.limit.is_some() || limit.is_exceeded {
            let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
            limits.insert(what, limit);
        }
    }

    /// The rate limits that were seen, by what was asked.
    pub(super) fn limits(&self) -> BTreeMap<&'static str, RateLimit> {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.clone()
    }
}

/// Text without references, of no scenario.
pub(super) fn literal(text: &str) -> Template {
    Template::literal(Place::START, text)
}
