//! The schema and the reader know the same keys and words, at every place of a file.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strict_yaml::{Document, Problem};

use super::super::Written;
use super::{CREDENTIALS, names};
use crate::behaviour::Edition;
use crate::org::Org;

/// Something that no reader knows.
const UNKNOWN: &str = "zzz";

/// A map of the schema: where it stands in a file, and its own part of the schema.
struct Place {
    path: Vec<Step>,
    schema: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Item,
}

impl Place {
    fn keys(&self) -> BTreeSet<String> {
        let properties = self.schema["properties"].as_object().unwrap();
        properties.keys().cloned().collect()
    }

    fn required(&self) -> BTreeSet<String> {
        let required = self.schema["required"].as_array();
        let names = required.into_iter().flatten();
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    }

    /// A file that has nothing but this map.
    fn file_with(&self, map: Value) -> String {
        let file = self.path.iter().rev().fold(map, |inner, step| match step {
            Step::Key(name) => json!({ name: inner }),
            Step::Item => json!([inner]),
        });
        file.to_string()
    }

    fn is(&self, section: &str) -> bool {
        self.path == [Step::Key(section.to_owned()), Step::Item]
    }
}

fn places(schema: &Value, path: &[Step], found: &mut Vec<Place>) {
    if !schema["items"].is_null() {
        places(&schema["items"], &[path, &[Step::Item]].concat(), found);
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    found.push(Place {
        path: path.to_owned(),
        schema: schema.clone(),
    });
    for (name, member) in properties {
        places(member, &[path, &[Step::Key(name.clone())]].concat(), found);
    }
}

fn all_places() -> Vec<Place> {
    let mut found = Vec::new();
    places(&Org::schema(), &[], &mut found);
    found
}

fn mistakes(file: &str) -> Vec<Problem> {
    let problems = Org::from_yaml("org.yaml", file, Edition::default()).unwrap_err();
    problems.sorted().into_iter().cloned().collect()
}

/// The names in a message such as "one of a, b".
fn named(problem: &Problem) -> BTreeSet<String> {
    let expected = problem.expected.as_deref().unwrap_or_default();
    let names = expected.strip_prefix("one of ").unwrap_or_default();
    names.split(", ").map(str::to_owned).collect()
}

/// The keys that a map may have besides, and those that it lacks.
fn read_as(place: &Place, map: Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let mistakes = mistakes(&place.file_with(map));
    let unknown = mistakes
        .iter()
        .find(|problem| problem.message.starts_with("unknown key `zzz`"))
        .unwrap_or_else(|| panic!("{:?} is not read as a map", place.path));
    let lacking = mistakes.iter().filter_map(|problem| {
        let (_, key) = problem.message.split_once(" lacks the key `")?;
        Some(key.trim_end_matches('`').to_owned())
    });
    (named(unknown), lacking.collect())
}

#[test]
fn the_reader_knows_the_keys_of_the_schema_and_no_others() {
    let places = all_places();
    assert!(places.len() > 20, "{} maps", places.len());
    for place in &places {
        // Their names are data of their own: faults, and switches.
        if place.is("faults") || place.path == [Step::Key("behaviours".to_owned())] {
            continue;
        }
        let (keys, lacking) = if place.is("protected_resources") {
            // What else it has depends on what it takes.
            let mut keys = BTreeSet::new();
            for takes in names(&CREDENTIALS) {
                keys.extend(read_as(place, json!({ UNKNOWN: 1, "takes": takes })).0);
            }
            (keys, read_as(place, json!({ UNKNOWN: 1 })).1)
        } else {
            read_as(place, json!({ UNKNOWN: 1 }))
        };
        assert_eq!(keys, place.keys(), "{:?}", place.path);
        let above = places.iter().filter(|other| {
            other.path.len() < place.path.len() && place.path.starts_with(&other.path)
        });
        let above: BTreeSet<String> = above.flat_map(Place::required).collect();
        // A list of its parts stands for them: what an item lacks, its section lacks as well.
        let required: BTreeSet<String> = (place.required().into_iter())
            .filter(|key| !above.contains(key))
            .collect();
        let lacking: BTreeSet<String> = lacking
            .into_iter()
            .filter(|key| !above.contains(key))
            .collect();
        assert_eq!(lacking, required, "{:?}", place.path);
    }
}

#[test]
fn the_reader_knows_the_words_of_the_schema_and_no_others() {
    let mut checked = 0;
    for place in all_places() {
        if place.is("faults") {
            continue;
        }
        for (key, member) in place.schema["properties"].as_object().unwrap() {
            let (words, value) = match &member["items"] {
                Value::Null => (&member["enum"], json!(UNKNOWN)),
                items => (&items["enum"], json!([UNKNOWN])),
            };
            let Some(words) = words.as_array() else {
                continue;
            };
            let words: BTreeSet<String> = words
                .iter()
                .filter_map(|word| word.as_str().map(str::to_owned))
                .collect();
            // A condition is read where the type has one.
            let map = if key == "scope_condition" {
                json!({ key: value, "type": "IDENTITY_ASSERTION_CUSTOM_AS" })
            } else {
                json!({ key: value })
            };
            let mistakes = mistakes(&place.file_with(map));
            let unknown = mistakes
                .iter()
                .find(|problem| {
                    problem.message == "unknown word `zzz`"
                        || problem.message.ends_with("cannot be `zzz`")
                })
                .unwrap_or_else(|| panic!("{:?}.{key} takes any word", place.path));
            assert_eq!(named(unknown), words, "{:?}.{key}", place.path);
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} words");
}

#[test]
fn the_schema_accepts_the_default_org_and_refuses_unknown_keys_in_it() {
    let validator = jsonschema::validator_for(&Org::schema()).unwrap();
    let document = Document::parse("default.yaml", Org::default_yaml()).unwrap();
    let written = Written::of(&document.root);
    let org: Value = serde_json::from_str(&written.changed(&serde_json::Map::new())).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&org)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");

    let mut checked = 0;
    for place in all_places() {
        let pointer: String = place
            .path
            .iter()
            .map(|step| match step {
                Step::Key(name) => format!("/{name}"),
                Step::Item => "/0".to_owned(),
            })
            .collect();
        let mut file = org.clone();
        let Some(Value::Object(map)) = file.pointer_mut(&pointer) else {
            continue;
        };
        map.insert(UNKNOWN.to_owned(), json!(1));
        assert!(!validator.is_valid(&file), "{pointer}");
        checked += 1;
    }
    assert!(checked > 15, "{checked} maps");
}

#[test]
fn the_schema_file_is_current() {
    let written = include_str!("../../../../../../schemas/org.json");
    let current = format!("{:#}\n", Org::schema());
    assert!(
        written == current,
        "schemas/org.json is stale: run `cargo xtask generate`"
    );
}

#[test]
fn the_schema_knows_faults_and_ids() {
    let validator = jsonschema::validator_for(&Org::schema()).unwrap();
    let with = |section: &str, item: Value| {
        let mut org = json!({ "org": { "id": "00o00000000000000001", "name": "x" } });
        org[section] = json!([item]);
        org
    };
    let delay = json!({ "fault": "delay", "milliseconds": 500, "endpoint": "token" });
    assert!(validator.is_valid(&with("faults", delay.clone())));
    let read = Org::from_yaml("o", &with("faults", delay).to_string(), Edition::default());
    assert!(read.is_ok());
    for (section, wrong) in [
        ("faults", json!({ "fault": "zzz" })),
        ("faults", json!({ "milliseconds": 500 })),
        (
            "users",
            json!({ "id": "ada", "login": "a@b.c", "password": "x" }),
        ),
    ] {
        let org = with(section, wrong);
        assert!(!validator.is_valid(&org), "{org}");
        assert!(Org::from_yaml("o", &org.to_string(), Edition::default()).is_err());
    }
}
