//! The JSON that control requests carry: an object with known keys, nothing else.

use serde_json::{Map, Value};
use strict_yaml::did_you_mean;

use super::error::ControlError;

/// The members of a request's body.
#[derive(Debug)]
pub(super) struct Fields {
    members: Map<String, Value>,
    known: &'static [&'static str],
}

impl Fields {
    /// Reads a body that may have the members `known`. No body at all is an object without members.
    pub(super) fn parse(body: &[u8], known: &'static [&'static str]) -> Result<Self, ControlError> {
        let members = if body.trim_ascii().is_empty() {
            Map::new()
        } else {
            object(body, || shape(known))?
        };
        for name in members.keys() {
            if !known.contains(&name.as_str()) {
                let mut error = format!("unknown member `{name}`");
                if let Some(near) = did_you_mean(name, known.iter().copied()) {
                    error = format!("{error}; did you mean `{near}`?");
                }
                return Err(ControlError::bad_request(error, shape(known)));
            }
        }
        Ok(Self { members, known })
    }

    /// A string that must be there.
    pub(super) fn string(&self, name: &str) -> Result<String, ControlError> {
        match self.member(name)? {
            Value::String(text) if !text.is_empty() => Ok(text.clone()),
            Value::String(_) => Err(ControlError::bad_request(
                format!("`{name}` is empty"),
                shape(self.known),
            )),
            other => Err(mismatch(name, "a string", other)),
        }
    }

    /// Whether there is such a member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A list of strings that must be there.
    pub(super) fn strings(&self, name: &str) -> Result<Vec<String>, ControlError> {
        let value = self.member(name)?;
        let wrong = || mismatch(name, "a list of strings", value);
        let list = value.as_array().ok_or_else(wrong)?;
        list.iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect()
    }

    /// A whole number of at least 0 that must be there.
    pub(super) fn number(&self, name: &str) -> Result<u64, ControlError> {
        let value = self.member(name)?;
        value
            .as_u64()
            .ok_or_else(|| mismatch(name, "a whole number of at least 0", value))
    }

    /// A list of whatever that must be there.
    pub(super) fn list(&self, name: &str) -> Result<Vec<Value>, ControlError> {
        match self.member(name)? {
            Value::Array(items) => Ok(items.clone()),
            other => Err(mismatch(name, "an array", other)),
        }
    }

    /// An object that must be there.
    pub(super) fn object(&self, name: &str) -> Result<Map<String, Value>, ControlError> {
        match self.member(name)? {
            Value::Object(members) => Ok(members.clone()),
            other => Err(mismatch(name, "an object", other)),
        }
    }

    fn member(&self, name: &str) -> Result<&Value, ControlError> {
        self.members.get(name).ok_or_else(|| {
            ControlError::bad_request(format!("the body lacks `{name}`"), shape(self.known))
        })
    }
}

/// A body that is an object, whatever its members.
pub(super) fn object(
    body: &[u8],
    expected: impl Fn() -> String,
) -> Result<Map<String, Value>, ControlError> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        ControlError::bad_request(format!("the body is no JSON: {error}"), expected())
    })?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(ControlError::bad_request(
            "the body is JSON, but no object",
            expected(),
        )),
    }
}

fn shape(known: &[&str]) -> String {
    if known.is_empty() {
        "no body".to_owned()
    } else {
        let members: Vec<_> = known.iter().map(|name| format!("\"{name}\": …")).collect();
        format!("the JSON object {{{}}}", members.join(", "))
    }
}

fn mismatch(name: &str, expected: &str, found: &Value) -> ControlError {
    let found = match found {
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        scalar => scalar.to_string(),
    };
    ControlError::bad_request(
        format!("`{name}` is {found}"),
        format!("`{name}` as {expected}"),
    )
}
