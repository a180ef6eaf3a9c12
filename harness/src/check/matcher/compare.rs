//! What single matchers mean: for strings, numbers, sets of words, JSON types and instants.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::Subject;
use crate::scenario::model::JsonType;

/// Whether it is a string of which something holds.
pub(super) fn is_string(value: Option<&Value>, holds: impl FnOnce(&str) -> bool) -> bool {
    value.and_then(Value::as_str).is_some_and(holds)
}

/// A string with this part, or a list with this member.
pub(super) fn contains(value: Option<&Value>, part: &str) -> bool {
    match value {
        Some(Value::String(text)) => text.contains(part),
        Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(part)),
        _ => false,
    }
}

/// An absolute URL of the same origin (RFC 6454 section 4). A URL that has no host has no origin.
pub(super) fn same_origin(value: Option<&Value>, other: &str) -> bool {
    let origin = |text: &str| {
        let url = Url::parse(text).ok().filter(Url::has_host)?;
        Some(url.origin())
    };
    is_string(value, |text| {
        let own = origin(text);
        own.is_some() && own == origin(other)
    })
}

/// A number that is not below.
pub(super) fn at_least(value: Option<f64>, least: f64) -> bool {
    value.is_some_and(|value| value >= least)
}

/// A number that is not above.
pub(super) fn at_most(value: Option<f64>, most: f64) -> bool {
    value.is_some_and(|value| value <= most)
}

/// The same scopes, in any order and writing.
pub(super) fn same_scopes(value: Option<&Value>, wanted: &str) -> bool {
    members(value).is_some_and(|found| found == wanted.split_whitespace().collect())
}

/// All of these, and perhaps more.
pub(super) fn includes(value: Option<&Value>, wanted: &[String]) -> bool {
    members(value).is_some_and(|found| wanted.iter().all(|one| found.contains(one.as_str())))
}

/// None but these. An empty text is not a scope string.
pub(super) fn subset_of(value: Option<&Value>, allowed: &str) -> bool {
    let allowed: BTreeSet<&str> = allowed.split_whitespace().collect();
    members(value).is_some_and(|found| found.is_subset(&allowed))
}

fn members(value: Option<&Value>) -> Option<BTreeSet<&str>> {
    match value? {
        Value::String(text) => Some(text.split_whitespace().collect()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// Whether a value has a JSON type. An integer is a number; 1.0 is not an integer.
pub(super) fn is_of_json_type(value: Option<&Value>, kind: JsonType) -> bool {
    value.is_some_and(|value| match kind {
        JsonType::String => value.is_string(),
        JsonType::Integer => value.is_i64() || value.is_u64(),
        JsonType::Number => value.is_number(),
        JsonType::Boolean => value.is_boolean(),
        JsonType::Array => value.is_array(),
        JsonType::Object => value.is_object(),
    })
}

/// A string of so many characters, or a list of so many items.
pub(super) fn length_at_least(value: Option<&Value>, length: usize) -> bool {
    match value {
        Some(Value::String(text)) => text.chars().count() >= length,
        Some(Value::Array(items)) => items.len() >= length,
        _ => false,
    }
}

/// Whether the subject lies no farther than so many seconds from a sibling, or from now.
pub(super) fn within(subject: &Subject<'_>, seconds: u64, of: &str, now: i64) -> bool {
    let other = match of {
        "now" => Some(now as f64),
        name => subject.sibling(name).and_then(Value::as_f64),
    };
    match (subject.number(), other) {
        (Some(value), Some(other)) => (value - other).abs() <= seconds as f64,
        _ => false,
    }
}

/// Whether the subject is later than a sibling.
pub(super) fn after(subject: &Subject<'_>, sibling: &str) -> bool {
    let other = subject.sibling(sibling).and_then(Value::as_f64);
    matches!((subject.number(), other), (Some(value), Some(other)) if value > other)
}
