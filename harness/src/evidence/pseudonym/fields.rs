//! Parameters, header fields and addresses with pseudonyms for their secrets.

use super::super::redact::is_pair;
use super::super::{Redacted, names, split};
use super::Pseudonyms;

impl Pseudonyms {
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
                let pairs: Vec<_> = split::cookies(value)
                    .map(|pair| self.cookie(pair))
                    .collect();
                pairs.join("; ")
            }
            "set-cookie" => match split::set_cookie(value) {
                (pair, Some(attributes)) => {
                    format!("{};{}", self.cookie(pair), self.shown(attributes))
                }
                (pair, None) => self.cookie(pair),
            },
            "location" => self.place(value, false),
            _ => return self.field(name, value),
        };
        Redacted::passed(shown)
    }

    /// `Basic`, `Bearer` and other schemes.
    pub(super) fn authorization(&mut self, value: &str) -> String {
        let (scheme, credentials) = split::authorization(value);
        if scheme.is_empty() {
            return self.secret(credentials);
        }
        if scheme.eq_ignore_ascii_case("basic") && is_pair(credentials) {
            return format!("{scheme} {}", self.pair(credentials));
        }
        format!("{scheme} {}", self.secret(credentials))
    }

    /// The base64 of a user name and a password (RFC 7617), both as in forms (RFC 6749 §2.3.1).
    pub(super) fn pair(&mut self, credentials: &str) -> String {
        let Some((name, password)) = split::basic(credentials) else {
            return self.opaque(credentials);
        };
        let decoded = form_urlencoded::parse(password.as_bytes()).next();
        let password = decoded.map_or_else(String::new, |(password, _)| password.into_owned());
        let (name, password) = (self.known(&name), self.secret(&password));
        if name.contains('>') || password.contains('>') {
            return self.opaque(credentials);
        }
        // Its base64 would begin as that of the real credentials, and be taken for them.
        format!("<basic {name}:{password}>")
    }

    pub(super) fn cookie(&mut self, pair: &str) -> String {
        match split::cookie(pair) {
            (Some(name), "") => format!("{}=", self.shown(name)),
            (Some(name), value) => format!("{}={}", self.shown(name), self.opaque(value)),
            (None, value) => self.opaque(value),
        }
    }

    pub(super) fn place(&mut self, address: &str, all: bool) -> String {
        let (place, lists) = split::address(address);
        let mut shown = self.shown(place);
        for (lead, pairs) in lists {
            let pairs: Vec<_> = pairs.split('&').map(|pair| self.query(pair, all)).collect();
            shown.push(lead);
            shown.push_str(&pairs.join("&"));
        }
        shown
    }

    pub(super) fn query(&mut self, pair: &str, all: bool) -> String {
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
}
