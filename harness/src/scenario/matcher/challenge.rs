//! `challenge`: the scheme of a challenge and its parameters.

use serde_json::json;
use strict_yaml::{FromNode, Node, Problem, Problems};

use crate::scenario::form::{Defs, Described};
use crate::scenario::model::{ChallengeMatcher, Matcher};

/// The key that every challenge has; all others are parameters.
const SCHEME: &str = "scheme";

impl FromNode for ChallengeMatcher {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(map) = node.as_map() else {
            problems
                .push(node.mismatch("a map, such as `{ scheme: bearer, error: invalid_token }`"));
            return None;
        };
        let Some(scheme) = map.get(SCHEME) else {
            let problem = Problem::new(node.place, "a challenge has a scheme");
            problems.push(problem.help("add `scheme: bearer`"));
            return None;
        };
        let scheme = String::from_node(scheme, problems)?;
        let parameters = map.entries.iter().filter(|entry| entry.key.value != SCHEME);
        let parameters = parameters.filter_map(|entry| {
            let matcher = Matcher::from_node(&entry.value, problems)?;
            Some((entry.key.value.to_ascii_lowercase(), matcher))
        });
        Some(Self {
            parameters: parameters.collect(),
            scheme,
        })
    }
}

impl Described for ChallengeMatcher {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        let parameter = Matcher::schema(defs);
        json!({
            "type": "object",
            "properties": { SCHEME: { "type": "string" } },
            "required": [SCHEME],
            "additionalProperties": parameter,
        })
    }
}
