//! What the action and the workflows take from others is fixed, and what they may do is no more than they need.

use conformance_tests::repo;
use strict_yaml::{Map, Value};

use super::parsed;

/// Files with steps of GitHub.
const STEPS: [&str; 3] = [
    "action.yml",
    "examples/ci/github.yml",
    ".github/workflows/scheduled.yml",
];

/// Those of them that are workflows.
const WORKFLOWS: [&str; 2] = ["examples/ci/github.yml", ".github/workflows/scheduled.yml"];

/// The one action that writes to the repository's security page.
const UPLOAD: &str = "github/codeql-action/upload-sarif@";

/// What stands behind `uses:`, its comment included, with the file.
fn used() -> Vec<(&'static str, String)> {
    let mut used = Vec::new();
    for file in STEPS {
        for line in repo::read(file).lines() {
            let line = line.trim_start_matches([' ', '-']);
            if let Some(action) = line.strip_prefix("uses: ") {
                used.push((file, action.to_owned()));
            }
        }
    }
    used
}

#[test]
fn actions_are_named_by_commit_with_their_version_beside() {
    let used = used();
    assert!(used.len() >= 8, "{used:?}");
    for (file, action) in used {
        // What whoever copies the example has to fill in.
        if action == "OWNER/REPOSITORY@REF" {
            continue;
        }
        let (name, version) = action.split_once(" # v").unwrap_or((&action, ""));
        let commit = name.split_once('@').map_or("", |(_, commit)| commit);
        let is_full = commit.len() == 40
            && (commit.bytes()).all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        assert!(is_full, "{file}: {action} is not named by a full commit");
        let numbers = version.split('.').map(str::parse::<u16>);
        let numbers: Vec<_> = numbers.filter_map(Result::ok).collect();
        assert_eq!(
            numbers.len(),
            3,
            "{file}: {action} does not say its version"
        );
    }
}

/// One action has one commit everywhere.
#[test]
fn pins_agree() {
    let used = used();
    for (file, action) in &used {
        let name = action.split('@').next();
        for (other_file, other) in &used {
            let same = other.split('@').next() == name;
            assert!(
                !same || action == other,
                "{file}, {other_file}: {action}, {other}"
            );
        }
    }
}

#[test]
fn images_are_named_by_digest() {
    let text = repo::read("examples/ci/gitlab.yml");
    let mut images = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("image: "))
        .peekable();
    assert!(images.peek().is_some());
    for image in images {
        let digest = image
            .split_once("@sha256:")
            .map_or("", |(_, digest)| digest);
        assert_eq!(digest.len(), 64, "{image}");
        assert!(
            image.split('@').next().is_some_and(|tag| tag.contains(':')),
            "{image}"
        );
    }
}

#[test]
fn a_checkout_leaves_no_credentials_behind() {
    for file in WORKFLOWS {
        let text = repo::read(file);
        let checkouts = text.matches("uses: actions/checkout@").count();
        assert!(checkouts > 0, "{file}");
        let without = text.matches("persist-credentials: false").count();
        assert_eq!(without, checkouts, "{file}");
    }
}

#[test]
fn a_workflow_allows_nothing_and_each_job_what_it_needs() {
    for file in WORKFLOWS {
        let document = parsed(file);
        let top = map(&document.root.value);
        let all = map(&top.get("permissions").expect("permissions").value);
        assert!(
            all.entries.is_empty(),
            "{file}: every job is given something"
        );
        let jobs = map(&top.get("jobs").expect("jobs").value);
        for job in &jobs.entries {
            let name = format!("{file}: {}", job.key.value);
            let steps = &repo::read(file)[job.value.place.bytes()];
            let job = map(&job.value.value);
            assert!(job.get("timeout-minutes").is_some(), "{name}");
            let given = map(&job.get("permissions").expect("permissions").value);
            for permission in &given.entries {
                let right = permission.value.as_str();
                if right != Some("read") {
                    assert_eq!(permission.key.value, "security-events", "{name}");
                    assert_eq!(right, Some("write"), "{name}");
                    assert!(steps.contains(UPLOAD), "{name} uploads nothing");
                    assert!(!steps.contains("run: "), "{name} runs commands as well");
                }
            }
        }
    }
}

/// GitHub runs what stands in `${{ … }}` of a script as part of the script.
#[test]
fn no_script_has_values_written_into_it() {
    for script in super::scripts() {
        assert!(!script.text.contains("${{"), "{}", script.place);
    }
}

fn map(value: &Value) -> &Map {
    match value {
        Value::Map(map) => map,
        other => panic!("a map, not {other:?}"),
    }
}
