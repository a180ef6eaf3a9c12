//! The schema and the reader know the same keys and words, at every place of a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use strict_yaml::{Document, Node, Problem, Value as Yaml};

use super::schema;
use crate::targets::config::{self, Sources};
use crate::targets::sample;

/// Something that no reader knows.
const UNKNOWN: &str = "zzz";

/// A map of the schema: where it stands in a file, and its own part of the schema.
struct Place {
    path: Vec<String>,
    schema: Value,
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

    /// A file that has nothing but this map, with one member.
    fn file_with(&self, key: &str, value: &Value) -> Value {
        let mut file = json!({ key: value });
        for name in self.path.iter().rev() {
            file = Value::Object(Map::from_iter([(name.clone(), file)]));
        }
        file
    }
}

fn places(schema: &Value, path: &[String], found: &mut Vec<Place>) {
    // A map that may stand in the place of a string.
    if let Some(forms) = schema["anyOf"].as_array() {
        for form in forms {
            places(form, path, found);
        }
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    found.push(Place {
        path: path.to_owned(),
        schema: schema.clone(),
    });
    for (name, member) in properties {
        places(member, &[path, std::slice::from_ref(name)].concat(), found);
    }
}

fn all_places() -> Vec<Place> {
    let mut found = Vec::new();
    places(&schema(), &[], &mut found);
    found
}

fn mistakes(file: &Value) -> Vec<Problem> {
    let sources = Sources {
        folder: Path::new("/nowhere"),
        environment: &|_| None,
    };
    let problems = config::parse("t.yaml", &file.to_string(), &sources).unwrap_err();
    problems.sorted().into_iter().cloned().collect()
}

/// The names in a message such as "one of a, b".
fn named(problem: &Problem) -> BTreeSet<String> {
    let expected = problem.expected.as_deref().unwrap_or_default();
    let names = expected.strip_prefix("one of ").unwrap_or_default();
    names.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_reader_knows_the_keys_of_the_schema_and_no_others() {
    let places = all_places();
    assert!(places.len() > 30, "{} maps", places.len());
    for place in &places {
        let mistakes = mistakes(&place.file_with(UNKNOWN, &json!(1)));
        let unknown = mistakes
            .iter()
            .find(|problem| problem.message.starts_with("unknown key `zzz`"))
            .unwrap_or_else(|| panic!("{:?} is not read as a map", place.path));
        assert_eq!(named(unknown), place.keys(), "{:?}", place.path);

        let lacking = mistakes.iter().filter_map(|problem| {
            let (_, key) = problem.message.split_once(" lacks the key `")?;
            Some(key.trim_end_matches('`').to_owned())
        });
        let above = places.iter().filter(|other| {
            other.path.len() < place.path.len() && place.path.starts_with(&other.path)
        });
        let above: BTreeSet<String> = above.flat_map(Place::required).collect();
        let lacking: BTreeSet<String> = lacking.filter(|key| !above.contains(key)).collect();
        assert_eq!(lacking, place.required(), "{:?}", place.path);
    }
}

#[test]
fn the_reader_knows_the_words_of_the_schema_and_no_others() {
    let mut checked = 0;
    for place in all_places() {
        for (key, member) in place.schema["properties"].as_object().unwrap() {
            let (words, value) = match &member["items"] {
                Value::Null => (&member["anyOf"][0]["enum"], json!(UNKNOWN)),
                items => (&items["anyOf"][0]["enum"], json!([UNKNOWN])),
            };
            let Some(words) = words.as_array() else {
                continue;
            };
            let words: BTreeSet<String> = words
                .iter()
                .map(|word| word.as_str().unwrap().to_owned())
                .collect();
            let mistakes = mistakes(&place.file_with(key, &value));
            let unknown = mistakes
                .iter()
                .find(|problem| problem.message == "unknown word `zzz`")
                .unwrap_or_else(|| panic!("{:?}.{key} takes any word", place.path));
            assert_eq!(named(unknown), words, "{:?}.{key}", place.path);
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked} words");
}

#[test]
fn the_schema_accepts_files_that_the_reader_reads() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/okta-org.yaml");
    let example = fs::read_to_string(example).unwrap();
    let with_variables = "target: okta\nedition: ${EDITION}\nprofiles: [base, '${PROFILE}']\n\
        authorization_servers: { org: { issuer: 'https://${ORG}' } }\n\
        clients: { agent: { client_id: x, auth: client_secret_post, client_secret: { env: '${NAME}' } } }\n";
    for text in [
        &example,
        &sample::file("http://127.0.0.1:7070"),
        with_variables,
    ] {
        let file = as_json(&Document::parse("t.yaml", text).unwrap().root);
        let errors: Vec<String> = validator
            .iter_errors(&file)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let whole = Document::parse("t.yaml", sample::file("http://127.0.0.1:7070")).unwrap();
    let whole = as_json(&whole.root);
    for place in all_places() {
        let pointer: String = place.path.iter().flat_map(|name| ["/", name]).collect();
        let mut file = whole.clone();
        // What the sample leaves out has the schema of another member.
        let Some(Value::Object(map)) = file.pointer_mut(&pointer) else {
            continue;
        };
        map.insert(UNKNOWN.to_owned(), json!(1));
        assert!(!validator.is_valid(&file), "{pointer}");
    }
    for (pointer, wrong) in [
        ("/users/ada/password", json!("hunter2")),
        ("/users/ada/password", json!({})),
        ("/users/ada/password", json!({ "env": "A", "file": "b" })),
        ("/users/ada/password", json!({ "enw": "A" })),
        ("/target", json!("auth0")),
        ("/shows_internal_codes", json!("yes")),
        ("/clients/agent/auth", json!([])),
    ] {
        let mut file = whole.clone();
        *file.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&file), "{pointer}");
        let sources = Sources {
            folder: Path::new("/nowhere"),
            environment: &|_| None,
        };
        let read = config::parse("t.yaml", &file.to_string(), &sources);
        assert!(read.is_err(), "{pointer}");
    }
}

#[test]
fn the_schema_file_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/target.json");
    let current = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == current,
        "schemas/target.json is stale: run the tests with UPDATE_SCHEMA=1"
    );
}

#[test]
fn the_guide_names_every_key_and_role() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/targets.md");
    let guide = fs::read_to_string(guide).unwrap();
    let guide = guide.split_once("\n## Every key\n").unwrap().1;
    let quoted: BTreeSet<&str> = guide
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect();
    // `sign_in.with` and `users.ada` name the last of their parts.
    let named: BTreeSet<&str> = quoted
        .iter()
        .filter_map(|name| name.rsplit('.').next())
        .collect();
    let keys = all_places();
    let keys: BTreeSet<String> = keys.iter().flat_map(Place::keys).collect();
    let missing: Vec<&String> = keys
        .iter()
        .filter(|key| {
            !named.contains(key.as_str())
                && !quoted.iter().any(|one| one.starts_with(&format!("{key}.")))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "docs/targets.md does not name {missing:?}"
    );
}

fn as_json(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => (*value).into(),
        Yaml::Int(value) => (*value).into(),
        Yaml::Float(value) => (*value).into(),
        Yaml::String(text) => text.clone().into(),
        Yaml::Seq(items) => items.iter().map(as_json).collect(),
        Yaml::Map(map) => {
            let members = map.entries.iter();
            let members = members.map(|entry| (entry.key.value.clone(), as_json(&entry.value)));
            Value::Object(members.collect())
        }
    }
}
