//! The journal: what was asked, which rules were asked in turn, what was answered. Bounded, and without secrets.

mod raw;
mod redaction;
mod shown;

pub use raw::{RawAnswer, RawExchange};
pub(crate) use redaction::{Redacted, readable, redacted};

use std::collections::VecDeque;
use std::sync::Arc;

use http::Response;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::defect::Sites;
use crate::state::{Bounded, HeapSize as _, allocation, with_holes};
use crate::variation::Places;

/// One request and its answer.
#[derive(Debug, Clone, Serialize)]
pub struct JournalEntry {
    /// Counts from 1 over the life of the org.
    pub n: u64,
    /// Instant of the org's clock, RFC 3339.
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Which endpoint was asked: `token`, `authorize`, `keys` and so on.
    pub endpoint: &'static str,
    /// Version of HTTP.
    pub http_version: &'static str,
    /// Version of TLS; `None` over a plain connection.
    pub tls_version: Option<&'static str>,
    /// The client, once it is known who claims to ask.
    pub client_id: Option<String>,
    /// Id of the user whom the request is about, once it is known.
    pub user: Option<String>,
    /// HTTP status of the answer.
    pub status: u16,
    /// `error` of the answer.
    pub error: Option<String>,
    /// Internal code of the refusal.
    pub refusal: Option<&'static str>,
    /// Internal codes of the rules asked, in order; the last one refused, when there is a refusal.
    pub rules: Vec<&'static str>,
    /// Parameters, secrets replaced: a JSON object as text, which takes far less room than its values.
    pub request: Box<RawValue>,
    /// How many parameters are missing in `request`, or shown as a fingerprint only, because they were too long together.
    #[serde(skip_serializing_if = "is_zero")]
    pub cut: usize,
    /// Names of the members of a JSON answer.
    pub response: Vec<String>,
    /// `X-Okta-Request-Id` of the answer.
    pub request_id: String,
    /// Ids of the bends that would have changed the answer: see [`Bend`](crate::Bend).
    #[serde(rename = "bends")]
    pub(crate) sites: Sites,
    /// Ids of the variations that would have changed the answer: see [`Variation`](crate::Variation).
    #[serde(rename = "variations")]
    pub(crate) places: Places,
    /// Id of the fault that happened to the answer on its way. `status` is what the fault answered where it answered something
    /// else, and 0 where the request did not reach the org; `error` and the rules are what the org decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// How a sign-in ended, where the request was one. For the System Log only.
    #[serde(skip)]
    pub(crate) sign_in: Option<SignInResult>,
    /// The scopes of the token that was issued. For the System Log only.
    #[serde(skip)]
    pub(crate) granted_scopes: Option<String>,
    /// The request and its answer as they were sent, secrets included; only where that was asked for. A report or log has no
    /// business with it, so it is not serialised.
    #[serde(skip)]
    pub raw: Option<Box<RawExchange>>,
}

/// An entry about nothing, to be filled.
impl Default for JournalEntry {
    fn default() -> Self {
        Self {
            n: 0,
            at: String::new(),
            method: String::new(),
            path: String::new(),
            endpoint: "any",
            http_version: "1.1",
            tls_version: None,
            client_id: None,
            user: None,
            status: 0,
            error: None,
            refusal: None,
            rules: Vec::new(),
            request: RawValue::NULL.to_owned(),
            cut: 0,
            response: Vec::new(),
            request_id: String::new(),
            sites: Sites::default(),
            places: Places::default(),
            fault: None,
            sign_in: None,
            granted_scopes: None,
            raw: None,
        }
    }
}

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInResult {
    /// The user is signed in.
    Success,
    /// The user is not, for this reason.
    Failure(&'static str),
}

impl SignInResult {
    /// There is no user with this login and password.
    pub(crate) const WRONG_CREDENTIALS: Self = Self::Failure("INVALID_CREDENTIALS");
}

/// Nothing was cut: so it is with nearly every entry, and then it is not said.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
fn is_zero(cut: &usize) -> bool {
    *cut == 0
}

/// The number of the journal entry about a request, as an extension of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryNumber(pub u64);

/// The last entries.
#[derive(Debug)]
pub struct Journal {
    /// Each with the bytes that it takes.
    entries: VecDeque<(usize, Arc<JournalEntry>)>,
    capacity: usize,
    next: u64,
    dropped: u64,
    bytes: usize,
}

impl Journal {
    /// An empty journal for so many entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity,
            next: 1,
            dropped: 0,
            bytes: 0,
        }
    }

    /// Adds an entry; its number comes back.
    pub fn add(&mut self, mut entry: JournalEntry) -> u64 {
        let number = self.next;
        entry.n = number;
        self.next += 1;
        let bytes = cost(&entry);
        self.bytes += bytes;
        self.entries.push_back((bytes, Arc::new(entry)));
        while self.entries.len() > self.capacity && self.drop_oldest() {}
        number
    }

    /// Takes in the answer to the request of an entry that keeps what was sent, unless it is gone.
    pub fn answered(&mut self, number: u64, response: &Response<Vec<u8>>) {
        let first = self.entries.front().map_or(self.next, |(_, entry)| entry.n);
        let index = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        if let Some((bytes, entry)) = self.entries.get_mut(index)
            && entry.n == number
            && let Some(raw) = &entry.raw
        {
            let more = raw.answered(response);
            *bytes += more;
            self.bytes += more;
        }
    }

    /// Entries in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        self.entries.iter().map(|(_, entry)| &**entry)
    }

    /// Entries with a greater number than `after`, in order. Those before it are not looked at.
    pub fn entries_after(&self, after: u64) -> impl Iterator<Item = &Arc<JournalEntry>> {
        let first = self.entries.front().map_or(self.next, |(_, entry)| entry.n);
        let skipped = after.saturating_add(1).saturating_sub(first);
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        let range = self.entries.range(skipped.min(self.entries.len())..);
        range.map(|(_, entry)| entry)
    }

    fn drop_oldest(&mut self) -> bool {
        let Some((bytes, _)) = self.entries.pop_front() else {
            return false;
        };
        self.bytes -= bytes;
        self.dropped += 1;
        true
    }

    /// Number of the next entry.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// How many entries were dropped to stay within the bound.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

/// Entries do not expire; the oldest goes when there is no room.
impl Bounded for Journal {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn entries(&self) -> usize {
        self.entries.len()
    }

    fn evicted(&self) -> u64 {
        self.dropped
    }

    fn make_room(&mut self, _: i64) -> bool {
        self.drop_oldest()
    }

    fn sweep(&mut self, _: i64, _: usize) -> usize {
        0
    }
}

/// Bytes that an entry takes: itself, its place, and what it holds.
fn cost(entry: &JournalEntry) -> usize {
    // A ring that grew has room for twice as many.
    let place = 2 * size_of::<(usize, Arc<JournalEntry>)>();
    let held = allocation(size_of::<JournalEntry>() + 16)
        + entry.at.heap_bytes()
        + entry.method.heap_bytes()
        + entry.path.heap_bytes()
        + entry.client_id.heap_bytes()
        + entry.user.heap_bytes()
        + entry.granted_scopes.heap_bytes()
        + entry.raw.as_ref().map_or(0, |raw| raw.heap_bytes())
        + entry.error.heap_bytes()
        + allocation(entry.rules.capacity() * size_of::<&str>())
        + allocation(entry.request.get().len())
        + entry.response.heap_bytes()
        + entry.request_id.heap_bytes();
    with_holes(place + held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> JournalEntry {
        JournalEntry {
            method: "GET".to_owned(),
            path: "/".to_owned(),
            status: 200,
            ..JournalEntry::default()
        }
    }

    #[test]
    fn entries_are_found_by_number_also_when_the_first_are_gone() {
        let mut journal = Journal::new(3);
        let after = |journal: &Journal, after| -> Vec<u64> {
            journal.entries_after(after).map(|entry| entry.n).collect()
        };
        assert!(after(&journal, 0).is_empty());
        for _ in 0..5 {
            journal.add(entry());
        }
        assert_eq!(after(&journal, 0), [3, 4, 5]);
        assert_eq!(after(&journal, 3), [4, 5]);
        assert!(after(&journal, 5).is_empty());
        assert!(after(&journal, u64::MAX).is_empty());
        assert_eq!(journal.dropped(), 2);
    }

    #[test]
    fn bytes_follow_the_entries() {
        let mut journal = Journal::new(2);
        for _ in 0..4 {
            journal.add(entry());
        }
        let two = journal.bytes();
        assert!(journal.drop_oldest() && two == 2 * journal.bytes());
        assert!(journal.drop_oldest() && !journal.drop_oldest());
        assert_eq!(journal.bytes(), 0);
    }
}
