//! What lies outside and is asked of the shell: the JWKS that a client publishes at its `jwks_uri`.
//!
//! The core opens no socket. [`Admitted::needs`](crate::Admitted::needs) names the address, the shell fetches it and
//! hands over what came back, and the request is admitted again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::state::allocation;

/// Largest document that is taken in, in bytes. Whoever fetches may stop there.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024;

/// Most keys that are looked at in one document.
const MAX_KEYS: usize = 100;

/// Seconds for which a failure is remembered before the address is tried again.
const RETRY_AFTER: i64 = 10;

/// Seconds after which an unknown `kid` is a reason to look again: the client may have rotated its keys.
const LOOK_AGAIN_AFTER: i64 = 60;

/// An address that must be fetched before a request can be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedsDocument {
    /// Absolute URL, as configured.
    pub url: String,
}

/// What came of fetching an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Status 200 with this body.
    Found(Vec<u8>),
    /// Anything else: refused, too slow, too large, another status.
    Unavailable,
}

/// The keys of a JWKS, each as it was written.
pub type Jwks = Arc<Vec<Map<String, Value>>>;

/// Everything learnt, by address. Bounded by the configuration: see [`Core::learn`](crate::Core::learn).
#[derive(Debug, Default)]
pub struct Documents {
    by_url: BTreeMap<String, Learnt>,
}

#[derive(Debug)]
struct Learnt {
    /// The last document that could be read, and when it was fetched.
    keys: Option<(Jwks, i64)>,
    /// When the address was last tried.
    tried_at: i64,
    /// Bytes that the keys take.
    bytes: usize,
    /// Set by an administrator, not fetched: it stays whatever its age, and its address is never looked at.
    pinned: bool,
}

impl Documents {
    /// Takes in what was fetched at an instant. A failure keeps the document that was there, until it is too old.
    pub fn learn(&mut self, url: &str, document: Document, now: i64) {
        let earlier = self.by_url.remove(url).and_then(|learnt| learnt.keys);
        let fresh = match document {
            Document::Found(body) => read(&body).map(|keys| (keys, now)),
            Document::Unavailable => None,
        };
        self.keep(url, fresh.or(earlier), now, false);
    }

    fn keep(&mut self, url: &str, keys: Option<(Jwks, i64)>, now: i64, pinned: bool) {
        let bytes = keys.as_ref().map_or(0, |(keys, _)| bytes_of(keys));
        let learnt = Learnt {
            keys,
            tried_at: now,
            bytes,
            pinned,
        };
        self.by_url.insert(url.to_owned(), learnt);
    }

    /// Forgets every address that is not `wanted` any more.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.by_url.retain(|url, _| wanted(url));
    }

    /// Bytes that all documents take in memory.
    pub fn bytes(&self) -> usize {
        self.by_url
            .iter()
            .map(|(url, learnt)| url.len() + 128 + learnt.bytes)
            .sum()
    }

    /// What an administrator says is at an address. With a body that is not a JWKS no key is found there.
    pub fn pin(&mut self, url: &str, body: &[u8], now: i64) {
        self.keep(url, read(body).map(|keys| (keys, now)), now, true);
    }

    /// The keys at an address, when they were fetched at most `lifetime` seconds ago.
    pub fn keys(&self, url: &str, now: i64, lifetime: i64) -> Option<&Jwks> {
        let learnt = self.by_url.get(url)?;
        let (keys, fetched_at) = learnt.keys.as_ref()?;
        (learnt.pinned || now - fetched_at <= lifetime).then_some(keys)
    }

    /// Whether the address should be fetched before a request is judged that names the key `kid`.
    pub fn wanted(&self, url: &str, kid: Option<&str>, now: i64, lifetime: i64) -> bool {
        let Some(learnt) = self.by_url.get(url) else {
            return true;
        };
        if learnt.pinned {
            return false;
        }
        // A clock that was set back makes everything old.
        let since = |then: i64| if now < then { i64::MAX } else { now - then };
        let known = |keys: &Jwks| {
            kid.is_none_or(|kid| {
                keys.iter()
                    .any(|key| key.get("kid").and_then(Value::as_str) == Some(kid))
            })
        };
        match self.keys(url, now, lifetime) {
            None => since(learnt.tried_at) > RETRY_AFTER.min(lifetime),
            Some(keys) => !known(keys) && since(learnt.tried_at) > LOOK_AGAIN_AFTER,
        }
    }
}

/// Bytes of parsed keys: a member is a name, a value and a place in the map's index.
fn bytes_of(keys: &[Map<String, Value>]) -> usize {
    keys.iter()
        .flat_map(|key| key.iter())
        .map(|(name, value)| 64 + allocation(name.len()) + value_bytes(value))
        .sum()
}

fn value_bytes(value: &Value) -> usize {
    let held = match value {
        Value::String(text) => allocation(text.len()),
        Value::Array(items) => items.iter().map(value_bytes).sum(),
        Value::Object(members) => bytes_of(std::slice::from_ref(members)),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + held
}

/// RFC 7517 §5: an object with a list of keys. An item that is not a key is judged when it is asked for.
fn read(body: &[u8]) -> Option<Jwks> {
    if body.len() > MAX_DOCUMENT_BYTES {
        return None;
    }
    let document: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let keys = document.get("keys")?.as_array()?;
    let keys: Option<Vec<_>> = keys.iter().map(|key| key.as_object().cloned()).collect();
    keys.filter(|keys| keys.len() <= MAX_KEYS).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://agent.example/keys";
    const HOUR: i64 = 3600;

    fn found(text: &str) -> Document {
        Document::Found(text.as_bytes().to_vec())
    }

    fn learnt(text: &str) -> Documents {
        let mut documents = Documents::default();
        documents.learn(URL, found(text), 0);
        documents
    }

    #[test]
    fn only_an_object_with_a_list_of_objects_is_a_jwks() {
        for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":["a"]}"#] {
            assert!(learnt(text).keys(URL, 0, HOUR).is_none(), "{text}");
        }
        assert!(learnt(r#"{"keys":[]}"#).keys(URL, 0, HOUR).is_some());
        let long = format!(r#"{{"keys":[],"x":"{}"}}"#, "a".repeat(MAX_DOCUMENT_BYTES));
        assert!(learnt(&long).keys(URL, 0, HOUR).is_none());
    }

    #[test]
    fn a_document_is_wanted_when_it_is_too_old_or_lacks_the_key() {
        let documents = learnt(r#"{"keys":[{"kid":"a"}]}"#);
        assert!(Documents::default().wanted(URL, None, 0, HOUR));
        assert!(!documents.wanted(URL, Some("a"), HOUR, HOUR));
        assert!(documents.wanted(URL, Some("a"), HOUR + 1, HOUR));
        assert!(!documents.wanted(URL, Some("b"), 60, HOUR));
        assert!(documents.wanted(URL, Some("b"), 61, HOUR));
    }

    #[test]
    fn a_failure_keeps_what_is_known_and_is_not_repeated_at_once() {
        let mut documents = learnt(r#"{"keys":[]}"#);
        documents.learn(URL, Document::Unavailable, 10);
        assert!(documents.keys(URL, 10, HOUR).is_some());
        let mut documents = Documents::default();
        documents.learn(URL, Document::Unavailable, 0);
        assert!(documents.keys(URL, 0, HOUR).is_none());
        assert!(!documents.wanted(URL, None, 10, HOUR));
        assert!(documents.wanted(URL, None, 11, HOUR));
    }

    #[test]
    fn a_pinned_document_stays_whatever_its_age_and_is_not_looked_for() {
        let mut documents = Documents::default();
        documents.pin(URL, br#"{"keys":[{"kid":"a"}]}"#, 0);
        assert!(documents.keys(URL, 2 * HOUR, 0).is_some());
        assert!(!documents.wanted(URL, Some("a"), 2 * HOUR, 0));
        assert!(!documents.wanted(URL, Some("b"), 2 * HOUR, 0));
        documents.pin(URL, b"no JWKS", 0);
        assert!(documents.keys(URL, 0, HOUR).is_none());
        assert!(!documents.wanted(URL, None, HOUR, HOUR));
    }

    #[test]
    fn without_a_cache_a_document_serves_the_request_that_asked_for_it() {
        let documents = learnt(r#"{"keys":[]}"#);
        assert!(documents.keys(URL, 0, 0).is_some());
        assert!(!documents.wanted(URL, None, 0, 0));
        assert!(documents.wanted(URL, None, 1, 0));
    }
}
