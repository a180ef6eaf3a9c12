//! The journal: what was asked, which rules were asked in turn, what was answered. Bounded, and without secrets.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::request::{Params, Request};
use crate::secret::fingerprint;
use crate::tokens::jwt::Jwt;

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
    /// Parameters, secrets replaced.
    pub request: Map<String, Value>,
    /// Names of the members of a JSON answer.
    pub response: Vec<String>,
    /// `X-Okta-Request-Id` of the answer.
    pub request_id: String,
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

/// Parameters whose values anyone may read. Every other value is replaced by a fingerprint.
const OPEN: [&str; 25] = [
    "grant_type",
    "client_id",
    "scope",
    "audience",
    "resource",
    "requested_token_type",
    "subject_token_type",
    "actor_token_type",
    "client_assertion_type",
    "token_type_hint",
    "redirect_uri",
    "response_type",
    "response_mode",
    "nonce",
    "prompt",
    "max_age",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "username",
    "decision",
    "display",
    "acr_values",
    "post_logout_redirect_uri",
    "state",
];

/// The parameters of a request as they may be kept.
pub(crate) fn redacted(request: &Request) -> Map<String, Value> {
    let mut kept = Map::new();
    keep(&mut kept, &request.query);
    keep(&mut kept, request.form());
    if let Some((scheme, rest)) = request
        .header(http::header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
    {
        kept.insert(
            "authorization".to_owned(),
            Value::String(format!("{scheme} {}", fingerprint(rest))),
        );
    }
    kept
}

fn keep(kept: &mut Map<String, Value>, params: &Params) {
    for (name, value) in params.iter() {
        let shown = if OPEN.contains(&name) {
            // A token in the wrong place is still a token.
            if Jwt::read(value).is_some() {
                Value::String(fingerprint(value))
            } else {
                Value::String(cut(value))
            }
        } else {
            match Jwt::read(value) {
                Some(jwt) => serde_json::json!({
                    "fingerprint": fingerprint(value), "header": jwt.header, "claims": jwt.claims,
                }),
                None => Value::String(fingerprint(value)),
            }
        };
        match kept.get_mut(name) {
            None => drop(kept.insert(cut(name), shown)),
            Some(Value::Array(several)) => several.push(shown),
            Some(one) => *one = Value::Array(vec![one.take(), shown]),
        }
    }
}

/// Long texts are cut: the journal stays small whatever is sent.
fn cut(text: &str) -> String {
    const LONGEST: usize = 512;
    if text.len() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain("…".chars()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_journal() {
        let request = http::Request::post("/oauth2/v1/token?code=canary-1")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", "Basic canary-2")
            .body(
                b"client_secret=canary-3&password=canary-4&unknown=canary-5&scope=chat.read"
                    .to_vec(),
            )
            .expect("a request");
        let kept = Value::Object(redacted(&Request::parse(&request))).to_string();
        assert!(!kept.contains("canary"), "{kept}");
        assert!(kept.contains("chat.read"), "{kept}");
    }

    #[test]
    fn a_repeated_parameter_is_kept_with_all_its_values() {
        let request = http::Request::get("/x?scope=a&scope=b")
            .body(Vec::new())
            .expect("a request");
        let kept = redacted(&Request::parse(&request));
        assert_eq!(kept["scope"], serde_json::json!(["a", "b"]));
    }
}
