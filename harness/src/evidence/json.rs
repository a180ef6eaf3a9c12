//! JSON without its secrets: an answer, and the header and claims of a token.

use serde_json::{Map, Value};

use super::limits::{self, LONGEST_NAME, LONGEST_REMARK, LONGEST_STRING, Room};
use super::{RecordedField, RecordedValue, Redacted, RedactedJson, Redactor, names};
use crate::jwt::Jwt;
use crate::value::shorten;

impl Redactor {
    /// A JSON value whose secrets are replaced; its JWTs are put into `tokens`. Of a value with more members than
    /// anything is judged by, those at the beginning are kept.
    pub fn json(
        &self,
        path: &str,
        value: &Value,
        tokens: &mut Vec<RecordedField>,
    ) -> RedactedJson<Value> {
        RedactedJson::passed(self.within(path, value, tokens, &mut Room::default()))
    }

    fn within(
        &self,
        path: &str,
        value: &Value,
        tokens: &mut Vec<RecordedField>,
        room: &mut Room,
    ) -> Value {
        match value {
            Value::Object(members) => {
                let is_key = members.contains_key("kty");
                let mut shown = Map::new();
                for (index, (name, member)) in members.iter().enumerate() {
                    if !room.take() {
                        let rest = limits::left_out(members.len() - index);
                        shown.insert(rest, Value::Null);
                        break;
                    }
                    let name_shown = self.member(name);
                    let path = joined(path, &name_shown);
                    let member = if is_key && names::is_private_of_jwk(name) {
                        self.private(member)
                    } else {
                        self.within(&path, member, tokens, room)
                    };
                    shown.insert(name_shown, member);
                }
                Value::Object(shown)
            }
            Value::Array(items) => {
                let mut shown = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    if !room.take() {
                        shown.push(limits::left_out(items.len() - index).into());
                        break;
                    }
                    shown.push(self.within(&joined(path, &index.to_string()), item, tokens, room));
                }
                Value::Array(shown)
            }
            Value::String(text) => self.string(path, text, tokens).into(),
            Value::Number(_) | Value::Bool(_) if names::is_secret_path(path) => {
                self.marked("secret", &value.to_string()).into()
            }
            other => self.plain(other.clone()),
        }
    }

    /// A number may be known to be secret too.
    fn plain(&self, value: Value) -> Value {
        if let Value::Number(number) = &value {
            let written = number.to_string();
            let shown = self.known(&written);
            if shown != written {
                return shown.into();
            }
        }
        value
    }

    /// What makes a key private, whatever type it has.
    fn private(&self, member: &Value) -> Value {
        match member {
            Value::String(text) => self.marked("secret", text).into(),
            other => self.marked("secret", &other.to_string()).into(),
        }
    }

    /// A member's name: a server may answer with anything.
    fn member(&self, name: &str) -> String {
        let searched = limits::searched_up_to(name, LONGEST_NAME);
        limits::cut(&self.known(searched), searched.len(), name, LONGEST_NAME)
    }

    fn string(&self, path: &str, text: &str, tokens: &mut Vec<RecordedField>) -> String {
        let name = path.rsplit('.').next().unwrap_or_default();
        if let Ok(jwt) = Jwt::decode(text) {
            let value = self.jwt(text, jwt);
            tokens.push(RecordedField {
                name: Redacted::passed(path.to_owned()),
                value,
            });
            self.marked("jwt", text)
        } else if names::is_secret_path(path) {
            self.marked("secret", text)
        } else if names::is_secret_address(name) {
            shorten(&self.address(text, true), LONGEST_STRING)
        } else {
            let most = if limits::is_remark(name) {
                LONGEST_REMARK
            } else {
                LONGEST_STRING
            };
            self.clipped(text, most)
        }
    }

    /// A token with its header and claims readable.
    pub(super) fn jwt(&self, text: &str, jwt: Jwt) -> RecordedValue {
        let mut room = Room::default();
        RecordedValue::Jwt {
            fingerprint: self.fingerprint(text),
            header: RedactedJson::passed(self.readable(jwt.header, &mut room)),
            claims: RedactedJson::passed(self.readable(jwt.claims, &mut room)),
        }
    }

    /// Header or claims: readable, but for tokens, private keys and known secrets inside them.
    fn readable(&self, members: Map<String, Value>, room: &mut Room) -> Map<String, Value> {
        let is_key = members.contains_key("kty");
        let count = members.len();
        let mut shown = Map::new();
        for (index, (name, value)) in members.into_iter().enumerate() {
            if !room.take() {
                shown.insert(limits::left_out(count - index), Value::Null);
                break;
            }
            let value = if is_key && names::is_private_of_jwk(&name) {
                self.private(&value)
            } else {
                self.readable_value(value, room)
            };
            shown.insert(self.member(&name), value);
        }
        shown
    }

    fn readable_value(&self, value: Value, room: &mut Room) -> Value {
        match value {
            Value::String(text) => self.clipped(&text, LONGEST_STRING).into(),
            Value::Array(items) => {
                let count = items.len();
                let mut shown = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    if !room.take() {
                        shown.push(limits::left_out(count - index).into());
                        break;
                    }
                    shown.push(self.readable_value(item, room));
                }
                shown.into()
            }
            Value::Object(members) => Value::Object(self.readable(members, room)),
            other => self.plain(other),
        }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
