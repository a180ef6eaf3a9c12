//! Takes secrets out of everything that is kept: by the name of the field, by the shape of the value, and by value.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde_json::Value;

use super::limits::{self, LONGEST_SENT};
use super::secrets::{Exact, Hit, Public, RunSecrets, SHORTEST_SECRET};
use super::{RecordedField, RecordedValue, Redacted, names, split};
use crate::exchange::{RequestSpec, Response};
use crate::jwt::{self, Jwt};
use crate::secret::{Salt, Secret};

/// Knows the secrets of a run, and those that only a case regards as such. Cheap to clone, one a case.
#[derive(Clone)]
pub struct Redactor {
    of_run: Arc<RunSecrets>,
    /// What is too short, or too ordinary, to be looked for in other cases.
    of_case: Vec<Exact>,
    org_issuer: Arc<str>,
}

impl Redactor {
    /// A redactor for a run. Nothing that is `public` becomes a secret because somebody sends it. `org_issuer` is what
    /// texts that must be the same in every run leave out.
    pub fn new(salt: Salt, public: Public, org_issuer: &str) -> Self {
        Self {
            of_run: Arc::new(RunSecrets::new(salt, public)),
            of_case: Vec::new(),
            org_issuer: org_issuer.into(),
        }
    }

    /// The same for another org of the run.
    #[must_use]
    pub fn at(&self, org_issuer: &str) -> Self {
        Self {
            org_issuer: org_issuer.into(),
            ..self.clone()
        }
    }

    /// From now on these are secrets too.
    pub fn know_all(&mut self, secrets: impl IntoIterator<Item = Secret>) {
        for secret in secrets {
            if !self.of_run.add(secret.expose()) {
                self.know_in_case(secret.expose());
            }
        }
    }

    /// From now on this value is a secret too.
    pub fn know(&mut self, secret: &str) {
        if self.of_run.is_public(secret) || !self.of_run.add(secret) {
            self.know_in_case(secret);
        }
    }

    fn know_in_case(&mut self, secret: &str) {
        let is_known = self.of_case.iter().any(|(known, _)| **known == *secret);
        if !is_known && secret.chars().count() >= SHORTEST_SECRET {
            let fingerprint = self.fingerprint(secret);
            self.of_case.push((secret.into(), fingerprint));
        }
    }

    /// Whether a value that it knows stands in a text, however it is written.
    pub fn finds(&self, text: &str) -> bool {
        !self.of_run.find(text, &self.of_case).is_empty()
    }

    /// From now on these bytes are a secret, however they are encoded: a number of a private key.
    pub fn know_bytes(&self, bytes: &[u8]) {
        self.of_run.add_secret_bytes(bytes);
    }

    /// From now on the credentials of an answer are secrets, in every case of the run.
    pub fn learn_response(&self, response: &Response) {
        self.of_run.learn_response(response);
    }

    /// The same for a request.
    pub fn learn_request(&self, request: &RequestSpec) {
        self.of_run.learn_request(request);
    }

    /// Whether more credentials came up than can be looked for. From then on no text of others is kept.
    pub fn is_full(&self) -> bool {
        self.of_run.is_full()
    }

    /// See [`Salt::fingerprint`].
    pub fn fingerprint(&self, value: &str) -> String {
        self.of_run.fingerprint(value)
    }

    /// A named value as it may be kept.
    pub fn field(&self, name: &str, value: &str) -> RecordedField {
        self.field_up_to(name, value, LONGEST_SENT)
    }

    /// The same, with at most so many characters of what is not a credential.
    pub(super) fn field_up_to(&self, name: &str, value: &str, most: usize) -> RecordedField {
        let recorded = if names::is_secret(name) {
            self.credential(value)
        } else if let Ok(jwt) = Jwt::decode(value) {
            self.jwt(value, jwt)
        } else if names::is_secret_address(name) {
            RecordedValue::Plain {
                text: Redacted::passed(self.address(value, true)),
            }
        } else {
            RecordedValue::Plain {
                text: Redacted::passed(self.clipped(value, most)),
            }
        };
        RecordedField {
            name: Redacted::passed(self.clipped(name, limits::LONGEST_NAME)),
            value: recorded,
        }
    }

    /// Free text of at most so many characters.
    pub(super) fn clipped(&self, text: &str, most: usize) -> String {
        if let Some(value) = json_within(text) {
            let shown = self.json("", &value, &mut Vec::new()).to_string();
            return limits::cut(&shown, text.len(), text, most);
        }
        let searched = limits::searched_up_to(text, most);
        let shown = self.by_shape(searched, |text| self.known(text));
        limits::cut(&shown, searched.len(), text, most)
    }

    /// Free text: JWTs, known secrets and `name=value` of secret names are replaced. Text that is JSON is redacted
    /// member by member, as a body would be.
    pub fn text(&self, text: &str) -> String {
        if let Some(value) = json_within(text) {
            return self.json("", &value, &mut Vec::new()).to_string();
        }
        self.by_shape(limits::searched(text), |text| self.known(text))
    }

    /// Replaces what looks like a credential, and in between what `known` finds.
    fn by_shape(&self, text: &str, known: impl Fn(&str) -> String) -> String {
        if self.of_run.is_full() {
            return NOT_SEARCHED.to_owned();
        }
        // First, for a known secret inside a pair would leave the rest of the pair readable.
        let text = &BASIC.replace_all(text, |found: &regex::Captures<'_>| {
            if is_pair(&found[2]) {
                format!("{}{}", &found[1], self.marked("secret", &found[2]))
            } else {
                found[0].to_owned()
            }
        });
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for stretch in jwt::stretches(text) {
            shown.push_str(&text[at..stretch.start]);
            shown.push_str(&self.marked("jwt", &text[stretch.clone()]));
            at = stretch.end;
        }
        shown.push_str(&text[at..]);
        let mut shown = known(&shown);
        // Looking for a character takes less time than looking for a pattern.
        for (pattern, characters) in [
            (&PAIR, ['=', '"', '%'].as_slice()),
            (&JWK_MEMBER, &['"']),
            (&PRIVATE_PEM, &['-']),
        ] {
            if shown.contains(characters) && pattern.is_match(&shown) {
                let replaced = pattern.replace_all(&shown, |pair: &regex::Captures<'_>| {
                    format!("{}{}", &pair[1], self.marked("secret", &pair[2]))
                });
                shown = replaced.into_owned();
            }
        }
        shown
    }

    /// A text in which every value that is known to be secret is replaced, however it is written.
    pub(super) fn known(&self, text: &str) -> String {
        self.known_in(text).unwrap_or_else(|| text.to_owned())
    }

    /// The same for a text that holds such a value, and `None` for any other.
    pub(super) fn known_in(&self, text: &str) -> Option<String> {
        let hits = self.of_run.find(text, &self.of_case);
        if hits.is_empty() {
            return None;
        }
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for hit in hits {
            shown.push_str(&text[at..hit.range.start]);
            for part in ["<", hit.kind, " ", &hit.fingerprint, ">"] {
                shown.push_str(part);
            }
            at = hit.range.end;
        }
        shown.push_str(&text[at..]);
        Some(shown)
    }

    /// Where values that it knows stand in a text.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        self.of_run.find(text, &self.of_case)
    }

    /// Whether everybody may read this value.
    pub(super) fn is_public(&self, value: &str) -> bool {
        self.of_run.is_public(value)
    }

    /// Text that must be the same in every run: as [`Redactor::text`], and the org's issuer gives way to its name.
    pub fn stable_text(&self, text: &str) -> String {
        let shown = self.text(text);
        if self.org_issuer.is_empty() {
            return shown;
        }
        shown.replace(&*self.org_issuer, "${org.issuer}")
    }

    /// An address: parameters of secret names are replaced; all of them when the query as a whole is a secret.
    pub fn address(&self, address: &str, all: bool) -> String {
        // A secret that holds `&` or `#` must be out before the address is taken apart there. Its parts need not be
        // searched again.
        let address = self.known(limits::searched(address));
        let (place, lists) = split::address(&address);
        let mut shown = self.searched(place);
        for (lead, pairs) in lists {
            let pairs: Vec<_> = pairs
                .split('&')
                .map(|pair| self.parameter(pair, all))
                .collect();
            shown.push(lead);
            shown.push_str(&pairs.join("&"));
        }
        shown
    }

    /// The value of a secret field: a JWT keeps its claims readable, an `Authorization` its scheme out of the way.
    fn credential(&self, value: &str) -> RecordedValue {
        let token = value.strip_prefix("Bearer ").unwrap_or(value);
        match Jwt::decode(token) {
            Ok(jwt) => self.jwt(token, jwt),
            Err(_) => RecordedValue::Secret {
                fingerprint: self.fingerprint(token),
            },
        }
    }

    fn parameter(&self, pair: &str, all: bool) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return self.searched(pair);
        };
        if !all && !names::is_secret(name) {
            let value = limits::cut(&self.searched(value), value.len(), value, LONGEST_SENT);
            return format!("{}={value}", self.searched(name));
        }
        if is_mark(value) {
            return pair.to_owned();
        }
        // The fingerprint is that of the value itself, so that it can be found elsewhere.
        let decoded = form_urlencoded::parse(pair.as_bytes()).next();
        let value = decoded.map_or_else(|| value.to_owned(), |(_, value)| value.into_owned());
        let kind = if Jwt::decode(&value).is_ok() {
            "jwt"
        } else {
            "secret"
        };
        format!("{}={}", self.searched(name), self.marked(kind, &value))
    }

    /// A text in which no known secret is left.
    fn searched(&self, text: &str) -> String {
        self.by_shape(text, str::to_owned)
    }

    pub(super) fn marked(&self, kind: &str, value: &str) -> String {
        format!("<{kind} {}>", self.fingerprint(value))
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor([secret])")
    }
}

/// `stateToken=…`, `"password": "…"`, `code%3D…`: secret names with a value behind them, in any text.
pub(super) static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    let names: Vec<_> = names::all().collect();
    let pattern = format!(
        r#"(?i)((?-u:\b)(?:{})(?:"\s*:\s*"|=|%3D))([^&"'\s<>]+)"#,
        names.join("|")
    );
    #[expect(
        clippy::expect_used,
        reason = "made of constants, and used by every test"
    )]
    Regex::new(&pattern).expect("the pattern is a regular expression")
});

/// `"d": "…"` and the other private members of a JWK, where a text is not JSON as a whole.
pub(super) static JWK_MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and used by every test")]
    Regex::new(r#"("(?:d|p|q|dp|dq|qi|k)\\?"\s*:\s*\\?")([A-Za-z0-9_+/=-]{16,})"#)
        .expect("the pattern is a regular expression")
});

/// A private key in PEM (RFC 7468), complete or not.
pub(super) static PRIVATE_PEM: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and used by every test")]
    Regex::new(r"(?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(.+?)(?:-----END|$)")
        .expect("the pattern is a regular expression")
});

/// Shown in place of a text when a run has come to know more secrets than it can look for.
const NOT_SEARCHED: &str = "(not kept: the run saw more credentials than can be looked for)";

/// `Basic dXNlcjpwYXNzd29yZA==`, and words after "Basic" that are none.
pub(super) static BASIC: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and used by every test")]
    Regex::new(r"(?i)((?-u:\b)basic(?:\s|\+|%20)+)([a-z0-9+/_-]{4,}={0,2})")
        .expect("the pattern is a regular expression")
});

/// Whether a text is the base64 of a user name and a password.
pub(super) fn is_pair(text: &str) -> bool {
    split::basic(text).is_some()
}

/// An object or list that stands as JSON in a text, and is all of it.
pub(super) fn json_within(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Whether a value is known to be secret and was replaced already.
fn is_mark(value: &str) -> bool {
    let inner = value.strip_prefix("<secret ");
    inner
        .and_then(|inner| inner.strip_suffix('>'))
        .is_some_and(|inner| inner.len() == 12 && inner.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;
