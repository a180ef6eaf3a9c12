//! `type`, `length_at_least`.

use serde_json::Value;

use crate::scenario::model::JsonType;

/// Whether a value has a JSON type. An integer is a number; 1.0 is not an integer.
pub(super) fn is(value: Option<&Value>, kind: JsonType) -> bool {
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
