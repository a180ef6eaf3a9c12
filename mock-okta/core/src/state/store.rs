//! A bounded map whose entries expire: the oldest goes when it is full, and every such eviction is counted.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// Entries by key, each with the second from which it no longer counts.
///
/// Keys are codes, tokens and handles, so `Debug` tells only how many there are.
pub struct Store<V> {
    entries: BTreeMap<String, (i64, V)>,
    order: VecDeque<String>,
    capacity: usize,
    evicted: u64,
}

impl<V> Store<V> {
    /// An empty store for so many entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: BTreeMap::new(),
            order: VecDeque::new(),
            capacity,
            evicted: 0,
        }
    }

    /// Adds an entry that counts until, and not at, `expires_at` (epoch seconds).
    pub fn insert(&mut self, key: String, expires_at: i64, value: V) {
        if self
            .entries
            .insert(key.clone(), (expires_at, value))
            .is_none()
        {
            self.order.push_back(key);
        }
        while self.entries.len() > self.capacity {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if self.entries.remove(&oldest).is_some() {
                self.evicted += 1;
            }
        }
        // Removed keys leave their place in the order behind; it must not grow without bound.
        if self.order.len() > 2 * self.capacity.max(16) {
            let entries = &self.entries;
            self.order.retain(|key| entries.contains_key(key));
        }
    }

    /// The entry, unless it has expired at `now`.
    pub fn get(&self, key: &str, now: i64) -> Option<&V> {
        self.entries
            .get(key)
            .filter(|(expires_at, _)| now < *expires_at)
            .map(|(_, value)| value)
    }

    /// The same, to change.
    pub fn get_mut(&mut self, key: &str, now: i64) -> Option<&mut V> {
        self.entries
            .get_mut(key)
            .filter(|(expires_at, _)| now < *expires_at)
            .map(|(_, value)| value)
    }

    /// Takes the entry out, unless it has expired at `now`.
    pub fn take(&mut self, key: &str, now: i64) -> Option<V> {
        let (expires_at, value) = self.entries.remove(key)?;
        (now < expires_at).then_some(value)
    }

    /// Keeps what `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.entries.retain(|_, (_, value)| keep(value));
    }

    /// How many entries were pushed out before their time.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }
}

impl<V> fmt::Debug for Store<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({} entries)", self.entries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_keys_nor_entries() {
        let mut store = Store::new(4);
        store.insert("a-code".to_owned(), 10, "what it stands for");
        assert_eq!(format!("{store:?}"), "Store(1 entries)");
    }

    #[test]
    fn an_entry_counts_until_its_second_and_not_at_it() {
        let mut store = Store::new(4);
        store.insert("a".to_owned(), 10, 1);
        assert_eq!(store.get("a", 9), Some(&1));
        assert_eq!(store.get("a", 10), None);
        assert_eq!(store.take("a", 10), None);
    }

    #[test]
    fn the_oldest_goes_when_full_and_is_counted() {
        let mut store = Store::new(2);
        for key in ["a", "b", "c"] {
            store.insert(key.to_owned(), 10, ());
        }
        assert_eq!((store.get("a", 0), store.get("c", 0)), (None, Some(&())));
        assert_eq!(store.evicted(), 1);
    }
}
