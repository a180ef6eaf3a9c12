//! The journal: what was asked, which rules were asked in turn, what was answered. Bounded, and without secrets.

mod redaction;
mod shown;

pub(crate) use redaction::{readable, redacted};

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::defect::Sites;
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
    /// The client, once it is known who claims to ask.
    pub client_id: Option<String>,
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
}

/// The last entries.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    capacity: usize,
    next: u64,
    dropped: u64,
}

impl Journal {
    /// An empty journal for so many entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity,
            next: 1,
            dropped: 0,
        }
    }

    /// How many entries it keeps.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Adds an entry and numbers it.
    pub fn add(&mut self, mut entry: JournalEntry) {
        entry.n = self.next;
        self.next += 1;
        self.entries.push_back(entry);
        while self.entries.len() > self.capacity {
            self.entries.pop_front();
            self.dropped += 1;
        }
    }

    /// Entries in order.
    pub fn entries(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter()
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
