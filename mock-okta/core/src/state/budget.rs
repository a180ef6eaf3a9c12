//! One budget of bytes for everything that lives between requests. Who floods one store pushes out entries of that store:
//! the largest gives way.

use serde::Serialize;

use super::State;

/// Bytes that all stores may hold together unless another budget is set.
pub const DEFAULT_MEMORY_BUDGET: usize = 256 * 1024 * 1024;

/// The least budget: below it a sign-in would push out the one before it.
pub const LEAST_MEMORY_BUDGET: usize = 1024 * 1024;

/// Expired entries that one request drops at most, so that no request waits for all that came before. It looks at one of
/// the stores, which is more than it can have added to all of them since it looked last.
const SWEPT_BY_A_REQUEST: usize = 256;

/// What a consent costs. There are as many as the configuration allows: users, clients and scopes.
const CONSENT_BYTES: usize = 768;

/// Something whose entries can be counted and pushed out.
pub trait Bounded {
    /// Bytes that it holds, with what the allocator and the indexes add.
    fn bytes(&self) -> usize;
    /// How many entries it holds.
    fn entries(&self) -> usize;
    /// How many entries were pushed out before their time.
    fn evicted(&self) -> u64;
    /// Drops one entry: one that has expired at `now`, or else the oldest, which counts as pushed out. `false` when there
    /// is none.
    fn make_room(&mut self, now: i64) -> bool;
    /// Drops entries that have expired, at most so many; returns how many.
    fn sweep(&mut self, now: i64, most: usize) -> usize;
}

/// What the stores hold at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryUse {
    /// Bytes held by all stores, consents and documents.
    pub used_bytes: usize,
    /// Bytes that they may hold together.
    pub budget_bytes: usize,
    /// Entries pushed out before they had expired, since the start or the last reset.
    pub evictions: u64,
    /// Store by store.
    pub stores: Vec<StoreUse>,
}

/// What one store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreUse {
    /// What its entries are.
    pub name: &'static str,
    /// How many there are.
    pub entries: usize,
    /// Bytes they hold.
    pub bytes: usize,
    /// Entries pushed out before their time.
    pub evictions: u64,
}

impl State {
    /// Drops what has expired, as far as one request may, and pushes out what exceeds the budget.
    pub fn tidy(&mut self, now: i64) {
        let current = self.swept_next;
        let stores = self.stores_mut();
        let next = (current + 1) % stores.len();
        if let Some(store) = stores.into_iter().nth(current) {
            store.sweep(now, SWEPT_BY_A_REQUEST);
        }
        self.swept_next = next;
        self.enforce_budget(now);
    }

    /// Drops everything that has expired.
    pub fn sweep(&mut self, now: i64) {
        for store in self.stores_mut() {
            store.sweep(now, usize::MAX);
        }
    }

    /// How many bytes the documents take that were fetched for clients; the stores have that much less.
    pub fn reserve(&mut self, documents: usize, now: i64) {
        self.documents = documents;
        self.enforce_budget(now);
    }

    /// What the stores hold.
    pub fn memory_use(&self) -> MemoryUse {
        let stores: Vec<StoreUse> = self
            .stores()
            .into_iter()
            .map(|(name, store)| StoreUse {
                name,
                entries: store.entries(),
                bytes: store.bytes(),
                evictions: store.evicted(),
            })
            .collect();
        MemoryUse {
            used_bytes: self.used(),
            budget_bytes: self.limits.memory_budget,
            evictions: stores.iter().map(|store| store.evictions).sum(),
            stores,
        }
    }

    fn used(&self) -> usize {
        let stores: usize = self.stores().iter().map(|(_, store)| store.bytes()).sum();
        let consents = (self.consents.len() + self.scope_consents.len()) * CONSENT_BYTES;
        stores + consents + self.documents
    }

    fn enforce_budget(&mut self, now: i64) {
        let budget = self.limits.memory_budget;
        let mut used = self.used();
        while used > budget {
            let stores = self.stores_mut().into_iter();
            let Some(largest) = stores.max_by_key(|store| store.bytes()) else {
                return;
            };
            let before = largest.bytes();
            if !largest.make_room(now) {
                return;
            }
            used -= before - largest.bytes();
        }
    }

    fn stores(&self) -> [(&'static str, &dyn Bounded); 13] {
        [
            ("sign_ins", &self.sign_ins),
            ("session_tokens", &self.session_tokens),
            ("sessions", &self.sessions),
            ("codes", &self.codes),
            ("refresh_tokens", &self.refresh_tokens),
            ("refresh_token_families", &self.families),
            ("access_tokens", &self.access_tokens),
            ("used_jtis", &self.replay),
            ("revoked_tokens", &self.revoked),
            ("id_tokens", &self.id_token_sessions),
            ("links", &self.data_handles),
            ("third_party_tokens", &self.third_party_tokens),
            ("journal", &self.journal),
        ]
    }

    fn stores_mut(&mut self) -> [&mut dyn Bounded; 13] {
        [
            &mut self.sign_ins,
            &mut self.session_tokens,
            &mut self.sessions,
            &mut self.codes,
            &mut self.refresh_tokens,
            &mut self.families,
            &mut self.access_tokens,
            &mut self.replay,
            &mut self.revoked,
            &mut self.id_token_sessions,
            &mut self.data_handles,
            &mut self.third_party_tokens,
            &mut self.journal,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;

    #[test]
    fn what_has_expired_is_not_counted_as_pushed_out_when_the_budget_is_exceeded() {
        let mut state = State::new(
            &[0; 32],
            Limits {
                journal_capacity: 10,
                memory_budget: 100_000,
            },
        );
        for number in 0..10 {
            let key = format!("live {number}");
            let session = Some("x".repeat(1000));
            state.id_token_sessions.insert(&key, 100, session, 0);
        }
        for number in 0..50 {
            let key = format!("short {number}");
            let session = Some("x".repeat(1000));
            state.id_token_sessions.insert(&key, 10, session, 0);
        }
        state.reserve(70_000, 10);
        let memory = state.memory_use();
        assert!(memory.used_bytes <= memory.budget_bytes, "{memory:?}");
        assert_eq!(memory.evictions, 0, "{memory:?}");
        assert!(state.id_token_sessions.get("live 0", 10).is_some());
        state.reserve(99_000, 10);
        assert!(state.memory_use().evictions > 0);
    }
}
