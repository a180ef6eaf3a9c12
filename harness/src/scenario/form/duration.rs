//! Durations as people write them: `300s`, `61m`, `-1h`.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Problem, Problems, seconds};

use super::{Defs, Described};

/// A signed number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seconds(pub(crate) i64);

const EXPECTED: &str = "a duration such as 300s, 61m, 24h or 2d";

impl Seconds {
    fn parse(text: &str) -> Option<Self> {
        seconds(text, &[('s', 1), ('m', 60), ('h', 3600), ('d', 86400)]).map(Self)
    }

    /// Not negative, or noted.
    pub(crate) fn forward(self, place: strict_yaml::Place, problems: &mut Problems) -> u64 {
        u64::try_from(self.0).unwrap_or_else(|_| {
            problems.push(
                Problem::new(place, "a negative duration makes no sense here").expected(EXPECTED),
            );
            0
        })
    }
}

impl FromNode for Seconds {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let seconds = node.as_str().and_then(Self::parse);
        if seconds.is_none() {
            let problem = Problem::new(node.place, "this is no duration").expected(EXPECTED);
            problems.push(match node.value {
                strict_yaml::Value::Int(number) => problem.help(format!("add the unit: {number}s")),
                _ => problem,
            });
        }
        seconds
    }
}

impl Described for Seconds {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "string", "pattern": "^[+-]?[0-9]+[smhd]$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!(Seconds::parse("300s"), Some(Seconds(300)));
        assert_eq!(Seconds::parse("-1h"), Some(Seconds(-3600)));
        assert_eq!(Seconds::parse("2d"), Some(Seconds(172_800)));
    }
}
