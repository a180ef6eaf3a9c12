//! What lives while the org runs. Every store is bounded; `decide` changes it under one lock.

mod budget;
mod grants;
mod heap;
mod monthly;
mod refresh;
mod store;

pub use budget::{Bounded, DEFAULT_MEMORY_BUDGET, LEAST_MEMORY_BUDGET, MemoryUse, StoreUse};
pub use grants::{
    AuthorizationRequest, CodeGrant, Consent, ConsentKey, DataHandle, PendingSignIn, RefreshGrant,
    RefreshLimits, ScopeConsent, Session, ThirdPartyToken,
};
pub use heap::{HeapSize, allocation, with_holes};
pub use monthly::MonthlyCounts;
pub use refresh::Family;
pub use store::Store;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

use crate::faults::ActiveFaults;
use crate::journal::Journal;
use crate::org::UserId;
use crate::rate_limits::RequestCounts;

/// How long a record outlives its use, so that replay is noticed: a day.
pub const MEMORY_SECONDS: i64 = 24 * 3600;

/// How much may be kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries of the journal.
    pub journal_capacity: usize,
    /// Bytes that all stores may hold together.
    pub memory_budget: usize,
}

/// Everything that changes.
#[derive(Debug)]
pub struct State {
    entropy: ChaCha20Rng,
    limits: Limits,
    /// Bytes of the documents that were fetched for clients.
    documents: usize,
    /// The store that the next request sweeps.
    swept_next: usize,
    /// By `stateToken`.
    pub sign_ins: Store<PendingSignIn>,
    /// Who has shown a password, by session token.
    pub session_tokens: Store<UserId>,
    /// By `sid`.
    pub sessions: Store<Session>,
    /// By code.
    pub codes: Store<CodeGrant>,
    /// By refresh token.
    refresh_tokens: Store<RefreshGrant>,
    /// Refresh tokens that end together, by the name of their family.
    families: Store<Family>,
    /// The family of an access token that was issued with a refresh token, by `jti`.
    access_tokens: Store<String>,
    /// Used `jti`s, namespaced.
    pub replay: Store<()>,
    /// Revoked `jti`s.
    revoked: Store<()>,
    /// The session in which an ID token's user signed in, by `jti`; none when it came by a refresh.
    pub id_token_sessions: Store<Option<String>>,
    /// Consents to scopes. Bounded by the configuration.
    pub scope_consents: BTreeSet<ScopeConsent>,
    /// By user, agent and connection. Bounded by the configuration.
    pub consents: BTreeMap<ConsentKey, Consent>,
    /// By data handle.
    pub data_handles: Store<DataHandle>,
    /// By token.
    pub third_party_tokens: Store<ThirdPartyToken>,
    /// What happens to answers on their way. Bounded by their number.
    pub(crate) faults: ActiveFaults,
    /// ID-JAGs in the current month. Bounded by the configuration.
    pub id_jag_counts: MonthlyCounts,
    /// Requests in the current minute. Bounded by the configuration.
    pub(crate) request_counts: RequestCounts,
    /// What was asked and answered.
    pub journal: Journal,
}

impl State {
    /// The state at start. The seed fixes every id, `jti` and opaque token.
    pub fn new(seed: &[u8; 32], limits: Limits) -> Self {
        const MANY: usize = 50_000;
        Self {
            entropy: ChaCha20Rng::from_seed(*seed),
            limits,
            documents: 0,
            swept_next: 0,
            sign_ins: Store::new(MANY),
            session_tokens: Store::new(MANY),
            sessions: Store::new(MANY),
            codes: Store::new(MANY),
            refresh_tokens: Store::new(MANY),
            families: Store::new(MANY),
            access_tokens: Store::new(4 * MANY),
            replay: Store::new(4 * MANY),
            revoked: Store::new(MANY),
            id_token_sessions: Store::new(MANY),
            scope_consents: BTreeSet::new(),
            consents: BTreeMap::new(),
            data_handles: Store::new(MANY),
            third_party_tokens: Store::new(MANY),
            faults: ActiveFaults::default(),
            id_jag_counts: MonthlyCounts::default(),
            request_counts: RequestCounts::default(),
            journal: Journal::new(limits.journal_capacity),
        }
    }

    /// Back to the state at start, the journal included. Entropy runs on: what was issued is never issued again. Faults are
    /// configured, so whoever knows the configuration restarts them.
    pub fn reset(&mut self) {
        let fresh = Self::new(&[0; 32], self.limits);
        let before = std::mem::replace(self, fresh);
        self.entropy = before.entropy;
        self.faults = before.faults;
    }

    /// An unguessable text of 43 characters after a prefix.
    pub fn token(&mut self, prefix: &str) -> String {
        let mut bytes = [0; 32];
        self.entropy.fill_bytes(&mut bytes);
        format!("{prefix}{}", B64.encode(bytes))
    }

    /// An Okta id: the prefix and letters up to 20 characters.
    pub fn id(&mut self, prefix: &str) -> String {
        let mut text = prefix.to_owned();
        let mut bytes = [0; 20];
        self.entropy.fill_bytes(&mut bytes);
        for byte in bytes {
            if text.len() < 20 {
                text.push(char::from(b'a' + byte % 26));
            }
        }
        text
    }

    /// 32 hexadecimal digits, as in `X-Okta-Request-Id`.
    pub fn request_id(&mut self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill_bytes(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }

    /// Marks a `jti` as used until `expires_at`; `false` when it was used before.
    pub fn use_once(&mut self, namespace: &str, jti: &str, expires_at: i64, now: i64) -> bool {
        let key = format!("{namespace} {jti}");
        if self.replay.get(&key, now).is_some() {
            return false;
        }
        self.replay.insert(&key, expires_at.max(now + 1), (), now);
        true
    }
}
