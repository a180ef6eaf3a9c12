//! The three phases: admit (parallel, no lock), decide (one lock), render (parallel, no lock).
//!
//! Signing costs a quarter of a millisecond and more, and state must be exact; so signatures are verified before
//! the lock is taken and made after it is released.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;

use crate::behaviour::UnauthorizedChallenge;
use crate::context::{Context, Outcome};
use crate::control::Switched;
use crate::cors::Cors;
use crate::defect::{self, Bend, Defects};
use crate::documents::{Document, Documents, NeedsDocument};
use crate::endpoints::{Endpoint, Route, answer, cors, route};
use crate::facts::{self, Facts};
use crate::faults::{FaultAction, FaultRequest};
use crate::gate::Gate;
use crate::issuers::Issuers;
use crate::journal::{EntryNumber, JournalEntry, RawExchange, Redacted, readable, redacted};
use crate::keys::Keyring;
use crate::org::{Org, UserId};
use crate::rate_limits::{self, Standing};
use crate::refusal::{Refusal, Refused};
use crate::render;
use crate::request::Request;
use crate::state::{DEFAULT_MEMORY_BUDGET, Limits, MemoryUse, State};
use crate::variation::{self, Variation, Variations, Varied};

/// How a core is set up, apart from the org it holds.
#[derive(Clone)]
pub struct Options {
    /// Where clients reach the org: scheme, host and port, without path or trailing slash.
    pub base_url: String,
    /// Fixes every id, `jti` and opaque token.
    pub seed: [u8; 32],
    /// Whether refusals carry `X-Mock-Okta-Code`.
    pub show_internal_codes: bool,
    /// Entries the journal keeps.
    pub journal_capacity: usize,
    /// Whether the journal keeps requests and answers as they were sent, secrets included.
    pub keeps_raw: bool,
    /// Bytes that everything may hold which lives between requests.
    pub memory_budget: usize,
    /// What goes wrong on purpose, to see whether a test notices. [`Core::set_defects`] changes it later.
    pub defects: Defects,
    /// Lawful ways to answer other than the usual ones. [`Core::set_variations`] changes them later.
    pub variations: Variations,
    /// Whom the authorization endpoint takes for signed in, for agents without a browser. A command changes it later.
    pub auto_sign_in: Option<UserId>,
    /// Whether the front page shows the passwords of the users, which nobody but testers should see.
    pub shows_passwords: bool,
    /// What an org must keep beside the rules of the org file, because of whoever holds the core; it says what is wrong.
    /// An org that fails it cannot be configured.
    pub check: fn(&Org) -> Result<(), String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base_url: "http://localhost".to_owned(),
            seed: [0; 32],
            show_internal_codes: true,
            journal_capacity: 10_000,
            keeps_raw: false,
            memory_budget: DEFAULT_MEMORY_BUDGET,
            defects: Defects::default(),
            variations: Variations::default(),
            auto_sign_in: None,
            shows_passwords: false,
            check: |_| Ok(()),
        }
    }
}

/// All private keys follow from the seed, so it is not shown.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("base_url", &self.base_url)
            .field("show_internal_codes", &self.show_internal_codes)
            .field("journal_capacity", &self.journal_capacity)
            .field("memory_budget", &self.memory_budget)
            .field("defects", &self.defects)
            .field("variations", &self.variations)
            .finish_non_exhaustive()
    }
}

/// What one request is judged by: an administrator's change makes the next snapshot.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The org as configured.
    pub org: Org,
    /// Its keys.
    pub keys: Keyring,
    /// What goes wrong on purpose.
    pub defects: Defects,
    /// Lawful ways to answer other than the usual ones.
    pub variations: Variations,
    /// Who was switched on or off since.
    pub switched: Switched,
    /// Whom the authorization endpoint takes for signed in.
    pub auto_sign_in: Option<UserId>,
}

/// The mock org.
#[derive(Debug)]
pub struct Core {
    options: Options,
    at_start: Arc<Snapshot>,
    snapshot: RwLock<Arc<Snapshot>>,
    documents: RwLock<Documents>,
    state: Mutex<State>,
}

/// A request that was parsed and whose signatures were verified.
#[derive(Debug)]
pub struct Admitted {
    request: Request,
    route: Route,
    facts: Facts,
    snapshot: Arc<Snapshot>,
    now: Timestamp,
    raw: Option<Box<RawExchange>>,
}

impl Admitted {
    /// What the request cannot be judged by yet, because it lies outside. Whoever can fetch it hands it to
    /// [`Core::learn`] and admits the request again; decided as it is, the request is refused for want of it.
    pub fn needs(&self) -> Option<&NeedsDocument> {
        self.facts.needs.as_ref()
    }
}

/// What was decided; signatures are still to be made.
#[derive(Debug)]
pub struct Decided {
    pub(crate) entry: u64,
    pub(crate) outcome: Outcome,
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
    /// An org at start.
    pub fn new(org: Org, keys: Keyring, options: Options) -> Self {
        let snapshot = Arc::new(Snapshot {
            org,
            keys,
            defects: options.defects.clone(),
            variations: options.variations,
            switched: Switched::default(),
            auto_sign_in: options.auto_sign_in.clone(),
        });
        let limits = Limits {
            journal_capacity: options.journal_capacity,
            memory_budget: options.memory_budget,
        };
        let mut state = State::new(&options.seed, limits);
        state.faults.restart(&snapshot.org.faults);
        Self {
            state: Mutex::new(state),
            at_start: Arc::clone(&snapshot),
            snapshot: RwLock::new(snapshot),
            documents: RwLock::default(),
            options,
        }
    }

    /// Answers a request at an instant: the three phases in a row.
    pub fn handle(
        &self,
        request: &http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> http::Response<Vec<u8>> {
        self.render(self.decide(self.admit(request, now)))
    }

    /// Parses, decodes and verifies signatures into facts. Takes no lock that anyone waits for.
    pub fn admit(&self, sent: &http::Request<Vec<u8>>, now: Timestamp) -> Admitted {
        let snapshot = self.snapshot();
        let mut request = Request::parse(sent);
        let route = route(&snapshot.org, &request.path);
        if route.endpoint == Endpoint::Token && snapshot.defects.bends(Bend::TokenByGet) {
            request.take_query_for_form();
        }
        if matches!(
            route.endpoint,
            Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke
        ) {
            variation::json_body(snapshot.variations, sent.body(), &mut request);
        }
        // A key that is still to be made is made before the lock is taken.
        let _ = snapshot.keys.server(&route.server);
        let documents = self
            .documents
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let outside = facts::Outside {
            snapshot: &snapshot,
            issuers: self.issuers_of(&snapshot),
            documents: &documents,
            now: now.as_second(),
        };
        let facts = facts::read(&outside, &request, route.endpoint);
        drop(documents);
        Admitted {
            request,
            route,
            facts,
            snapshot,
            now,
            raw: self
                .options
                .keeps_raw
                .then(|| Box::new(RawExchange::of(sent))),
        }
    }

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
        let request_id = state.request_id();
        let error_id = state.id("oae");
        let asked = FaultRequest {
            endpoint: route.endpoint,
            request: &request,
            facts: &facts,
        };
        let met = state.faults.meet(asked);
        let lost = met.as_ref().is_some_and(|met| !met.takes_effect);
        let counted = if lost {
            None
        } else {
            state
                .request_counts
                .count(asked, behaviours, &snapshot.org, now)
        };
        let exceeded = matches!(counted, Some(Err(_)));
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
            shows_passwords: self.options.shows_passwords,
            gate: Gate::new(&snapshot.defects).with_variations(snapshot.variations),
            client_id: (lost || exceeded).then(|| asked.claimed_client()).flatten(),
            user: None,
        };
        let mut outcome = if lost {
            // A fault gives the answer.
            Outcome::Empty(0)
        } else if exceeded {
            rate_limits::refuse()
        } else {
            answer(&mut cx, route.endpoint)
        };
        if outcome.refusal().is_some_and(Refused::stumbles) {
            outcome = Outcome::stumble();
        }
        let (mut sites, mut bends) = Default::default();
        let (mut places, mut varied) = Default::default();
        if !lost {
            (sites, bends) = defect::apply(&cx, route.endpoint, &mut outcome);
            (places, varied) = variation::apply(&cx, route.endpoint, &mut outcome);
        }
        let cors = cors(&cx, route.endpoint);
        let (gate, client_id, user) = (cx.gate, cx.client_id, cx.user);
        let refusal = outcome.refusal().map(|refused| refused.refusal);
        let entry = JournalEntry {
            n: 0,
            at: now.to_string(),
            method: readable(request.method_as_sent()).into_owned(),
            path: readable(&request.path).into_owned(),
            endpoint: route.endpoint.name(),
            http_version: request.http_version,
            tls_version: request.tls_version,
            client_id: client_id.map(|id| readable(&id).into_owned()),
            user: user.map(|user| readable(user.as_str()).into_owned()),
            status: {
                let decided = varied.status(render::status(&outcome));
                met.as_ref().map_or(decided, |met| met.status(decided))
            },
            error: outcome.refusal().map(|refused| refused.error().to_owned()),
            refusal: refusal.map(Refusal::code),
            rules: gate.into_trace().into_iter().map(Refusal::code).collect(),
            request: parameters,
            cut,
            response: render::member_names(&outcome),
            request_id: request_id.clone(),
            sites,
            places,
            raw,
            fault: met.as_ref().map(|met| met.kind.id()),
        };
        let entry = state.journal.add(entry);
        state.tidy(now.as_second());
        Decided {
            entry,
            outcome,
            request_id,
            error_id,
            challenges: challenges(behaviours.unauthorized_challenge, &request),
            show_internal_codes: self.options.show_internal_codes,
            head: request.is_head,
            cors,
            bends,
            varied,
            now: now.as_second(),
            standing: counted.map(|counted| counted.unwrap_or_else(|over| over)),
            fault: met.map(|met| met.action),
        }
    }

    /// Signs and serialises. The answer has the number of its journal entry among its extensions.
    pub fn render(&self, decided: Decided) -> http::Response<Vec<u8>> {
        let entry = decided.entry;
        let mut response = render::render(decided);
        if self.options.keeps_raw {
            self.with_state(|state| state.journal.answered(entry, &response));
        }
        response.extensions_mut().insert(EntryNumber(entry));
        response
    }

    /// Takes in what was fetched, or that it could not be. An address that no client has is forgotten at once, so
    /// the configuration bounds what is kept.
    pub fn learn(&self, url: &str, document: Document, now: Timestamp) {
        let snapshot = self.snapshot();
        let known = |url: &str| {
            let mut clients = snapshot.org.clients.values();
            clients.any(|client| client.jwks_uri.as_deref() == Some(url))
        };
        self.change_documents(now, |documents| {
            documents.retain(known);
            if known(url) {
                documents.learn(url, document, now.as_second());
            }
        });
    }

    /// What an administrator says is at an address: it stays until another is said or a reset, and is never fetched.
    pub(crate) fn pin(&self, url: &str, body: &[u8], now: Timestamp) {
        self.change_documents(now, |documents| documents.pin(url, body, now.as_second()));
    }

    fn change_documents(&self, now: Timestamp, change: impl FnOnce(&mut Documents)) {
        let mut documents = self
            .documents
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        change(&mut documents);
        let bytes = documents.bytes();
        drop(documents);
        self.with_state(|state| state.reserve(bytes, now.as_second()));
    }

    /// Drops what has expired. Every request drops some of it; whoever serves the org calls this now and then, for a time
    /// without requests.
    pub fn sweep(&self, now: Timestamp) {
        self.with_state(|state| state.sweep(now.as_second()));
    }

    /// What is kept at an instant, in bytes.
    pub fn memory_use(&self, now: Timestamp) -> MemoryUse {
        self.with_state(|state| {
            state.sweep(now.as_second());
            state.memory_use()
        })
    }

    /// What requests are judged by from now on.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// An administrator's change: the next request sees it, those under way do not.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Snapshot) -> T) -> T {
        let mut current = self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let mut next = Snapshot::clone(&current);
        let result = change(&mut next);
        *current = Arc::new(next);
        result
    }

    /// Looks at or changes what lives while the org runs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As it was at start.
    pub(crate) fn at_start(&self) -> &Snapshot {
        &self.at_start
    }

    /// Replaces the defects; the next request meets the new ones.
    pub fn set_defects(&self, defects: Defects) {
        self.edit(|snapshot| snapshot.defects = defects);
    }

    /// Replaces the variations; the next request meets the new ones. Tokens that were issued in another form than the
    /// usual one are read while the variation is on that gave it to them.
    pub fn set_variations(&self, variations: Variations) {
        self.edit(|snapshot| snapshot.variations = variations);
    }

    /// As at start: configuration, state, what was learnt, and the keys that sign. Keys that came since stay published;
    /// defects and variations stay as they are now.
    pub fn reset(&self) {
        *self
            .documents
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Documents::default();
        let org = self.at_start.org.clone();
        self.edit(|snapshot| {
            snapshot.org = org;
            snapshot.switched = Switched::default();
            snapshot
                .auto_sign_in
                .clone_from(&self.at_start.auto_sign_in);
            snapshot.keys = snapshot.keys.restored(&self.at_start.keys);
        });
        self.with_state(|state| {
            state.reset();
            state.faults.restart(&self.at_start.org.faults);
        });
    }

    /// How it was set up.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The issuer of a server of this org.
    pub fn issuer(&self, server: &crate::keys::ServerName) -> String {
        self.issuers().of(server)
    }

    /// What the servers of this org are called.
    pub(crate) fn issuers(&self) -> Issuers<'_> {
        self.issuers_of(&self.snapshot())
    }

    fn issuers_of(&self, snapshot: &Snapshot) -> Issuers<'_> {
        Issuers {
            base_url: &self.options.base_url,
            have_slash: snapshot.variations.has(Variation::IssuerSlash),
        }
    }
}

/// Whether an answer with status 401 carries a challenge.
fn challenges(switch: UnauthorizedChallenge, request: &Request) -> bool {
    match switch {
        UnauthorizedChallenge::ToBasic => request.authorization("Basic").is_some(),
        UnauthorizedChallenge::Always => true,
        UnauthorizedChallenge::Never => false,
    }
}
