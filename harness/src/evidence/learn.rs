//! What becomes a secret because somebody sent it: credentials of requests and answers, by the name under which they were
//! sent and by their shape.

use serde_json::Value;

use super::redact::{BASIC, JWK_MEMBER, PAIR};
use super::secrets::RunSecrets;
use super::{limits, names, page, split};
use crate::exchange::{Payload, RequestSpec, Response};
use crate::jwt;

/// Letters and digits of a cookie that may be a session. Settings of a page are shorter.
const SESSION: usize = 16;

impl RunSecrets {
    /// Knows the credentials of a request from now on.
    pub(super) fn learn_request(&self, request: &RequestSpec) {
        for (name, value) in &request.headers {
            self.learn_header(name, value);
        }
        for (name, value) in &request.query {
            self.learn_field(name, value);
        }
        self.learn_address(&request.url);
        match &request.payload {
            Payload::None => {}
            Payload::Form(fields) | Payload::Json(fields) | Payload::Multipart(fields) => {
                for (name, value) in fields {
                    self.learn_field(name, value);
                }
            }
            Payload::Text { text, .. } => self.learn_text(text),
        }
    }

    /// Knows the credentials of an answer from now on.
    pub(super) fn learn_response(&self, response: &Response) {
        for (name, value) in &response.headers {
            match name.as_str() {
                "set-cookie" => self.learn_cookie(split::set_cookie(value).0),
                "location" => self.learn_address(value),
                _ => self.learn_header(name, value),
            }
        }
        match &response.json {
            Some(value) => self.learn_json("", value),
            None => self.learn_text(&response.text),
        }
    }

    fn learn_header(&self, name: &str, value: &str) {
        match name {
            "authorization" | "proxy-authorization" => {
                let (scheme, credentials) = split::authorization(value);
                if scheme.eq_ignore_ascii_case("basic") {
                    self.learn_pair(credentials);
                } else {
                    self.learn_field(name, credentials);
                }
            }
            "cookie" => split::cookies(value).for_each(|pair| self.learn_cookie(pair)),
            _ => self.learn_field(name, value),
        }
    }

    /// A password in `Basic` (RFC 7617); client secrets in it are encoded as in forms (RFC 6749 §2.3.1).
    fn learn_pair(&self, credentials: &str) {
        if let Some((_, password)) = split::basic(credentials) {
            self.learn(&password, names::least_letters("password"));
            if let Some((decoded, _)) = form_urlencoded::parse(password.as_bytes()).next() {
                self.learn(&decoded, names::least_letters("password"));
            }
        }
    }

    fn learn_cookie(&self, pair: &str) {
        let (_, value) = split::cookie(pair);
        self.learn(value.trim().trim_matches('"'), SESSION);
    }

    fn learn_field(&self, name: &str, value: &str) {
        if self.learn_tokens(value) {
            return;
        }
        if names::is_secret(name) {
            self.learn(value, names::least_letters(name));
        } else if names::is_secret_address(name) {
            self.learn_query(value);
        } else if value.contains("://") {
            self.learn_address(value);
        }
    }

    /// Parameters with secret names, wherever in the address.
    fn learn_address(&self, address: &str) {
        for (_, part) in split::address(address).1 {
            for (name, value) in form_urlencoded::parse(part.as_bytes()) {
                if !self.learn_tokens(&value) && names::is_secret(&name) {
                    // A redirect carries codes, and nothing else is called so there.
                    self.learn(&value, 8);
                }
            }
        }
    }

    /// All parameters of an address that is a secret as a whole.
    fn learn_query(&self, address: &str) {
        for (_, part) in split::address(address).1 {
            for (_, value) in form_urlencoded::parse(part.as_bytes()) {
                self.learn(&value, 8);
            }
        }
    }

    fn learn_json(&self, path: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                let is_key = members.contains_key("kty");
                for (name, member) in members {
                    if is_key && names::is_private_of_jwk(name) {
                        self.learn_private(member);
                        continue;
                    }
                    match member {
                        Value::String(text) if !self.learn_tokens(text) => {
                            if names::is_secret_path(&format!("{path}.{name}")) {
                                self.learn(text, names::least_letters(name));
                            } else {
                                self.learn_field(name, text);
                            }
                        }
                        Value::String(_) => {}
                        member => self.learn_json(&format!("{path}.{name}"), member),
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.learn_json(path, item);
                }
            }
            Value::String(text) => {
                if !self.learn_tokens(text) && names::is_secret_path(path) {
                    let name = path.rsplit('.').next().unwrap_or_default();
                    self.learn(text, names::least_letters(name));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A private member of a JWK, as it is written and the number that it stands for.
    fn learn_private(&self, member: &Value) {
        match member {
            Value::String(text) => {
                self.learn(text, 8);
                if let Some(bytes) = jwt::from_base64url(text) {
                    self.add_secret_bytes(&bytes);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn_private(item)),
            Value::Object(members) => members.values().for_each(|one| self.learn_private(one)),
            _ => {}
        }
    }

    /// Pages, and whatever else is not JSON.
    fn learn_text(&self, text: &str) {
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            return self.learn_json("", &value);
        }
        let text = limits::learnt(text);
        self.learn_tokens(text);
        for pair in PAIR.captures_iter(text) {
            let value = &pair[2];
            let decoded = form_urlencoded::parse(value.as_bytes()).next();
            self.learn(value, SESSION);
            if let Some((decoded, _)) = decoded {
                self.learn(&decoded, SESSION);
            }
        }
        for value in page::secret_values(text) {
            self.learn(&value, SESSION);
        }
        for pair in BASIC.captures_iter(text) {
            self.learn_pair(&pair[2]);
        }
        for member in JWK_MEMBER.captures_iter(text) {
            self.learn_private(&Value::from(&member[2]));
        }
    }

    /// The signatures of all JWTs in a text: what makes them credentials. Whether the text is one JWT and nothing else:
    /// of a token that is almost a JWT the whole is learnt, for nobody knows what a server makes of it.
    fn learn_tokens(&self, text: &str) -> bool {
        // They take time to look for, and most values have no dot or are short.
        if text.len() < 20 || !text.contains('.') {
            return false;
        }
        let stretches = jwt::stretches(text);
        for range in &stretches {
            let signature = text[range.clone()].rsplit('.').next().unwrap_or_default();
            self.learn(signature, SESSION);
        }
        matches!(stretches.as_slice(), [only] if *only == (0..text.len()))
    }
}
