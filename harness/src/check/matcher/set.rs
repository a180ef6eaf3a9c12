//! `scopes`, `includes`, `subset_of`: sets, written as a list or as a space-delimited string.

use std::collections::BTreeSet;

use serde_json::Value;

/// The same scopes, in any order and writing.
pub(super) fn same_scopes(value: Option<&Value>, wanted: &str) -> bool {
    members(value).is_some_and(|found| found == wanted.split_whitespace().collect())
}

/// All of these, and perhaps more.
pub(super) fn includes(value: Option<&Value>, wanted: &[String]) -> bool {
    members(value).is_some_and(|found| wanted.iter().all(|one| found.contains(one.as_str())))
}

/// None but these. An empty text is not a scope string.
pub(super) fn within(value: Option<&Value>, allowed: &str) -> bool {
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
