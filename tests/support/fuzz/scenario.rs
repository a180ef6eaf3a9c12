//! The scenario file: read or refused as the only one of a folder; one that is read can be described.

use std::fs;
use std::path::Path;

use harness::scenario::{self, Scenario, describe};

use super::secrets;

/// Shared expectations, which scenarios refer to.
const SHARED: &str = include_str!("../../../scenarios/shared.yaml");

/// A file's path is its id: `id: one`.
const FILE: &str = "one.yaml";

thread_local! {
    static FOLDER: tempfile::TempDir = {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("shared.yaml"), SHARED).expect("a file");
        folder
    };
}

pub fn run(input: &[u8]) -> bool {
    FOLDER.with(|folder| read(folder.path(), input))
}

fn read(folder: &Path, input: &[u8]) -> bool {
    fs::write(folder.join(FILE), input).expect("a file");
    match scenario::from_dir(folder) {
        Ok(scenarios) => {
            scenarios.iter().for_each(describe);
            true
        }
        Err(failures) => {
            assert!(!failures.is_empty());
            failures.iter().for_each(secrets::are_short);
            false
        }
    }
}

fn describe(scenario: &Scenario) {
    assert_eq!(scenario.id, "one");
    for step in &scenario.steps {
        assert!(!step.action.kind().describe().summary.is_empty());
    }
    for case in &scenario.cases {
        let difference = describe::difference(scenario, case);
        assert!(!difference.parts.is_empty(), "{} changes nothing", case.id);
    }
}
