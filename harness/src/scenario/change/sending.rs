//! `$repeat` and `$race`: how often a request is sent.

use serde_json::{Value, json};
use strict_yaml::{FromNode, MapReader, Node, Problem, Problems, Value as Yaml};

use crate::scenario::form::{Defs, Described, Property, object};
use crate::scenario::model::Sending;

/// Once more is the least that proves something.
const FEWEST: u64 = 2;
/// A scenario is no load test.
const MOST: u64 = 64;

/// How many times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times(pub(super) usize);

impl FromNode for Times {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let times = u64::from_node(node, problems)?;
        if (FEWEST..=MOST).contains(&times) {
            return usize::try_from(times).ok().map(Self);
        }
        let problem = Problem::new(node.place, format!("{times} times make no sense here"));
        problems.push(problem.expected(format!("{FEWEST} to {MOST}")));
        None
    }
}

impl Described for Times {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "integer", "minimum": FEWEST, "maximum": MOST })
    }
}

/// `$race: 16`, or `$race: { identical: 16 }`.
pub(super) struct Race(pub(super) Sending);

impl FromNode for Race {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        if let Yaml::Map(_) = node.value {
            let mut race = MapReader::new(node, problems, "a race");
            let times = race.required::<Times>("identical");
            race.finish();
            return times.map(|times| Self(raced(times, true)));
        }
        Times::from_node(node, problems).map(|times| Self(raced(times, false)))
    }
}

impl Described for Race {
    fn schema(defs: &mut Defs) -> Value {
        let identical = Property {
            key: "identical",
            required: true,
            doc: "The same bytes so many times, the client assertion included.",
            schema: Times::schema(defs),
        };
        json!({ "anyOf": [Times::schema(defs), object([identical])] })
    }
}

fn raced(times: Times, identical: bool) -> Sending {
    Sending::Raced {
        times: times.0,
        identical,
    }
}
