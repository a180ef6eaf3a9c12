//! `levels:` of a requirement: what each profile demands, as written.

use std::collections::BTreeSet;

use strict_yaml::{FromNode, MapReader, Node, Problem, Problems};

use super::model::{Demand, Level, Profile};
use super::source::Source;

/// The levels as written: a word a profile, or a map where the profile has a source or a sentence of its own.
pub(super) struct Demands(Vec<(Profile, Written)>);

/// One of them.
struct Written {
    level: Level,
    source: Option<Source>,
    text: Option<String>,
}

impl Demands {
    /// What each profile demands. Where it names no source or sentence, those of the requirement hold.
    pub(super) fn resolve(self, source: &Source, text: &str) -> Vec<Demand> {
        let demands = self.0.into_iter().map(|(profile, written)| Demand {
            profile,
            level: written.level,
            source: written.source.unwrap_or_else(|| source.clone()),
            text: written.text.unwrap_or_else(|| text.to_owned()),
        });
        demands.collect()
    }
}

impl FromNode for Demands {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(map) = node.as_map().filter(|map| !map.entries.is_empty()) else {
            problems.push(node.mismatch("a map of profiles to levels, such as `{ base: MUST }`"));
            return None;
        };
        let mut seen = BTreeSet::new();
        let mut demands = Vec::new();
        for entry in &map.entries {
            let name = entry.key.value.as_str();
            let Some(&(_, profile)) = Profile::ALL.iter().find(|(word, _)| *word == name) else {
                let names = Profile::ALL.iter().map(|(word, _)| *word);
                problems.push(strict_yaml::unknown(
                    entry.key.place,
                    "profile",
                    name,
                    names,
                ));
                continue;
            };
            if !seen.insert(profile) {
                let message = format!("the profile `{profile}` has two levels");
                problems.push(Problem::new(entry.key.place, message).help("remove one"));
            }
            if let Some(written) = written(&entry.value, problems) {
                demands.push((profile, written));
            }
        }
        (!demands.is_empty()).then_some(Self(demands))
    }
}

fn written(node: &Node, problems: &mut Problems) -> Option<Written> {
    if node.as_map().is_none() {
        let level = level(node, problems)?;
        return Some(Written {
            level,
            source: None,
            text: None,
        });
    }
    let mut reader = MapReader::new(node, problems, "a level");
    let level = reader.required_one_of("level", Level::ALL);
    let source = reader.optional::<Source>("source");
    let text = reader.optional::<String>("text");
    reader.finish();
    Some(Written {
        level: level?.value,
        source,
        text,
    })
}

fn level(node: &Node, problems: &mut Problems) -> Option<Level> {
    let names = || Level::ALL.iter().map(|(word, _)| *word);
    let Some(word) = node.as_str() else {
        problems.push(node.mismatch("MUST, SHOULD or MAY, or a map with `level`"));
        return None;
    };
    let found = Level::ALL.iter().find(|(known, _)| *known == word);
    if found.is_none() {
        problems.push(strict_yaml::unknown(node.place, "level", word, names()));
    }
    found.map(|(_, level)| *level)
}
