//! Members and claims that nobody knows, of every JSON type.

use serde_json::{Map, Value, json};

use super::answers::get_mut;
use crate::context::{Members, Slot};

/// Adds members that nobody knows to a JSON answer. Claims and headers of tokens are not members of the answer.
pub(super) fn add(members: &mut Members) {
    members.extend(extra().map(|(name, value)| (name, Slot::Value(value))));
}

/// Adds claims that nobody knows. OIDC Core §5.3.2: a claim without a value should be left out, not be null.
pub(super) fn add_claims(members: &mut Members) {
    let valued = extra().filter(|(_, value)| !value.is_null());
    members.extend(valued.map(|(name, value)| (name, Slot::Value(value))));
}

/// Adds the name of the node that answered.
pub(super) fn add_node(members: &mut Members) {
    members.push(("acme_served_by".to_owned(), Slot::Value(json!("node-7"))));
}

/// Adds members that nobody knows to a key set and to each of its keys.
pub(super) fn add_to_keys(members: &mut Members) {
    if let Some(Value::Array(keys)) = get_mut(members, "keys") {
        keys.iter_mut()
            .filter_map(Value::as_object_mut)
            .for_each(add_to);
    }
    add(members);
}

/// Adds members that nobody knows to an object.
pub(super) fn add_to(object: &mut Map<String, Value>) {
    object.extend(extra());
}

fn extra() -> impl Iterator<Item = (String, Value)> {
    let all = [
        ("acme_note", json!("nobody need read this")),
        ("acme_count", json!(7)),
        ("acme_ratio", json!(0.25)),
        ("acme_flag", json!(false)),
        ("acme_nothing", Value::Null),
        ("acme_list", json!(["a", 1, null])),
        ("acme_object", json!({ "sub": "nobody", "exp": "never" })),
    ];
    all.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
}
