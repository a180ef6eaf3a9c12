//! The language as a whole: every message word for word, the files that ship, the schema.

use std::fs;
use std::path::{Path, PathBuf};

use strict_yaml::{Document, Node, Value as Yaml};

use super::expect::Sources;
use super::shared::Shared;
use super::{embedded, from_dir, load, schema};
use crate::requirement::Catalogue;

/// A path in the workspace.
fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The files of a folder with an extension, in order.
fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

/// Compares with the message that stands beside the file.
fn assert_message(name: &str, message: &str) {
    insta::with_settings!({
        snapshot_path => workspace("tests/fixtures/scenarios/bad"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, message) });
}

#[test]
fn every_bad_file_says_what_is_wrong_with_it() {
    let files = files(&workspace("tests/fixtures/scenarios/bad"), "yaml");
    assert!(files.len() >= 20);
    let shared = Shared::parse(
        "shared.yaml",
        "token-success: { status: 200 }\n",
        Catalogue::embedded(),
    )
    .unwrap();
    let sources = Sources {
        catalogue: Catalogue::embedded(),
        shared: &shared,
    };
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(&file).unwrap();
        let problems = load::one(name, name, &bytes, &sources).expect_err(name);
        assert_message(name.trim_end_matches(".yaml"), &problems.to_string());
    }
}

#[test]
fn mistakes_of_several_files_are_reported_together() {
    for folder in ["several-files", "same-result-id"] {
        let root = workspace("tests/fixtures/scenarios/bad").join(folder);
        let failures = from_dir(&root).expect_err(folder);
        let message = failures
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n\n");
        let message = message.replace(&root.display().to_string(), folder);
        assert_message(folder, &message);
    }
}

#[test]
fn a_folder_that_is_not_there() {
    let failures = from_dir(Path::new("no/such/folder")).unwrap_err();
    assert!(
        failures[0].to_string().contains("no/such/folder"),
        "{}",
        failures[0]
    );
}

#[test]
fn a_folder_without_scenarios() {
    let folder = tempfile::tempdir().unwrap();
    let failures = from_dir(folder.path()).unwrap_err();
    assert!(
        failures[0]
            .to_string()
            .contains("there is no scenario in this folder")
    );
}

#[test]
fn the_files_that_ship_are_in_order() {
    let scenarios = embedded().unwrap_or_else(|failures| {
        panic!(
            "{}",
            failures
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n\n")
        )
    });
    assert!(scenarios.is_sorted_by_key(|scenario| scenario.id.clone()));
    let ids = |scenarios: &[super::Scenario]| {
        scenarios
            .iter()
            .map(|one| one.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&scenarios),
        ids(&from_dir(&workspace("scenarios")).unwrap_or_default()),
        "the binary holds other files"
    );
}

/// Set this variable to write the file anew.
const UPDATE: &str = "UPDATE_SCHEMA";

#[test]
fn the_schema_file_is_current() {
    for (name, schema) in [
        ("scenarios/schema.json", schema()),
        ("scenarios/agent/schema.json", super::agent::schema()),
    ] {
        let path = workspace(name);
        let current = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, &current).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == current,
            "{name} is stale: run the tests with {UPDATE}=1"
        );
    }
}

#[test]
fn the_schema_accepts_every_file_that_ships() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut folders = vec![workspace("scenarios")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        folders.extend(
            fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_dir() && !path.ends_with("agent")),
        );
        for file in files(&folder, "yaml")
            .into_iter()
            .filter(|file| is_scenario(file))
        {
            let errors: Vec<_> = validator
                .iter_errors(&to_json(
                    &Document::parse("f", fs::read_to_string(&file).unwrap())
                        .unwrap()
                        .root,
                ))
                .map(|error| format!("{} at {}", error, error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 0 || embedded().is_ok_and(|scenarios| scenarios.is_empty()));
}

#[test]
fn the_schema_for_agents_accepts_every_file_that_ships() {
    let validator = jsonschema::validator_for(&super::agent::schema()).unwrap();
    let mut seen = 0;
    for file in files(&workspace("scenarios/agent"), "yaml") {
        // Lists and maps of their own form.
        if file.ends_with("rules.yaml") || file.ends_with("changes.yaml") {
            continue;
        }
        let document = Document::parse("f", fs::read_to_string(&file).unwrap()).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&to_json(&document.root))
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}

fn is_scenario(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_str().unwrap();
    !matches!(
        name,
        "requirements.yaml"
            | "excluded.yaml"
            | "shared.yaml"
            | "defects.yaml"
            | "invariants.yaml"
            | "refusal-codes.yaml"
    ) && !file.to_string_lossy().contains("/expected/")
}

/// The mistakes of shape among the bad files: an editor sees them too.
#[test]
fn the_schema_refuses_what_is_misshapen() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let misshapen = [
        "unknown-key",
        "wrong-type",
        "missing-keys",
        "unknown-step",
        "two-kinds-in-a-step",
        "bad-words",
        "bad-save",
        "a-list",
        "five-mistakes",
    ];
    for name in misshapen {
        let text = fs::read_to_string(
            workspace("tests/fixtures/scenarios/bad")
                .join(name)
                .with_extension("yaml"),
        )
        .unwrap();
        let document = Document::parse(name, text).unwrap();
        assert!(!validator.is_valid(&to_json(&document.root)), "{name}");
    }
}

fn to_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Yaml::Null => serde_json::Value::Null,
        Yaml::Bool(value) => (*value).into(),
        Yaml::Int(value) => (*value).into(),
        Yaml::Float(value) => (*value).into(),
        Yaml::String(value) => value.as_str().into(),
        Yaml::Seq(items) => items.iter().map(to_json).collect(),
        Yaml::Map(map) => map
            .entries
            .iter()
            .map(|entry| (entry.key.value.clone(), to_json(&entry.value)))
            .collect(),
    }
}
