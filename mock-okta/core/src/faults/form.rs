//! A fault as text and as JSON.
//!
//! As text it is its id, a value for its first parameter after `=`, and further parameters after commas:
//! `delay=500,endpoint=token,next=3`. In a value `\,` is a comma and `\\` a backslash. As JSON it is an object: its id is the
//! member `fault`, and each parameter is a member of its own name.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::error::FaultError;
use super::fault::Fault;
use super::kinds::FaultKind;
use super::parameter::ParameterForm;

/// The member that says which fault it is.
const KIND: &str = "fault";

impl Fault {
    /// Reads a fault of named values, each as text: the id under `fault`, the others by the names of their parameters.
    ///
    /// # Errors
    /// With the first mistake.
    pub fn from_values<'v>(
        values: impl IntoIterator<Item = (&'v str, &'v str)> + Clone,
    ) -> Result<Self, FaultError> {
        let id = values.clone().into_iter().find(|(name, _)| *name == KIND);
        let (_, id) = id.ok_or(FaultError::NoKind)?;
        let mut fault = Self::new(FaultKind::parse(id)?);
        for (name, value) in values.into_iter().filter(|(name, _)| *name != KIND) {
            fault.add(name, value)?;
        }
        Ok(fault)
    }

    /// Reads the object that a control request carries.
    ///
    /// # Errors
    /// With the first mistake.
    pub fn from_json(object: &Map<String, Value>) -> Result<Self, FaultError> {
        let mut values = Vec::new();
        for (name, value) in object {
            values.push((name.as_str(), as_text(name, value)?));
        }
        Self::from_values(values.iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// The object that [`Fault::from_json`] reads, with the defaults of what was left out.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert(KIND.to_owned(), self.kind.id().into());
        for parameter in self.kind.all_parameters() {
            let Some(value) = self.value(parameter.name) else {
                continue;
            };
            let value = match parameter.form {
                ParameterForm::Number { .. } => value.parse::<u64>().map(Value::from).ok(),
                ParameterForm::Flag => value.parse::<bool>().map(Value::from).ok(),
                ParameterForm::Text { .. }
                | ParameterForm::FieldValue
                | ParameterForm::Field
                | ParameterForm::Word(_) => None,
            }
            .unwrap_or_else(|| value.into());
            object.insert(parameter.name.to_owned(), value);
        }
        object
    }
}

/// A scalar as text; what is none has a place of its own in no parameter.
fn as_text(name: &str, value: &Value) -> Result<String, FaultError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(FaultError::NotAScalar {
            written: name.to_owned(),
        }),
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let parts = split(text);
        let mut parts = parts.iter().map(String::as_str);
        let first = parts.next().unwrap_or_default();
        let (id, value) = match first.split_once('=') {
            Some((id, value)) => (id.trim(), Some(value)),
            None => (first.trim(), None),
        };
        if id.is_empty() {
            return Err(FaultError::NoKind);
        }
        let mut fault = Self::new(FaultKind::parse(id)?);
        if let Some(value) = value {
            let main = fault.kind.parameters().first();
            let main = main.ok_or(FaultError::TakesNoValue { kind: fault.kind })?;
            fault.add(main.name, value)?;
        }
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| FaultError::NoValue {
                part: part.to_owned(),
            })?;
            fault.add(name.trim(), value)?;
        }
        Ok(fault)
    }
}

/// What stands between commas, without the backslashes.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == ',' {
            parts.push(String::new());
            continue;
        }
        let Some(part) = parts.last_mut() else {
            continue;
        };
        match character {
            '\\' => match characters.next() {
                Some(escaped @ (',' | '\\')) => part.push(escaped),
                Some(other) => part.extend(['\\', other]),
                None => part.push('\\'),
            },
            other => part.push(other),
        }
    }
    parts
}

/// The text that reads as this fault.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.id())?;
        let main = self.kind.parameters().first().map(|one| one.name);
        let escaped = |value: &str| value.replace('\\', "\\\\").replace(',', "\\,");
        if let Some(value) = main.and_then(|name| self.given(name)) {
            write!(f, "={}", escaped(value))?;
        }
        for parameter in self.kind.all_parameters() {
            if let Some(value) = self.given(parameter.name)
                && main != Some(parameter.name)
            {
                write!(f, ",{}={}", parameter.name, escaped(value))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::selection::{EndpointClass, ExchangedResource};
    use super::*;

    fn read(text: &str) -> Result<Fault, String> {
        text.parse().map_err(|error: FaultError| error.to_string())
    }

    #[test]
    fn the_builder_and_the_text_say_the_same() {
        let delay = Fault::delay(Duration::from_millis(500));
        let same = [
            (
                "delay=500,endpoint=token,next=3",
                delay.at(EndpointClass::Token).next(3),
            ),
            (
                "status=503,body={\"a\":1\\,\"b\":\"\\\\\"},content_type=application/json",
                Fault::status(503)
                    .body("{\"a\":1,\"b\":\"\\\"}")
                    .content_type("application/json"),
            ),
            (
                "cut-before=reset,takes_effect=false,client=wlp1,resource_type=secret,every=2",
                Fault::cut_before()
                    .reset_connection()
                    .takes_effect(false)
                    .client("wlp1")
                    .resource_type(ExchangedResource::Secret)
                    .every(2),
            ),
            ("malformed-json", Fault::malformed_json()),
            ("rate-limited=7", Fault::rate_limited().retry_after(7)),
        ];
        for (text, fault) in same {
            assert_eq!(read(text), Ok(fault.clone()), "{text}");
            assert_eq!(fault.to_string(), text);
            assert_eq!(
                Fault::from_json(&fault.to_json()).map(|one| one.to_json()),
                Ok(fault.to_json())
            );
        }
    }

    #[test]
    fn json_shows_defaults_and_types() {
        let shown = read("cut-before,next=2").expect("a fault").to_json();
        let expected = json!({
            "fault": "cut-before", "end": "close", "takes_effect": true, "endpoint": "any", "next": 2,
        });
        assert_eq!(Value::from(shown), expected);
    }

    #[test]
    fn every_mistake_says_what_was_expected() {
        let mistakes = [
            "",
            "=3",
            "dely=500",
            "delay=soon",
            "delay=0",
            "delay=600001",
            "delay,endpoint",
            "delay,endpoint=tokens",
            "delay,endpont=token",
            "delay,next=0",
            "delay,next=1,next=2",
            "malformed-json=3",
            "delay=5,body=x",
            "status=199",
            "unavailable,takes_effect=yes",
            "wrong-content-type=text/html\r\nx: y",
            "slow-bytes=0",
        ];
        let all: Vec<String> = mistakes
            .iter()
            .map(|text| format!("{text:?}\n  {}", read(text).expect_err("a mistake")))
            .collect();
        insta::assert_snapshot!(all.join("\n"));
        let nested = json!({ "fault": "delay", "milliseconds": [500] });
        let error = Fault::from_json(nested.as_object().expect("an object")).expect_err("a list");
        assert_eq!(
            error.to_string(),
            "`milliseconds` is neither a text nor a number nor true or false (expected: one value)"
        );
    }
}
