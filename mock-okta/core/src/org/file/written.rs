//! The org file as a tree, so that an administrator's change can be made to what was written and read again by the
//! same rules.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use strict_yaml::{Node, Value};

/// What an org was read from.
#[derive(Clone)]
pub struct Written(Arc<Json>);

/// Passwords and vaulted values stand in it, so it is not shown.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written")
    }
}

impl Written {
    pub(super) fn of(root: &Node) -> Self {
        Self(Arc::new(json(root)))
    }

    /// The switches that stand there.
    pub fn behaviours(&self) -> Vec<String> {
        let switches = self.0["behaviours"].as_object();
        let names = switches.into_iter().flat_map(Map::keys);
        names.cloned().collect()
    }

    /// What stands there once `change` is made, as a text that can be read like the file. A change is a merge patch
    /// (RFC 7396): members replace members, `null` removes one. In a list of things with ids an entry changes the one
    /// that has its `id` (a key: its `kid`), or is added.
    pub(crate) fn changed(&self, change: &Map<String, Json>) -> String {
        let mut tree = Json::clone(&self.0);
        merge(&mut tree, &Json::Object(change.clone()));
        format!("{tree:#}")
    }
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Seq(items) => items.iter().map(json).collect(),
        Value::Map(map) => {
            let members = map.entries.iter();
            let members = members.map(|entry| (entry.key.value.clone(), json(&entry.value)));
            Json::Object(members.collect())
        }
    }
}

fn merge(target: &mut Json, change: &Json) {
    match change {
        Json::Object(members) => {
            if !target.is_object() {
                *target = Json::Object(Map::new());
            }
            let Json::Object(target) = target else {
                return;
            };
            for (name, value) in members {
                if value.is_null() {
                    target.shift_remove(name);
                } else {
                    merge(target.entry(name.clone()).or_insert(Json::Null), value);
                }
            }
        }
        Json::Array(entries)
            if !entries.is_empty() && entries.iter().all(|one| id(one).is_some()) =>
        {
            if !target.is_array() {
                *target = Json::Array(Vec::new());
            }
            let Json::Array(target) = target else { return };
            for entry in entries {
                match target.iter_mut().find(|known| id(known) == id(entry)) {
                    Some(known) => merge(known, entry),
                    None => target.push(entry.clone()),
                }
            }
        }
        other => *target = other.clone(),
    }
}

/// By what an entry of a list is known.
fn id(entry: &Json) -> Option<&str> {
    let member = entry.get("id").or_else(|| entry.get("kid"));
    member.and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(written: &Json, change: &Json) -> Json {
        let change = change.as_object().expect("an object");
        let text = Written(Arc::new(written.clone())).changed(change);
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn entries_are_found_by_their_ids_and_null_removes() {
        let written = json!({
            "org": { "id": "00o", "ai_agents": true },
            "agents": [
                { "id": "a", "keys": [{ "kid": "1", "alg": "RS256" }], "scopes": ["x", "y"] },
                { "id": "b" },
            ],
        });
        let change = json!({
            "org": { "ai_agents": false },
            "agents": [
                { "id": "a", "keys": [{ "kid": "1", "use": "enc" }], "scopes": ["z"] },
                { "id": "c", "name": "new" },
            ],
            "apps": null,
        });
        assert_eq!(
            changed(&written, &change),
            json!({
                "org": { "id": "00o", "ai_agents": false },
                "agents": [
                    { "id": "a", "keys": [{ "kid": "1", "alg": "RS256", "use": "enc" }], "scopes": ["z"] },
                    { "id": "b" },
                    { "id": "c", "name": "new" },
                ],
            })
        );
    }

    #[test]
    fn a_list_of_other_things_is_replaced() {
        let written = json!({ "scopes": ["a"], "policies": [{ "name": "one" }] });
        let change = json!({ "scopes": [], "policies": [{ "name": "two" }] });
        assert_eq!(changed(&written, &change), change);
    }
}
