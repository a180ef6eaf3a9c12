//! The journal: what was asked, which rules were asked in turn, what was answered. Bounded, and without secrets.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::defect::Sites;
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
    /// Ids of the bends that would have changed the answer: see [`Bend`](crate::Bend).
    #[serde(rename = "bends")]
    pub(crate) sites: Sites,
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
            Value::String(readable(value))
        } else {
            match Jwt::read(value) {
                Some(jwt) => serde_json::json!({
                    "fingerprint": fingerprint(value),
                    "header": readable_members(jwt.header),
                    "claims": readable_members(jwt.claims),
                }),
                None => Value::String(fingerprint(value)),
            }
        };
        let name = if is_name(name) {
            name
        } else {
            &fingerprint(name)
        };
        match kept.get_mut(name) {
            None => drop(kept.insert(name.to_owned(), shown)),
            Some(Value::Array(several)) => several.push(shown),
            Some(one) => *one = Value::Array(vec![one.take(), shown]),
        }
    }
}

/// Whether a parameter's name is one. What stands before `=` in a broken query may be half a secret.
fn is_name(name: &str) -> bool {
    let in_names = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:[]$".contains(&byte);
    name.len() <= 64 && name.bytes().all(in_names)
}

/// A text that anyone may read: not too long, and without tokens, for a token in the wrong place is still a token.
pub(crate) fn readable(text: &str) -> String {
    const LONGEST: usize = 512;
    let in_jwts = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(in_jwts) {
        let (before, word) = rest.split_at(start);
        let (word, behind) = word.split_at(word.find(|c| !in_jwts(c)).unwrap_or(word.len()));
        shown.push_str(before);
        if may_hold_jwt(word) {
            shown.push_str(&fingerprint(word));
        } else {
            shown.push_str(word);
        }
        rest = behind;
    }
    shown.push_str(rest);
    // The journal stays small whatever is sent.
    if shown.len() > LONGEST {
        shown = shown.chars().take(LONGEST).chain("…".chars()).collect();
    }
    shown
}

/// The same for all that a header or claims hold: a token may be inside another.
fn readable_members(mut members: Map<String, Value>) -> Map<String, Value> {
    members.values_mut().for_each(make_readable);
    members
}

fn make_readable(value: &mut Value) {
    match value {
        Value::String(text) => *text = readable(text),
        Value::Array(items) => items.iter_mut().for_each(make_readable),
        Value::Object(members) => members.values_mut().for_each(make_readable),
        _ => {}
    }
}

/// A header begins with `{"`, which is `eyJ` in base64url.
fn may_hold_jwt(word: &str) -> bool {
    word.find("eyJ")
        .is_some_and(|at| word[at..].len() > 20 && word[at..].contains('.'))
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
    fn a_token_in_the_wrong_place_is_still_a_token() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln";
        for (text, shown) in [
            (format!("/x/{jwt}/y"), format!("/x/{}/y", fingerprint(jwt))),
            (format!("a {jwt}"), format!("a {}", fingerprint(jwt))),
            (format!("x{jwt}"), fingerprint(&format!("x{jwt}"))),
            (
                "chat.read https://chat.example.com/eyJ.x".to_owned(),
                "chat.read https://chat.example.com/eyJ.x".to_owned(),
            ),
            ("é".repeat(600), format!("{}…", "é".repeat(512))),
        ] {
            assert_eq!(readable(&text), shown);
        }
    }

    #[test]
    fn a_token_inside_a_token_is_not_kept() {
        let part = |value: Value| {
            use base64::Engine as _;
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        let inner = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln";
        let claims = serde_json::json!({"act": [{"sub": inner}], "aud": "x"});
        let outer = format!(
            "{}.{}.",
            part(serde_json::json!({"jku": inner})),
            part(claims)
        );
        let request = http::Request::get(format!("/x?assertion={outer}"))
            .body(Vec::new())
            .expect("a request");
        let kept = redacted(&Request::parse(&request));
        let expected = serde_json::json!({"act": [{"sub": fingerprint(inner)}], "aud": "x"});
        assert_eq!(kept["assertion"]["claims"], expected);
        assert_eq!(kept["assertion"]["header"]["jku"], fingerprint(inner));
    }

    #[test]
    fn what_is_no_name_is_not_kept_as_one() {
        let request = http::Request::get("/x?password=ab&can%22ary-6%3E=1&=2")
            .body(Vec::new())
            .expect("a request");
        let kept = Value::Object(redacted(&Request::parse(&request))).to_string();
        assert!(!kept.contains("ary-6"), "{kept}");
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
