//! JSON with pseudonyms for its secrets.

use serde_json::{Map, Value};

use super::super::{RedactedJson, names};
use super::Pseudonyms;
use crate::jwt::Jwt;

impl Pseudonyms {
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

    pub(super) fn within(&mut self, path: &str, value: &Value) -> Value {
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

    pub(super) fn members(
        &mut self,
        path: &str,
        members: &Map<String, Value>,
    ) -> Map<String, Value> {
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

    pub(super) fn number(&self, written: &str) -> u32 {
        let digits = self.digits(written);
        u32::from_str_radix(&digits[..8], 16).unwrap_or_default()
    }
}
