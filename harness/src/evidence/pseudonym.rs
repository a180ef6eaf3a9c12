//! Pseudonyms: the second way to keep an exchange. Evidence shows a fingerprint where a secret stood; a recording is
//! judged again, so each secret becomes another text of the same length, equal secrets become equal texts, and a token
//! keeps its header and claims. A pseudonym is made with HMAC and a key that is used for one recording and never stored:
//! who knows a secret cannot find out whether it is in there.
//!
//! A JWT is kept once, in a table; `<jwt FINGERPRINT>` stands for it everywhere. `<basic NAME:PASSWORD>` stands for the base64
//! of a name and the pseudonym of a password.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_lc_rs::hmac;
use regex::Captures;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::limits::{self, LONGEST_BODY};
use super::redact::{BASIC, JWK_MEMBER, PAIR, PRIVATE_PEM, is_pair, json_within};
use super::{Redacted, RedactedJson, Redactor, page};
use crate::exchange::Response;
use crate::jwt::{self, Jwt, base64url};

/// How a pseudonym begins, where it is long enough to say so.
const MARK: &str = "redacted-";

/// The shortest pseudonym that begins with [`MARK`].
const LONG_ENOUGH: usize = 20;

/// The longest pseudonym, in characters.
const LONGEST: usize = 512;

/// Stands in texts of scenarios for what is secret there.
pub(crate) const HIDDEN: &str = "<hidden>";

/// So many letters and digits beside a known secret may be one themselves.
const MUCH: usize = 12;

/// Characters of a signature's pseudonym: those of base64url for whole bytes.
const SIGNATURE: usize = 32;

/// A JWT of a recording.
#[derive(Debug, Clone)]
pub struct KeptToken {
    /// Names it in the recording.
    pub fingerprint: String,
    /// Decoded header.
    pub header: RedactedJson<Map<String, Value>>,
    /// Decoded claims; a fitting `at_hash` is left out.
    pub claims: RedactedJson<Map<String, Value>>,
    /// What stands for the signature; empty where there is none.
    pub signature: Redacted,
    /// The access token whose half hash `at_hash` is, where it fits.
    pub at_hash_of: Option<Redacted>,
    /// The token itself, so that its signature can be judged. Never kept.
    pub live: Jwt,
}

/// Replaces the secrets of one recording.
pub struct Pseudonyms {
    redactor: Redactor,
    key: hmac::Key,
    made: HashSet<String>,
    /// Credentials of the target, as they are written.
    exact: BTreeSet<String>,
    tokens: BTreeMap<String, KeptToken>,
    /// The access token of the answer that is being read.
    beside: Option<String>,
}

impl Pseudonyms {
    /// With a key that nobody else has, and everything that is known to be secret.
    #[must_use]
    pub fn new(key: &[u8], redactor: Redactor) -> Self {
        Self {
            redactor,
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            made: HashSet::new(),
            exact: BTreeSet::new(),
            tokens: BTreeMap::new(),
            beside: None,
        }
    }

    /// From now on with what a case regards as secret too.
    pub fn turn_to(&mut self, redactor: Redactor) {
        self.redactor = redactor;
    }

    /// Every JWT so far.
    pub fn tokens(&self) -> impl Iterator<Item = &KeptToken> {
        self.tokens.values()
    }

    /// A credential of the target, or a token.
    pub fn credential(&mut self, value: &str) -> Redacted {
        if Jwt::decode(value).is_err() {
            self.exact.insert(value.to_owned());
        }
        let shown = match Jwt::decode(value) {
            Ok(jwt) => self.token(value, jwt),
            Err(_) => self.opaque(value),
        };
        Redacted::passed(shown)
    }

    /// Free text.
    pub fn text(&mut self, text: &str) -> Redacted {
        let shown = self.shown(text);
        Redacted::passed(shown)
    }

    /// As much of a page as a report shows, and whether that is less than the whole: its scripts hold sessions in ways that
    /// nobody can foresee.
    pub fn page(&mut self, response: &Response) -> (Redacted, bool) {
        let text = page::without_code(response);
        let shown = self.shown(&text);
        let kept = limits::cut(&shown, shown.len(), &shown, LONGEST_BODY);
        let is_cut = kept != shown || *text != *response.text;
        (Redacted::passed(kept), is_cut)
    }

    /// Text that stands in the scenarios, such as the id of a case. What is secret of it is hidden, and not replaced by
    /// something of its length: a scenario is known to everybody, so the rest of the text must match it.
    pub fn hidden(&mut self, text: &str) -> Redacted {
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for hit in self.redactor.hits(text) {
            shown.push_str(&text[at..hit.range.start]);
            shown.push_str(HIDDEN);
            at = hit.range.end;
        }
        shown.push_str(&text[at..]);
        Redacted::passed(shown)
    }

    /// Whether a text is a pseudonym that was made here.
    pub(super) fn is_made(&self, text: &str) -> bool {
        self.made.contains(text)
    }

    /// What is known to be secret at present.
    pub(super) const fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// An address.
    pub fn address(&mut self, address: &str) -> Redacted {
        let shown = self.place(address, false);
        Redacted::passed(shown)
    }

    /// A value that is secret by its name. What the harness made of a secret, and what scenarios write out, is left as it is.
    fn secret(&mut self, value: &str) -> String {
        if let Ok(jwt) = Jwt::decode(value) {
            return self.token(value, jwt);
        }
        if self.exact.contains(value) {
            return self.opaque(value);
        }
        if value.is_empty() || self.made.contains(value) || self.redactor.is_public(value) {
            return value.to_owned();
        }
        let hits = self.redactor.hits(value);
        let is_inside = |at: usize| hits.iter().any(|hit| hit.range.contains(&at));
        let beside = value
            .char_indices()
            .filter(|(at, letter)| letter.is_alphanumeric() && !is_inside(*at))
            .count();
        // A secret with something added, as a scenario writes it.
        if !hits.is_empty() && (1..MUCH).contains(&beside) && jwt::stretches(value).is_empty() {
            self.shown(value)
        } else {
            self.opaque(value)
        }
    }

    fn shown(&mut self, text: &str) -> String {
        if let Some(value) = json_within(text) {
            return self.within("", &value).to_string();
        }
        let text = BASIC.replace_all(text, |found: &Captures<'_>| {
            if is_pair(&found[2]) {
                format!("{}{}", &found[1], self.pair(&found[2]))
            } else {
                found[0].to_owned()
            }
        });
        let text = self.tokens_in(&text).unwrap_or_else(|| text.into_owned());
        let mut shown = self.known(&text);
        for pattern in [&PAIR, &JWK_MEMBER, &PRIVATE_PEM] {
            if pattern.is_match(&shown) {
                let replaced = pattern.replace_all(&shown, |pair: &Captures<'_>| {
                    format!("{}{}", &pair[1], self.secret(&pair[2]))
                });
                shown = replaced.into_owned();
            }
        }
        shown
    }

    /// A text in which every known secret has given way to its pseudonym.
    fn known(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        let exact = self.exact.iter().filter(|one| text.contains(one.as_str()));
        for credential in exact.cloned().collect::<Vec<_>>() {
            text = text.replace(&credential, &self.opaque(&credential));
        }
        let hits = self.redactor.hits(&text);
        if hits.is_empty() {
            return text;
        }
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for hit in hits {
            shown.push_str(&text[at..hit.range.start]);
            let secret = &text[hit.range.clone()];
            if self.made.contains(secret) {
                shown.push_str(secret);
            } else {
                shown.push_str(&self.opaque(secret));
            }
            at = hit.range.end;
        }
        shown.push_str(&text[at..]);
        shown
    }

    /// What stands for a secret.
    fn opaque(&mut self, value: &str) -> String {
        let length = value.chars().count().min(LONGEST);
        let lead = if length >= LONG_ENOUGH { MARK } else { "" };
        let mut made = lead.to_owned();
        let mut round = 0;
        while made.len() < length {
            made.push_str(&self.digits(&format!("{round}:{value}")));
            round += 1;
        }
        made.truncate(length);
        self.made.insert(made.clone());
        made
    }

    fn digits(&self, value: &str) -> String {
        base16ct::lower::encode_string(hmac::sign(&self.key, value.as_bytes()).as_ref())
    }
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms([secret])")
    }
}

/// The left half of a hash by the algorithm of the ID token (OIDC Core §3.1.3.6); `None` where it names none.
pub(crate) fn half_hash(algorithm: &str, token: &str) -> Option<String> {
    let hash = match algorithm.get(2..)? {
        "256" => Sha256::digest(token).to_vec(),
        "384" => Sha384::digest(token).to_vec(),
        "512" => Sha512::digest(token).to_vec(),
        _ => return None,
    };
    Some(base64url(&hash[..hash.len() / 2]))
}

mod fields;
mod json;
mod token;

#[cfg(test)]
mod tests;
