//! `contains`, `starts_with`, `ends_with`, `origin`.

use serde_json::Value;
use url::Url;

/// Whether it is a string of which something holds.
pub(super) fn is(value: Option<&Value>, holds: impl FnOnce(&str) -> bool) -> bool {
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
    is(value, |text| {
        let own = origin(text);
        own.is_some() && own == origin(other)
    })
}
