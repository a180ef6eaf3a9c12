//! A bounded map whose entries expire. When it is full, an expired entry goes first; where there is none the oldest goes,
//! and every such eviction is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use sha2::{Digest as _, Sha256};

use super::budget::Bounded;
use super::heap::{HeapSize, allocation, with_holes};

/// Longest key that is kept as it is, in bytes. Keys that clients choose (a `jti`) may be longer: of those a hash is kept.
const MAX_KEY_BYTES: usize = 160;

/// What an entry costs in the three indexes, whose nodes are not always full.
const INDEX_BYTES: usize = 144;

/// Entries by key, each with the second from which it no longer counts.
///
/// Keys are codes, tokens and handles, so `Debug` shows only how many there are. No operation looks at more entries than
/// it finds, adds or drops: the work of a request does not depend on how many came before.
pub struct Store<V> {
    by_key: BTreeMap<Arc<str>, u64>,
    by_age: BTreeMap<u64, Box<Entry<V>>>,
    by_expiry: BTreeSet<(i64, u64)>,
    next: u64,
    capacity: usize,
    bytes: usize,
    evicted: u64,
}

struct Entry<V> {
    key: Arc<str>,
    expires_at: i64,
    bytes: usize,
    value: V,
}

impl<V: HeapSize> Store<V> {
    /// An empty store for so many entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            by_key: BTreeMap::new(),
            by_age: BTreeMap::new(),
            by_expiry: BTreeSet::new(),
            next: 0,
            capacity,
            bytes: 0,
            evicted: 0,
        }
    }

    /// Adds an entry at `now` that counts until, and not at, `expires_at` (epoch seconds). An entry with this key is
    /// replaced, and the new one is the youngest.
    pub fn insert(&mut self, key: &str, expires_at: i64, value: V, now: i64) {
        let key: Arc<str> = kept(key, |key| Arc::from(key));
        let age = self.next;
        self.next += 1;
        let bytes = cost(&key, &value);
        if let Some(before) = self.by_key.insert(Arc::clone(&key), age)
            && let Some(entry) = self.by_age.remove(&before)
        {
            self.by_expiry.remove(&(entry.expires_at, before));
            self.bytes -= entry.bytes;
        }
        self.by_expiry.insert((expires_at, age));
        self.by_age.insert(
            age,
            Box::new(Entry {
                key,
                expires_at,
                bytes,
                value,
            }),
        );
        self.bytes += bytes;
        while self.by_age.len() > self.capacity && self.make_room(now) {}
    }

    /// The entry, unless it has expired at `now`.
    pub fn get(&self, key: &str, now: i64) -> Option<&V> {
        let entry = self.by_age.get(&self.age(key)?)?;
        (now < entry.expires_at).then_some(&entry.value)
    }

    /// Changes the entry, unless it has expired at `now`; what the change returns comes back.
    pub fn update<T>(
        &mut self,
        key: &str,
        now: i64,
        change: impl FnOnce(&mut V) -> T,
    ) -> Option<T> {
        let entry = self.by_age.get_mut(&self.age(key)?)?;
        if now >= entry.expires_at {
            return None;
        }
        let changed = change(&mut entry.value);
        let bytes = cost(&entry.key, &entry.value);
        self.bytes = self.bytes - entry.bytes + bytes;
        entry.bytes = bytes;
        Some(changed)
    }

    /// Lets the entry count until `expires_at`, if it would have ended before.
    pub fn extend(&mut self, key: &str, expires_at: i64) {
        let Some(age) = self.age(key) else { return };
        let Some(entry) = self.by_age.get_mut(&age) else {
            return;
        };
        if entry.expires_at < expires_at {
            self.by_expiry.remove(&(entry.expires_at, age));
            self.by_expiry.insert((expires_at, age));
            entry.expires_at = expires_at;
        }
    }

    /// Takes the entry out, unless it has expired at `now`.
    pub fn take(&mut self, key: &str, now: i64) -> Option<V> {
        let entry = self.remove(key)?;
        (now < entry.expires_at).then_some(entry.value)
    }

    /// Keeps what `keep` says. It looks at every entry: nothing that a client may ask for does that.
    pub fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        let gone: Vec<u64> = self
            .by_age
            .iter()
            .filter(|(_, entry)| !keep(&entry.value))
            .map(|(age, _)| *age)
            .collect();
        for age in gone {
            self.forget(age);
        }
    }

    fn age(&self, key: &str) -> Option<u64> {
        kept(key, |key| self.by_key.get(key).copied())
    }

    fn remove(&mut self, key: &str) -> Option<Entry<V>> {
        let age = self.age(key)?;
        self.forget(age)
    }

    fn forget(&mut self, age: u64) -> Option<Entry<V>> {
        let entry = *self.by_age.remove(&age)?;
        self.by_key.remove(&entry.key);
        self.by_expiry.remove(&(entry.expires_at, age));
        self.bytes -= entry.bytes;
        Some(entry)
    }
}

impl<V: HeapSize> Bounded for Store<V> {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn entries(&self) -> usize {
        self.by_age.len()
    }

    fn evicted(&self) -> u64 {
        self.evicted
    }

    fn make_room(&mut self, now: i64) -> bool {
        if self.sweep(now, 1) > 0 {
            return true;
        }
        let oldest = self.by_age.first_key_value().map(|(age, _)| *age);
        let gone = oldest.and_then(|age| self.forget(age)).is_some();
        self.evicted += u64::from(gone);
        gone
    }

    fn sweep(&mut self, now: i64, most: usize) -> usize {
        let mut swept = 0;
        while swept < most
            && let Some(&(expires_at, age)) = self.by_expiry.first()
            && expires_at <= now
        {
            self.forget(age);
            swept += 1;
        }
        swept
    }
}

/// What an entry costs: itself, its key, its places in the indexes and what it holds.
fn cost<V: HeapSize>(key: &str, value: &V) -> usize {
    // The text of an `Arc` stands behind two counts.
    let key = allocation(key.len() + 16);
    with_holes(allocation(size_of::<Entry<V>>()) + key + INDEX_BYTES + value.heap_bytes())
}

/// A key as it is kept: a long one is replaced by its hash. No short key begins with a number sign.
fn kept<T>(key: &str, then: impl FnOnce(&str) -> T) -> T {
    if key.len() <= MAX_KEY_BYTES {
        then(key)
    } else {
        then(&format!("#{}", B64.encode(Sha256::digest(key.as_bytes()))))
    }
}

impl<V> fmt::Debug for Store<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({} entries)", self.by_age.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_keys_nor_entries() {
        let mut store = Store::new(4);
        store.insert("a-code", 10, "what it stands for".to_owned(), 0);
        assert_eq!(format!("{store:?}"), "Store(1 entries)");
    }

    #[test]
    fn an_entry_counts_until_its_second_and_not_at_it() {
        let mut store = Store::new(4);
        store.insert("a", 10, "x".to_owned(), 0);
        assert_eq!(store.get("a", 9).map(String::as_str), Some("x"));
        assert_eq!(store.get("a", 10), None);
        assert_eq!(store.update("a", 10, |_| ()), None);
        assert_eq!(store.take("a", 10), None);
        assert_eq!(store.entries(), 0);
    }

    #[test]
    fn the_oldest_goes_when_full_and_is_counted() {
        let mut store = Store::new(2);
        for key in ["a", "b", "c"] {
            store.insert(key, 10, (), 0);
        }
        assert_eq!((store.get("a", 0), store.get("c", 0)), (None, Some(&())));
        assert_eq!(store.evicted(), 1);
    }

    #[test]
    fn an_expired_entry_makes_room_before_a_live_one_and_is_not_counted() {
        let mut store = Store::new(2);
        store.insert("long", 100, (), 0);
        store.insert("short", 10, (), 0);
        store.insert("new", 100, (), 10);
        assert_eq!(store.get("long", 10), Some(&()));
        assert_eq!(store.get("new", 10), Some(&()));
        assert_eq!((store.entries(), store.evicted()), (2, 0));
        store.insert("newer", 100, (), 10);
        assert_eq!(store.get("long", 10), None);
        assert_eq!((store.entries(), store.evicted()), (2, 1));
    }

    #[test]
    fn an_entry_that_is_inserted_again_is_the_youngest() {
        for removed_before in [false, true] {
            let mut store = Store::new(2);
            store.insert("a", 10, (), 0);
            store.insert("b", 10, (), 0);
            if removed_before {
                assert_eq!(store.take("a", 0), Some(()));
            }
            store.insert("a", 10, (), 0);
            store.insert("c", 10, (), 0);
            assert_eq!(store.get("a", 0), Some(&()), "{removed_before}");
            assert_eq!(store.get("b", 0), None, "{removed_before}");
            assert_eq!(store.evicted(), 1);
        }
    }

    #[test]
    fn expired_entries_are_swept_and_no_others() {
        let mut store = Store::new(10);
        for (key, expires_at) in [("a", 10), ("b", 30), ("c", 20), ("d", 5)] {
            store.insert(key, expires_at, (), 0);
        }
        store.extend("d", 40);
        store.extend("b", 7);
        assert_eq!(store.sweep(20, 1), 1);
        assert_eq!(store.sweep(20, 10), 1);
        assert_eq!(store.entries(), 2);
        assert_eq!(
            (store.get("b", 20), store.get("d", 20)),
            (Some(&()), Some(&()))
        );
        assert_eq!(store.evicted(), 0);
    }

    #[test]
    fn bytes_are_counted_when_entries_come_change_and_go() {
        let mut store = Store::new(10);
        assert_eq!(store.bytes(), 0);
        store.insert("a", 10, "x".repeat(1000), 0);
        let one = store.bytes();
        assert!(one > 1100, "{one}");
        store.update("a", 0, |text| *text = "x".repeat(5000));
        assert_eq!(store.bytes(), one + 5000);
        store.insert("a", 10, "x".repeat(1000), 0);
        assert_eq!(store.bytes(), one);
        store.retain(|_| false);
        assert_eq!(store.bytes(), 0);
    }

    #[test]
    fn of_a_long_key_a_hash_is_kept() {
        let mut store = Store::new(10);
        let (long, other) = ("j".repeat(60_000), format!("{}k", "j".repeat(59_999)));
        store.insert(&long, 10, (), 0);
        assert!(store.bytes() < 1000, "{}", store.bytes());
        assert_eq!(store.get(&long, 0), Some(&()));
        assert_eq!(store.get(&other, 0), None);
        assert_eq!(store.take(&long, 0), Some(()));
    }
}
