//! JSON as written in a scenario, with templates in its strings.

use std::fmt;

use serde_json::json;
use strict_yaml::{FromNode, Node, Problem, Problems, Value};

use super::form::{Defs, Described};
use super::model::{Template, ValueTemplate};

impl FromNode for ValueTemplate {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        Some(match &node.value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) if value.is_finite() => Self::Float(*value),
            Value::Float(_) => {
                problems.push(Problem::new(node.place, "JSON has no such number"));
                return None;
            }
            Value::String(_) => Self::Text(Template::from_node(node, problems)?),
            Value::Seq(items) => Self::List(
                items
                    .iter()
                    .filter_map(|item| Self::from_node(item, problems))
                    .collect(),
            ),
            Value::Map(map) => Self::Object(
                map.entries
                    .iter()
                    .filter_map(|entry| {
                        Some((
                            entry.key.value.clone(),
                            Self::from_node(&entry.value, problems)?,
                        ))
                    })
                    .collect(),
            ),
        })
    }
}

impl Described for ValueTemplate {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        defs.named(
            "value",
            |_| json!({ "description": "Any JSON; ${…} in its strings are replaced." }),
        )
    }
}

/// As JSON, references as written.
impl fmt::Display for ValueTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

impl ValueTemplate {
    /// As JSON, references as written.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => json!(value),
            Self::Int(value) => json!(value),
            Self::Float(value) => json!(value),
            Self::Text(template) => json!(template.to_string()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(members) => serde_json::Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }
}
