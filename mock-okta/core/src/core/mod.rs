//! The three phases: admit (parallel, no lock), decide (one lock), render (parallel, no lock).
//!
//! Signing costs a quarter of a millisecond and more, and state must be exact; so signatures are verified before
//! the lock is taken and made after it is released.

mod decide;
mod options;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;

use crate::control::Switched;
use crate::defect::Bend;
use crate::defect::Defects;
use crate::documents::{Document, Documents, NeedsDocument};
use crate::endpoints::{Endpoint, Route, route};
use crate::facts::{self, Facts};
use crate::issuers::Issuers;
use crate::journal::{EntryNumber, RawExchange};
use crate::keys::Keyring;
use crate::org::Org;
use crate::render;
use crate::request::Request;
use crate::state::{Limits, MemoryUse, State};
use crate::variation::{self, Variation, Variations};

pub use decide::Decided;
pub use options::{Options, Snapshot};

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
        let route = route(&snapshot.org, &self.options, &request.path);
        if matches!(route.endpoint, Endpoint::Authn | Endpoint::Management) {
            request.read_json(sent.body());
        }
        if route.endpoint == Endpoint::Token && snapshot.defects.bends(Bend::TokenByGet) {
            request.take_query_for_form();
        }
        if matches!(
            route.endpoint,
            Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke
        ) {
            variation::json_body(snapshot.variations, sent.body(), &mut request);
        }
        // A key that is still to be made is made before the lock is taken, and only for who needs it.
        if route.endpoint.uses_keys() {
            let _ = snapshot.keys.server(&route.server);
        }
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
