//! How instants lie to each other.

use serde_json::Value;

use super::Subject;

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

/// Whether the subject lies so many seconds after `iat`. A second more or less is rounding.
pub(super) fn lasts(subject: &Subject<'_>, seconds: &str) -> bool {
    let issued = subject.sibling("iat").and_then(Value::as_f64);
    match (subject.number(), issued, seconds.parse::<f64>()) {
        (Some(value), Some(issued), Ok(seconds)) => (value - issued - seconds).abs() <= 1.0,
        _ => false,
    }
}
