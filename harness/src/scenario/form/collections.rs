//! Collections of forms: maps with free names, and one-or-many.

use std::collections::HashSet;

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Problem, Problems, Spanned};

use super::{Defs, Described};

/// A map whose names the writer chooses, in written order.
#[derive(Debug, Clone)]
pub(crate) struct Named<T>(pub(crate) Vec<(Spanned<String>, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// Without the places of the names.
    pub(crate) fn into_pairs(self) -> Vec<(String, T)> {
        self.0
            .into_iter()
            .map(|(name, value)| (name.value, value))
            .collect()
    }

    /// With names in lower case, for header fields; one that then stands there twice is noted.
    pub(crate) fn lower_case(self, problems: &mut Problems) -> Vec<(String, T)> {
        let mut seen = HashSet::new();
        for (name, _) in &self.0 {
            if !seen.insert(name.value.to_ascii_lowercase()) {
                problems.push(Problem::new(
                    name.place,
                    format!("the header field `{}` stands here twice", name.value),
                ));
            }
        }
        self.0
            .into_iter()
            .map(|(name, value)| (name.value.to_ascii_lowercase(), value))
            .collect()
    }
}

/// A value that cannot be read is noted and left out; the others are read all the same.
impl<T: FromNode> FromNode for Named<T> {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(map) = node.as_map() else {
            problems.push(node.mismatch("a map"));
            return None;
        };
        let read = map
            .entries
            .iter()
            .filter_map(|entry| Some((entry.key.clone(), T::from_node(&entry.value, problems)?)))
            .collect();
        Some(Self(read))
    }
}

impl<T: Described> Described for Named<T> {
    fn schema(defs: &mut Defs) -> Value {
        json!({ "type": "object", "additionalProperties": T::schema(defs) })
    }
}

/// One, or a list of them.
#[derive(Debug, Clone)]
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromNode> FromNode for OneOrMany<T> {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.as_seq() {
            Some([]) => {
                problems.push(Problem::new(node.place, "this list is empty"));
                None
            }
            Some(items) => Some(Self(
                items
                    .iter()
                    .filter_map(|item| T::from_node(item, problems))
                    .collect(),
            )),
            None => T::from_node(node, problems).map(|one| Self(vec![one])),
        }
    }
}

impl<T: Described> Described for OneOrMany<T> {
    fn schema(defs: &mut Defs) -> Value {
        let one = T::schema(defs);
        json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}
