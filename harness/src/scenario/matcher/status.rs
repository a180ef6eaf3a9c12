//! The status of an answer, whose short forms are numbers.

use serde_json::json;
use strict_yaml::{FromNode, Node, Problem, Problems, Value};

use crate::scenario::form::{Defs, Described};
use crate::scenario::model::{Matcher, ValueTemplate};

/// A status: a number, a list of numbers any of which will do, a saved status, or a matcher.
#[derive(Debug, Clone)]
pub(crate) struct StatusMatcher(pub(crate) Matcher);

impl FromNode for StatusMatcher {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let status = |node: &Node, problems: &mut Problems| match node.value {
            Value::Int(status) if (100..=599).contains(&status) => Some(ValueTemplate::Int(status)),
            _ => {
                problems.push(
                    Problem::new(node.place, "this is no HTTP status")
                        .expected("a number from 100 to 599"),
                );
                None
            }
        };
        Some(Self(match &node.value {
            Value::Map(_) => Matcher::from_node(node, problems)?,
            Value::Seq(items) => Matcher::OneOf(
                items
                    .iter()
                    .filter_map(|item| status(item, problems))
                    .collect(),
            ),
            Value::String(text) if text.starts_with("${") => {
                Matcher::Equals(ValueTemplate::from_node(node, problems)?)
            }
            _ => Matcher::Equals(status(node, problems)?),
        }))
    }
}

impl Described for StatusMatcher {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        let matcher = Matcher::schema(defs);
        let status = json!({ "type": "integer", "minimum": 100, "maximum": 599 });
        let saved = json!({ "type": "string", "pattern": "^\\$\\{" });
        let several = json!({ "type": "array", "items": status, "minItems": 1 });
        json!({ "if": { "type": "object" }, "then": matcher,
                "else": { "anyOf": [status, several, saved] } })
    }
}
