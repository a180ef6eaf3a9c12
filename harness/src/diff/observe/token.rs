//! A token: members of its header, claims, their types and order, and the few values that mean the same in every run.

use serde_json::{Map, Value};

use super::body::type_of;
use super::{FactType, Observed};
use crate::diff::neutral::Neutral;
use crate::diff::subject::{Names, Subject};
use crate::evidence::{RecordedField, RecordedValue};

impl Observed {
    pub(super) fn token(&mut self, token: &RecordedField, neutral: Neutral<'_>) {
        let RecordedValue::Jwt { header, claims, .. } = &token.value else {
            return;
        };
        let token = || token.name.to_string();
        self.note(Subject::Token(token()), FactType::Jwt, None);
        for (name, value) in header.iter() {
            let compared = match (name.as_str(), value) {
                ("alg" | "typ", Value::String(text)) => Some(text.clone()),
                _ => None,
            };
            let (name, token) = (name.clone(), token());
            let subject = Subject::TokenHeader { name, token };
            self.note(subject, type_of(value), compared);
        }
        for (path, value) in flat(claims) {
            let compared = match path.as_str() {
                "aud" | "iss" => Some(addressee(value, neutral)),
                _ => None,
            };
            let token = token();
            self.note(Subject::Claim { path, token }, type_of(value), compared);
        }
        if let Some(seconds) = lifetime(claims) {
            let subject = Subject::Lifetime { token: token() };
            self.note(subject, FactType::Seconds, Some(seconds.to_string()));
        }
        self.order(Names::TokenHeader(token()), header);
        self.order(Names::Claims(token()), claims);
    }
}

/// Claims by name, those inside a claim by dotted path: `act.sub`.
fn flat(claims: &Map<String, Value>) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (name, value) in claims {
        found.push((name.clone(), value));
        if let Value::Object(members) = value {
            let inner = flat(members).into_iter();
            found.extend(inner.map(|(inner, value)| (format!("{name}.{inner}"), value)));
        }
    }
    found
}

/// Who issued or shall read a token: the address without its host, or the shape of any other name.
fn addressee(value: &Value, neutral: Neutral<'_>) -> String {
    match value {
        Value::String(text) => neutral
            .address(text)
            .map_or_else(|| "a name".to_owned(), |address| address.base),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| addressee(item, neutral)).collect();
            format!("[{}]", items.join(", "))
        }
        other => type_of(other).words().to_owned(),
    }
}

fn lifetime(claims: &Map<String, Value>) -> Option<i64> {
    let time = |name| claims.get(name).and_then(Value::as_i64);
    time("exp")?.checked_sub(time("iat")?)
}
