//! What of a request may be kept: parameters that anyone may read, JWTs without their signatures, and fingerprints.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ptr;

use http::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::shown::{Kept, Parameter, Shown};
use crate::facts::Facts;
use crate::request::Request;
use crate::secret::fingerprint;
use crate::tokens::jwt::{Duplicate, Jwt};

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

/// The most that an entry keeps of the parameters, in bytes of JSON. An honest request is far below it.
pub(crate) const MAX_REQUEST_BYTES: usize = 16 * 1024;

/// The parameters of a request as they may be kept.
#[derive(Debug)]
pub(crate) struct Redacted {
    /// A JSON object.
    pub(crate) parameters: Box<RawValue>,
    /// Parameters that are missing in it, or shown as a fingerprint only, for want of room.
    pub(crate) cut: usize,
}

/// Redacts the parameters of a request. JWTs that are among its facts are not read a second time.
pub(crate) fn redacted(request: &Request, facts: &Facts) -> Redacted {
    let pairs = request.query.iter().chain(request.form().iter());
    let mut kept: Vec<_> = pairs
        .map(|(name, value)| (shown_name(name), shown(request, facts, name, value)))
        .collect();
    if let Some((scheme, rest)) = request
        .header(AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
    {
        let scheme = if is_scheme(scheme) { scheme } else { "?" };
        kept.push((Cow::from("authorization"), Shown::Credentials(scheme, rest)));
    }
    let sent: usize = kept
        .iter()
        .map(|(name, shown)| name.len() + shown.len())
        .sum();
    // Of what is far too long it is not first written how long it is.
    let written = (sent <= 4 * MAX_REQUEST_BYTES).then(|| written_out(&kept));
    if let Some(parameters) = written.filter(|text| text.get().len() <= MAX_REQUEST_BYTES) {
        return Redacted { parameters, cut: 0 };
    }
    let (kept, cut) = shortened(kept);
    Redacted {
        parameters: written_out(&kept),
        cut,
    }
}

/// Whether this may be the name of an authentication scheme (RFC 9110 §11.1). A client that mixes a token into it must
/// not find it in the journal.
fn is_scheme(text: &str) -> bool {
    const LONGEST: usize = 16;
    text.len() <= LONGEST
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

/// Texts and JSON values always serialise.
fn written_out(kept: &[Parameter<'_>]) -> Box<RawValue> {
    to_raw_value(&Kept::of(kept)).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// As many parameters as there is room for, in order: whole, else as a fingerprint, else not at all.
fn shortened(all: Vec<Parameter<'_>>) -> (Vec<Parameter<'_>>, usize) {
    let mut left = MAX_REQUEST_BYTES;
    let mut cut = 0;
    let mut kept = Vec::with_capacity(all.len());
    for (name, shown) in all {
        // Quotes, a colon and a comma, and brackets where a name is repeated.
        let around = name.len() + 8;
        let bytes = around + json_bytes(&shown);
        if bytes <= left {
            left -= bytes;
            kept.push((name, shown));
            continue;
        }
        cut += 1;
        let shown = Shown::Secret(shown.text());
        let bytes = around + json_bytes(&shown);
        if bytes <= left {
            left -= bytes;
            kept.push((name, shown));
        }
    }
    (kept, cut)
}

/// How long a value is as JSON. It is written to nowhere, and no further than the most that is kept.
fn json_bytes(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            if self.0 > MAX_REQUEST_BYTES {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // It fails when there is too much, which the count says as well.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

/// A text that anyone may read: not too long, and without tokens, for a token in the wrong place is still a token.
pub(crate) fn readable(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 512;
    if text.len() <= LONGEST && !may_hold_jwt(text) {
        return Cow::Borrowed(text);
    }
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
    Cow::Owned(shown)
}

/// A header begins with `{"`, which is `eyJ` in base64url.
fn may_hold_jwt(text: &str) -> bool {
    const LEAST: usize = 21;
    // Most texts are short: a look at the length spares the search.
    text.len() >= LEAST
        && text
            .find("eyJ")
            .is_some_and(|at| text[at..].len() >= LEAST && text[at..].contains('.'))
}

/// What stands before `=` in a broken query may be half a secret.
fn shown_name(name: &str) -> Cow<'_, str> {
    let in_names = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:[]$".contains(&byte);
    if name.len() <= 64 && name.bytes().all(in_names) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(fingerprint(name))
    }
}

fn shown<'r>(request: &Request, facts: &'r Facts, name: &str, value: &'r str) -> Shown<'r> {
    if OPEN.contains(&name) {
        return Shown::Open(value);
    }
    // The facts are those of the value that counts: the form's first that is not empty.
    let counts = || {
        let counting = request.form().get(name);
        counting.is_some_and(|counting| ptr::eq(counting, value))
    };
    let jwt = match known(facts, name) {
        Some(jwt) if counts() => Some(Cow::Borrowed(jwt)),
        _ => Jwt::read(value, Duplicate::Last).map(Cow::Owned),
    };
    jwt.map_or(Shown::Secret(value), |jwt| Shown::Token(value, jwt))
}

fn known<'f>(facts: &'f Facts, name: &str) -> Option<&'f Jwt> {
    match name {
        "client_assertion" => facts.client_assertion.as_ref().map(|read| &read.jwt),
        "subject_token" => facts.subject_token.as_ref(),
        "assertion" => facts.assertion.as_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn kept(request: &http::Request<Vec<u8>>) -> Value {
        let kept = redacted(&Request::parse(request), &Facts::default());
        serde_json::from_str(kept.parameters.get()).expect("JSON")
    }

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
        let kept = kept(&request).to_string();
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
        let kept = kept(&request);
        let expected = serde_json::json!({"act": [{"sub": fingerprint(inner)}], "aud": "x"});
        assert_eq!(kept["assertion"]["claims"], expected);
        assert_eq!(kept["assertion"]["header"]["jku"], fingerprint(inner));
    }

    #[test]
    fn what_was_read_of_one_value_is_not_told_of_another() {
        let (first, second) = ("e30.eyJhIjoxfQ.", "e30.eyJhIjoyfQ.");
        let form = format!("assertion=&assertion={first}&assertion={second}");
        let request = http::Request::post(format!("/x?assertion={second}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into_bytes())
            .expect("a request");
        let facts = Facts {
            assertion: Jwt::read("e30.eyJhIjozfQ.", Duplicate::Last),
            ..Facts::default()
        };
        let kept = redacted(&Request::parse(&request), &facts);
        let kept: Value = serde_json::from_str(kept.parameters.get()).expect("JSON");
        let shown = kept["assertion"].as_array().expect("a list");
        let shown: Vec<_> = shown
            .iter()
            .map(|one| one["claims"]["a"].as_i64())
            .collect();
        assert_eq!(shown, [Some(2), None, Some(3), Some(2)]);
    }

    #[test]
    fn what_is_no_name_is_not_kept_as_one() {
        let request = http::Request::get("/x?password=ab&can%22ary-6%3E=1&=2")
            .body(Vec::new())
            .expect("a request");
        let kept = kept(&request).to_string();
        assert!(!kept.contains("ary-6"), "{kept}");
    }

    #[test]
    fn a_repeated_parameter_is_kept_with_all_its_values() {
        let request = http::Request::get("/x?scope=a&scope=b")
            .body(Vec::new())
            .expect("a request");
        let kept = kept(&request);
        assert_eq!(kept["scope"], serde_json::json!(["a", "b"]));
    }

    #[test]
    fn two_hundred_escaped_scopes_are_cut_and_the_entry_says_so() {
        let scope = format!("scope={}", "%01".repeat(512));
        let form = format!("grant_type=x&{}&client_id=c", vec![scope; 199].join("&"));
        let request = http::Request::post("/x")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into_bytes())
            .expect("a request");
        let redacted = redacted(&Request::parse(&request), &Facts::default());
        assert!(redacted.parameters.get().len() <= MAX_REQUEST_BYTES);
        assert!(redacted.cut > 150, "{}", redacted.cut);
        let kept: Value = serde_json::from_str(redacted.parameters.get()).expect("JSON");
        assert_eq!(kept["grant_type"], "x");
        assert_eq!(kept["scope"][0].as_str().map(str::len), Some(512));
    }
}
