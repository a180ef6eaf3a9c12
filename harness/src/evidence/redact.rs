//! Takes secrets out of everything that is kept: by the name of the field, by the shape of the value, and by value.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Regex;
use serde_json::{Map, Value};

use super::known::{Known, Learnt, SecretSet};
use super::names;
use super::{RecordedField, RecordedValue};
use crate::jwt::{self, Jwt};
use crate::secret::Salt;
use crate::value::shorten;

/// Longest text that is kept of one value, in characters.
const LONGEST_VALUE: usize = 2048;

/// Knows the secrets of a target, and those that a case came to know. Cheap to clone, one a case.
#[derive(Clone)]
pub struct Redactor {
    salt: Salt,
    of_target: Arc<Known>,
    of_case: Learnt,
    org_issuer: Arc<str>,
}

impl Redactor {
    /// A redactor for a target's secrets. `org_issuer` is what texts that must be the same in every run leave out.
    pub fn new(salt: Salt, secrets: Arc<SecretSet>, org_issuer: &str) -> Self {
        let known = Known::new(secrets, |secret| salt.fingerprint(secret));
        Self {
            of_target: Arc::new(known),
            salt,
            of_case: Learnt::default(),
            org_issuer: org_issuer.into(),
        }
    }

    /// From now on this value is a secret too.
    pub fn know(&mut self, secret: &str) {
        self.of_case.add(secret, &self.salt.fingerprint(secret));
    }

    /// A named value as it may be kept.
    pub fn field(&self, name: &str, value: &str) -> RecordedField {
        let recorded = if names::is_secret(name) {
            self.credential(value)
        } else if let Ok(jwt) = Jwt::decode(value) {
            self.jwt(value, jwt)
        } else if names::is_secret_address(name) {
            RecordedValue::Plain {
                text: self.address(value, true),
            }
        } else {
            RecordedValue::Plain {
                text: shorten(&self.text(value), LONGEST_VALUE),
            }
        };
        RecordedField {
            name: name.to_owned(),
            value: recorded,
        }
    }

    /// Free text: JWTs, known secrets and `name=value` of secret names are replaced. Text that is JSON is redacted
    /// member by member, as a body would be.
    pub fn text(&self, text: &str) -> String {
        if let Some(value) = json_within(text) {
            return self.json("", &value, &mut Vec::new()).to_string();
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
        self.replace_known(&mut shown);
        if PAIR.is_match(&shown) {
            let replaced = PAIR.replace_all(&shown, |pair: &regex::Captures<'_>| {
                format!("{}{}", &pair[1], self.marked("secret", &pair[2]))
            });
            shown = replaced.into_owned();
        }
        shown
    }

    /// Values that are known to be secret, wherever they stand.
    fn replace_known(&self, shown: &mut String) {
        let mark = |fingerprint: &str| format!("<secret {fingerprint}>");
        self.of_case.replace(shown, mark);
        if let Some(replaced) = self.of_target.replace(shown, mark) {
            *shown = replaced;
        }
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
        // A secret that holds `&` or `#` must be out before the address is taken apart there.
        let mut address = address.to_owned();
        self.replace_known(&mut address);
        let (place, query) = address.split_once('?').unwrap_or((&address, ""));
        let (query, fragment) = query.split_once('#').unwrap_or((query, ""));
        let part = |lead: char, pairs: &str| {
            if pairs.is_empty() {
                return String::new();
            }
            let shown: Vec<_> = pairs
                .split('&')
                .map(|pair| self.parameter(pair, all))
                .collect();
            format!("{lead}{}", shown.join("&"))
        };
        format!(
            "{}{}{}",
            self.text(place),
            part('?', query),
            part('#', fragment)
        )
    }

    /// A JSON value whose secrets are replaced; its JWTs are put into `tokens`.
    pub fn json(&self, path: &str, value: &Value, tokens: &mut Vec<RecordedField>) -> Value {
        match value {
            Value::Object(members) => {
                let shown = members.iter().map(|(name, member)| {
                    let path = joined(path, name);
                    (self.member(name), self.json(&path, member, tokens))
                });
                Value::Object(shown.collect())
            }
            Value::Array(items) => {
                let shown = items.iter().enumerate();
                let shown = shown.map(|(index, item)| {
                    self.json(&joined(path, &index.to_string()), item, tokens)
                });
                Value::Array(shown.collect())
            }
            Value::String(text) => self.json_text(path, text, tokens).into(),
            Value::Number(_) | Value::Bool(_) if names::is_secret_path(path) => {
                self.marked("secret", &value.to_string()).into()
            }
            other => other.clone(),
        }
    }

    /// A member's name: a server may answer with anything.
    fn member(&self, name: &str) -> String {
        let mut shown = name.to_owned();
        self.replace_known(&mut shown);
        shown
    }

    fn json_text(&self, path: &str, text: &str, tokens: &mut Vec<RecordedField>) -> String {
        let name = path.rsplit('.').next().unwrap_or_default();
        if let Ok(jwt) = Jwt::decode(text) {
            let value = self.jwt(text, jwt);
            tokens.push(RecordedField {
                name: path.to_owned(),
                value,
            });
            self.marked("jwt", text)
        } else if names::is_secret_path(path) {
            self.marked("secret", text)
        } else if names::is_secret_address(name) {
            self.address(text, true)
        } else {
            self.text(text)
        }
    }

    /// The value of a secret field: a JWT keeps its claims readable, an `Authorization` its scheme out of the way.
    fn credential(&self, value: &str) -> RecordedValue {
        let token = value.strip_prefix("Bearer ").unwrap_or(value);
        match Jwt::decode(token) {
            Ok(jwt) => self.jwt(token, jwt),
            Err(_) => RecordedValue::Secret {
                fingerprint: self.salt.fingerprint(token),
            },
        }
    }

    fn jwt(&self, text: &str, jwt: Jwt) -> RecordedValue {
        RecordedValue::Jwt {
            fingerprint: self.salt.fingerprint(text),
            header: self.readable(jwt.header),
            claims: self.readable(jwt.claims),
        }
    }

    /// Header or claims: readable, but for tokens and known secrets inside them.
    fn readable(&self, members: Map<String, Value>) -> Map<String, Value> {
        members
            .into_iter()
            .map(|(name, value)| (self.member(&name), self.readable_value(value)))
            .collect()
    }

    fn readable_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => shorten(&self.text(&text), LONGEST_VALUE).into(),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.readable_value(item))
                .collect::<Vec<_>>()
                .into(),
            Value::Object(members) => Value::Object(self.readable(members)),
            other => other,
        }
    }

    fn parameter(&self, pair: &str, all: bool) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return self.text(pair);
        };
        if !all && !names::is_secret(name) {
            return format!("{name}={}", shorten(&self.text(value), LONGEST_VALUE));
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
        format!("{name}={}", self.marked(kind, &value))
    }

    fn marked(&self, kind: &str, value: &str) -> String {
        format!("<{kind} {}>", self.salt.fingerprint(value))
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor([secret])")
    }
}

/// `stateToken=…`, `"password": "…"`, `code%3D…`: secret names with a value behind them, in any text.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
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

/// `Basic dXNlcjpwYXNzd29yZA==`, and words after "Basic" that are none.
static BASIC: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and used by every test")]
    Regex::new(r"(?i)((?-u:\b)basic(?:\s|\+|%20)+)([a-z0-9+/_-]{4,}={0,2})")
        .expect("the pattern is a regular expression")
});

/// Whether a text is the base64 of a user name and a password.
fn is_pair(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    STANDARD_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.contains(&b':'))
}

/// An object or list that stands as JSON in a text, and is all of it.
fn json_within(text: &str) -> Option<Value> {
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

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests;
