//! How the journal writes parameters: as JSON, without building values first.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::redaction::readable;
use crate::secret::fingerprint;
use crate::tokens::jwt::Jwt;

/// A name and what is shown of its value.
pub(super) type Parameter<'r> = (Cow<'r, str>, Shown<'r>);

/// Parameters by name, several values of one name as a list.
pub(super) struct Kept<'k, 'r>(&'k [Parameter<'r>]);

impl<'k, 'r> Kept<'k, 'r> {
    /// All of them.
    pub(super) fn of(all: &'k [Parameter<'r>]) -> Self {
        Self(all)
    }
}

impl Serialize for Kept<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, (name, _)) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let values: Vec<&Shown<'_>> = self.0[index..]
                .iter()
                .filter(|(other, _)| other == name)
                .map(|(_, shown)| shown)
                .collect();
            match values[..] {
                [one] => map.serialize_entry(name, one)?,
                _ => map.serialize_entry(name, &values)?,
            }
        }
        map.end()
    }
}

/// What is shown of a value.
pub(super) enum Shown<'r> {
    /// All of it.
    Open(&'r str),
    /// A fingerprint.
    Secret(&'r str),
    /// A fingerprint, behind the scheme of an `Authorization` header.
    Credentials(&'r str, &'r str),
    /// A fingerprint, and what a JWT says.
    Token(&'r str, Cow<'r, Jwt>),
}

impl<'r> Shown<'r> {
    /// The value itself.
    pub(super) fn text(&self) -> &'r str {
        match self {
            Self::Open(text) | Self::Secret(text) | Self::Token(text, _) => text,
            Self::Credentials(_, rest) => rest,
        }
    }

    /// Bytes of what was sent.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Credentials(scheme, rest) => scheme.len() + rest.len(),
            other => other.text().len(),
        }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open(text) => serializer.serialize_str(&readable(text)),
            Self::Secret(text) => serializer.serialize_str(&fingerprint(text)),
            Self::Credentials(scheme, rest) => {
                serializer.collect_str(&format_args!("{scheme} {}", fingerprint(rest)))
            }
            Self::Token(text, jwt) => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("fingerprint", &fingerprint(text))?;
                map.serialize_entry("header", &Members(&jwt.header))?;
                map.serialize_entry("claims", &Members(&jwt.claims))?;
                map.end()
            }
        }
    }
}

/// What a header or claims hold, readable: a token may be inside another.
struct Members<'v>(&'v Map<String, Value>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Readable(value))))
    }
}

struct Readable<'v>(&'v Value);

impl Serialize for Readable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => serializer.serialize_str(&readable(text)),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Readable)),
            Value::Object(members) => Members(members).serialize(serializer),
            plain => plain.serialize(serializer),
        }
    }
}
