//! Pseudonyms: the second way to keep an exchange. Evidence shows a fingerprint where a secret stood; a recording is
//! judged again, so each secret becomes another text of the same length, equal secrets become equal texts, and a token
//! keeps its header and claims. A pseudonym is made with HMAC and a key that is used for one recording and never stored:
//! who knows a secret cannot find out whether it is in there.
//!
//! A JWT is kept once, in a table; `<jwt FINGERPRINT>` stands for it everywhere. `<basic NAME:PASSWORD>` stands for the base64
//! of a name and the pseudonym of a password.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Captures;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::redact::{BASIC, JWK_MEMBER, PAIR, PRIVATE_PEM, is_pair, json_within};
use super::{Redacted, RedactedJson, Redactor, names};
use crate::jwt::{self, Jwt, base64url};

/// How a pseudonym begins, where it is long enough to say so.
const MARK: &str = "redacted-";

/// The shortest pseudonym that begins with [`MARK`].
const LONG_ENOUGH: usize = 20;

/// The longest pseudonym, in characters.
const LONGEST: usize = 512;

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

    /// An address.
    pub fn address(&mut self, address: &str) -> Redacted {
        let shown = self.place(address, false);
        Redacted::passed(shown)
    }

    /// A parameter of a request.
    pub fn field(&mut self, name: &str, value: &str) -> Redacted {
        let shown = if names::is_secret(name) {
            self.secret(value)
        } else if names::is_secret_address(name) {
            self.place(value, true)
        } else {
            self.shown(value)
        };
        Redacted::passed(shown)
    }

    /// A header field, its name in lower case.
    pub fn header(&mut self, name: &str, value: &str) -> Redacted {
        let shown = match name {
            "authorization" | "proxy-authorization" => self.authorization(value),
            "cookie" => {
                let pairs: Vec<_> = value.split("; ").map(|pair| self.cookie(pair)).collect();
                pairs.join("; ")
            }
            "set-cookie" => match value.split_once(';') {
                Some((pair, attributes)) => format!("{};{attributes}", self.cookie(pair)),
                None => self.cookie(value),
            },
            "location" => self.place(value, false),
            _ => return self.field(name, value),
        };
        Redacted::passed(shown)
    }

    /// The JSON of an answer.
    pub fn body(&mut self, value: &Value) -> RedactedJson<Value> {
        let access_token = value.get("access_token").and_then(Value::as_str);
        self.beside = access_token.map(str::to_owned);
        let shown = self.within("", value);
        self.beside = None;
        RedactedJson::passed(shown)
    }

    /// Any other JSON, such as a key set.
    pub fn json(&mut self, value: &Value) -> RedactedJson<Value> {
        RedactedJson::passed(self.within("", value))
    }

    fn within(&mut self, path: &str, value: &Value) -> Value {
        match value {
            Value::Object(members) => self.members(path, members).into(),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let shown =
                    items.map(|(index, item)| self.within(&format!("{path}.{index}"), item));
                Value::Array(shown.collect())
            }
            Value::String(text) => {
                let name = path.rsplit('.').next().unwrap_or_default();
                if let Ok(jwt) = Jwt::decode(text) {
                    self.token(text, jwt).into()
                } else if names::is_secret_path(path) {
                    self.secret(text).into()
                } else if names::is_secret_address(name) {
                    self.place(text, true).into()
                } else {
                    self.shown(text).into()
                }
            }
            Value::Number(number) => {
                let written = number.to_string();
                if names::is_secret_path(path) || self.redactor.finds(&written) {
                    self.number(&written).into()
                } else {
                    value.clone()
                }
            }
            Value::Bool(_) | Value::Null => value.clone(),
        }
    }

    fn members(&mut self, path: &str, members: &Map<String, Value>) -> Map<String, Value> {
        let is_key = members.contains_key("kty");
        let mut shown = Map::new();
        for (name, member) in members {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let member = match member {
                Value::String(text) if is_key && names::is_private_of_jwk(name) => {
                    self.opaque(text).into()
                }
                member if is_key && names::is_private_of_jwk(name) => {
                    self.opaque(&member.to_string()).into()
                }
                member => self.within(&path, member),
            };
            let name = self.known(name);
            shown.insert(name, member);
        }
        shown
    }

    /// A JWT, by its mark.
    fn token(&mut self, text: &str, jwt: Jwt) -> String {
        let fingerprint = self.digits(text)[..16].to_owned();
        let fits = self.at_hash_fits(&jwt);
        if !self.tokens.contains_key(&fingerprint) {
            let beside = self.beside.take();
            let header = self.members("header", &jwt.header);
            let claims = self.members("claims", &jwt.claims);
            self.beside = beside;
            let signature = if jwt.signature.is_empty() {
                String::new()
            } else {
                // The whole token stands for the signature, so that no two tokens become one.
                let mut made = format!("{MARK}{}", self.digits(text));
                made.truncate(SIGNATURE);
                made
            };
            let kept = KeptToken {
                fingerprint: fingerprint.clone(),
                header: RedactedJson::passed(header),
                claims: RedactedJson::passed(claims),
                signature: Redacted::passed(signature),
                at_hash_of: None,
                live: jwt,
            };
            self.tokens.insert(fingerprint.clone(), kept);
        }
        if fits && let Some(access_token) = self.beside.clone() {
            let beside = self.beside.take();
            let shown = match Jwt::decode(&access_token) {
                Ok(jwt) => self.token(&access_token, jwt),
                Err(_) => self.secret(&access_token),
            };
            self.beside = beside;
            if let Some(kept) = self.tokens.get_mut(&fingerprint) {
                kept.at_hash_of = Some(Redacted::passed(shown));
                kept.claims.inner().shift_remove("at_hash");
            }
        }
        format!("<jwt {fingerprint}>")
    }

    /// Whether `at_hash` is the half hash of the access token beside it.
    fn at_hash_fits(&self, jwt: &Jwt) -> bool {
        let (Some(claim), Some(beside)) = (jwt.claims.get("at_hash"), &self.beside) else {
            return false;
        };
        let hash = half_hash(jwt.header_str("alg").unwrap_or_default(), beside);
        hash.is_some() && claim.as_str() == hash.as_deref()
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

    /// A text in which JWTs have given way to their marks; `None` where there is none.
    fn tokens_in(&mut self, text: &str) -> Option<String> {
        let stretches = jwt::stretches(text);
        if stretches.is_empty() {
            return None;
        }
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for stretch in stretches {
            shown.push_str(&text[at..stretch.start]);
            let token = &text[stretch.clone()];
            let mark = match Jwt::decode(token) {
                Ok(jwt) => self.token(token, jwt),
                Err(_) => self.opaque(token),
            };
            shown.push_str(&mark);
            at = stretch.end;
        }
        shown.push_str(&text[at..]);
        Some(shown)
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

    /// `Basic`, `Bearer` and other schemes.
    fn authorization(&mut self, value: &str) -> String {
        let Some((scheme, credentials)) = value.split_once(' ') else {
            return self.secret(value);
        };
        if scheme.eq_ignore_ascii_case("basic") && is_pair(credentials) {
            return format!("{scheme} {}", self.pair(credentials));
        }
        format!("{scheme} {}", self.secret(credentials))
    }

    /// The base64 of a user name and a password (RFC 7617), both as in forms (RFC 6749 §2.3.1).
    fn pair(&mut self, credentials: &str) -> String {
        let bytes = STANDARD_NO_PAD.decode(credentials.trim_end_matches('='));
        let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let Some((name, password)) = text.as_deref().ok().and_then(|text| text.split_once(':'))
        else {
            return self.opaque(credentials);
        };
        let decoded = form_urlencoded::parse(password.as_bytes()).next();
        let password = decoded.map_or_else(String::new, |(password, _)| password.into_owned());
        let (name, password) = (self.known(name), self.secret(&password));
        if name.contains('>') || password.contains('>') {
            return self.opaque(credentials);
        }
        // Its base64 would begin as that of the real credentials, and be taken for them.
        format!("<basic {name}:{password}>")
    }

    fn cookie(&mut self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() => format!("{name}={}", self.opaque(value)),
            _ => pair.to_owned(),
        }
    }

    fn place(&mut self, address: &str, all: bool) -> String {
        let (place, rest) = address.split_once('?').unwrap_or((address, ""));
        let (query, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let mut shown = self.shown(place);
        for (lead, pairs) in [('?', query), ('#', fragment)] {
            if pairs.is_empty() {
                continue;
            }
            let pairs: Vec<_> = pairs.split('&').map(|pair| self.query(pair, all)).collect();
            shown.push(lead);
            shown.push_str(&pairs.join("&"));
        }
        shown
    }

    fn query(&mut self, pair: &str, all: bool) -> String {
        let Some((name, _)) = pair.split_once('=') else {
            return self.shown(pair);
        };
        let Some((plain_name, value)) = form_urlencoded::parse(pair.as_bytes()).next() else {
            return self.shown(pair);
        };
        let shown = if all || names::is_secret(&plain_name) {
            self.secret(&value)
        } else if value.contains("://") {
            self.place(&value, false)
        } else {
            self.shown(&value)
        };
        if shown == *value {
            return pair.to_owned();
        }
        // A mark is put into an address as it is; the token that comes in its place needs no encoding.
        let encoded: String = form_urlencoded::byte_serialize(shown.as_bytes()).collect();
        let encoded = encoded.replace("%3Cjwt+", "<jwt ").replace("%3E", ">");
        format!("{name}={encoded}")
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

    fn number(&self, written: &str) -> u32 {
        let digits = self.digits(written);
        u32::from_str_radix(&digits[..8], 16).unwrap_or_default()
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

#[cfg(test)]
mod tests;
