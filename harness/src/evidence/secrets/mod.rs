//! Every secret of a run, found wherever it turns up and however it is written.
//!
//! One set for all cases: what a target hands out in one case it may show in another. A text is compared in canonical form
//! ([`canonical`]), as it is and decoded step by step ([`decode`]), so that no encoding has to be foreseen for a secret.

mod canonical;
mod clean;
mod decode;
mod index;
mod layer;
mod public;
mod sieve;

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use public::Public;

use self::clean::Clean;
use self::index::{Found, Index};
use self::layer::Layer;
use self::sieve::Suspicion;
use crate::jwt;
use crate::secret::Salt;

/// Characters of the shortest value that is looked for inside other text: a shorter one would be found where it is not.
pub const SHORTEST_SECRET: usize = 5;

/// How often the decoded is decoded again.
const MOST_STEPS: usize = 4;

/// The most that one text may decode to, in bytes for each of its own.
const MOST_DECODED: usize = 64;

/// What stands in a text and must not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// Where.
    pub(super) range: Range<usize>,
    /// `secret` or `jwt`.
    pub(super) kind: &'static str,
    /// Its fingerprint.
    pub(super) fingerprint: String,
}

/// The secrets of a run.
pub(super) struct RunSecrets {
    salt: Salt,
    public: Public,
    index: RwLock<Index>,
    /// Locked after `index`, never before it.
    clean: Mutex<Clean>,
}

/// A secret too short for the index, or one that only a case regards as secret: found as it is, in every layer.
pub(super) type Exact = (Arc<str>, String);

impl RunSecrets {
    /// No secrets yet. What is `public` never becomes one.
    pub(super) fn new(salt: Salt, public: Public) -> Self {
        Self {
            salt,
            public,
            index: RwLock::default(),
            clean: Mutex::default(),
        }
    }

    /// See [`Salt::fingerprint`].
    pub(super) fn fingerprint(&self, value: &str) -> String {
        self.salt.fingerprint(value)
    }

    /// From now on this value is looked for. Whether it can be: not if it is too short for the index.
    pub(super) fn add(&self, secret: &str) -> bool {
        self.add_bytes(secret.as_bytes(), || self.fingerprint(secret))
    }

    /// The same for a value that somebody sent, unless everybody may read it or it has fewer than `least` letters and
    /// digits.
    pub(super) fn learn(&self, value: &str, least: usize) {
        let letters = value.bytes().filter(u8::is_ascii_alphanumeric).count();
        if letters >= least && self.known(value.as_bytes()).is_none() && !self.is_public(value) {
            self.add(value);
        }
    }

    /// Whether everybody may read this value.
    pub(super) fn is_public(&self, value: &str) -> bool {
        self.public.contains(value)
    }

    /// Bytes that are secret in whatever text they are encoded, such as a number of a private key.
    pub(super) fn add_secret_bytes(&self, bytes: &[u8]) {
        self.add_bytes(bytes, || self.fingerprint(&jwt::base64url(bytes)));
    }

    /// Whether a value was added before, and then whether it can be looked for.
    fn known(&self, bytes: &[u8]) -> Option<bool> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.knows(bytes)
    }

    fn add_bytes(&self, bytes: &[u8], fingerprint: impl FnOnce() -> String) -> bool {
        if let Some(indexed) = self.known(bytes) {
            return indexed;
        }
        let fingerprint = fingerprint();
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let mut clean = self.clean();
        index.add(bytes, fingerprint, |window| clean.know(window))
    }

    /// Whether more secrets came up than can be remembered. Then no text can be said to be free of them.
    pub(super) fn is_full(&self) -> bool {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.is_full()
    }

    /// Every secret in a text, in order and apart from each other.
    pub(super) fn find(&self, text: &str, exact: &[Exact]) -> Vec<Hit> {
        if text.len() < SHORTEST_SECRET {
            return Vec::new();
        }
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        // Most texts hold nothing, and need not even be copied.
        let suspicion = self.suspicion(text, &index);
        let has_escapes = decode::has_escapes(text.as_bytes());
        if suspicion.is_none() && !has_escapes && exact.is_empty() {
            return Vec::new();
        }
        let mut of_text = Some(suspicion);
        let mut hits = Vec::new();
        let mut layers = vec![Layer::of(text)];
        let mut budget = MOST_DECODED * text.len();
        for step in 0..=MOST_STEPS {
            let mut decoded = Vec::new();
            for layer in &layers {
                let of_layer = || sieve::suspicion(&layer.bytes, |key| index.wants(key));
                let suspicion = of_text.take().unwrap_or_else(of_layer);
                if suspicion.plain {
                    search(layer, &index, &mut hits);
                }
                search_exact(layer, exact, &mut hits);
                if step > 0 {
                    self.search_tokens(layer, &mut hits);
                }
                if step < MOST_STEPS {
                    decoded.extend(decode::characters(layer));
                }
                if step < MOST_STEPS && suspicion.coded {
                    decoded.extend(decode::stretches(layer, |bytes| index.may_hold(bytes)));
                }
            }
            decoded.retain(|layer| {
                budget = budget.saturating_sub(layer.bytes.len());
                budget > 0
            });
            if decoded.is_empty() {
                break;
            }
            layers = decoded;
        }
        apart(text, hits)
    }

    /// Where a text, as it is, may hold a secret of the index.
    fn suspicion(&self, text: &str, index: &Index) -> Suspicion {
        if self.clean().contains(text) {
            return Suspicion::NONE;
        }
        let bytes = text.as_bytes();
        let suspicion = sieve::suspicion(bytes, |key| index.wants(key));
        let is_clean = suspicion.is_none() && !decode::has_escapes(bytes);
        if is_clean && self.clean().is_worth_it(text) {
            let mut windows = Vec::new();
            sieve::suspicion(bytes, |key| {
                windows.push(key);
                false
            });
            self.clean().add(text, &windows);
        }
        suspicion
    }

    fn clean(&self) -> MutexGuard<'_, Clean> {
        self.clean.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tokens of a decoded layer. In the text itself the redactor finds them, before it looks for secrets.
    fn search_tokens(&self, layer: &Layer, hits: &mut Vec<Hit>) {
        if !layer.bytes.contains(&b'.') {
            return;
        }
        let Ok(text) = std::str::from_utf8(&layer.bytes) else {
            return;
        };
        hits.extend(jwt::stretches(text).into_iter().map(|range| Hit {
            fingerprint: self.fingerprint(&text[range.clone()]),
            range: layer.origin(range),
            kind: "jwt",
        }));
    }
}

fn search(layer: &Layer, index: &Index, hits: &mut Vec<Hit>) {
    let found = index.find(&layer.bytes).into_iter();
    hits.extend(found.map(|Found { range, fingerprint }| Hit {
        range: layer.origin(range),
        kind: "secret",
        fingerprint: fingerprint.to_owned(),
    }));
}

fn search_exact(layer: &Layer, exact: &[Exact], hits: &mut Vec<Hit>) {
    for (value, fingerprint) in exact {
        let places = places(&layer.bytes, value.as_bytes()).into_iter();
        hits.extend(places.map(|range| Hit {
            range: layer.origin(range),
            kind: "secret",
            fingerprint: fingerprint.clone(),
        }));
    }
}

/// Where a value stands, without regard to case.
fn places(bytes: &[u8], value: &[u8]) -> Vec<Range<usize>> {
    if value.is_empty() {
        return Vec::new();
    }
    let starts = bytes.windows(value.len()).enumerate();
    starts
        .filter(|(_, window)| window.eq_ignore_ascii_case(value))
        .map(|(at, _)| at..at + value.len())
        .collect()
}

/// Hits in order; of those that overlap, one that covers them. Their ends are those of characters.
fn apart(text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
    let mut apart: Vec<Hit> = Vec::new();
    for mut hit in hits {
        while !text.is_char_boundary(hit.range.start) {
            hit.range.start -= 1;
        }
        while !text.is_char_boundary(hit.range.end) {
            hit.range.end += 1;
        }
        match apart.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                last.range.end = last.range.end.max(hit.range.end);
            }
            _ => apart.push(hit),
        }
    }
    apart
}

#[cfg(test)]
mod tests;
