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
