//! A body: what it is, and of JSON which members it has, of which types, in which order.

use serde_json::{Map, Value};

use super::{FactType, Observed};
use crate::diff::neutral::Neutral;
use crate::diff::subject::{Names, Subject};
use crate::evidence::RecordedBody;

/// Members whose value means the same in every run.
const COMPARED: [&str; 5] = [
    "error",
    "expires_in",
    "issued_token_type",
    "scope",
    "token_type",
];

/// Of what an org passes on from a third party: the token began to age when that party gave it, not with the answer.
const BROKERED: &str = "urn:okta:params:oauth:token-type:oauth-sts";

/// Deeper members are not looked at.
const DEPTH: usize = 8;

impl Observed {
    pub(super) fn body(&mut self, body: &RecordedBody, neutral: Neutral<'_>) {
        let is = match body {
            RecordedBody::Empty => FactType::NoBody,
            RecordedBody::Json { .. } => FactType::JsonBody,
            RecordedBody::Text { .. } => FactType::TextBody,
        };
        self.note(Subject::Body, is, None);
        if let RecordedBody::Json { value, .. } = body {
            self.member("", value, neutral, DEPTH);
            if value["issued_token_type"] == BROKERED {
                self.without_value(&Subject::Member("expires_in".to_owned()));
            }
        }
    }

    /// A value and, if it holds others, those.
    fn member(&mut self, path: &str, value: &Value, neutral: Neutral<'_>, depth: usize) {
        if !path.is_empty() {
            let compared = value_of(path, value, neutral);
            self.note(Subject::Member(path.to_owned()), type_of(value), compared);
        }
        match value {
            _ if depth == 0 => {}
            Value::Object(members) => {
                self.order(Names::Members(path.to_owned()), members);
                for (name, value) in members {
                    self.member(&joined(path, name), value, neutral, depth - 1);
                }
            }
            // Items are compared together: how many there are says little.
            Value::Array(items) => {
                for item in items {
                    self.member(&format!("{path}[]"), item, neutral, depth - 1);
                }
            }
            _ => {}
        }
    }

    pub(super) fn order(&mut self, names: Names, members: &Map<String, Value>) {
        // Of several items the first speaks.
        self.orders
            .entry(names)
            .or_insert_with(|| members.keys().cloned().collect());
    }
}

/// The type, as far as the redacted value shows it.
pub(super) fn type_of(value: &Value) -> FactType {
    match value {
        Value::Null => FactType::Null,
        Value::Bool(_) => FactType::Boolean,
        Value::Number(number) if number.is_f64() => FactType::Number,
        Value::Number(_) => FactType::Integer,
        Value::String(text) if text.starts_with("<jwt ") => FactType::Jwt,
        Value::String(_) => FactType::Text,
        Value::Array(_) => FactType::List,
        Value::Object(_) => FactType::Object,
    }
}

/// The value, where it means the same in every run.
fn value_of(path: &str, value: &Value, neutral: Neutral<'_>) -> Option<String> {
    match value {
        Value::Array(items) if path.ends_with("_supported") => {
            let mut words: Vec<String> = items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect();
            words.sort();
            Some(words.join(" "))
        }
        Value::String(text) if COMPARED.contains(&path) => Some(text.clone()),
        Value::Number(number) if COMPARED.contains(&path) => Some(number.to_string()),
        Value::String(text) if text.starts_with("http") => {
            neutral.address(text).map(|address| address.base)
        }
        _ => None,
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
