//! The command line: text, JSON and its schema, exit codes.

use conformance_tests::{binary, repo};
use mock_okta::MockOkta;
use serde_json::{Map, Value, json};

use super::AGENT;

#[test]
fn the_command_says_it_in_text_and_in_json() {
    let org = MockOkta::builder()
        .seed(2103)
        .as_real()
        .start_blocking()
        .expect("the org starts");
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(binary::path("atx"));
        command
            .args(arguments)
            .current_dir(folder.path())
            .env("NO_COLOR", "1");
        command.output().expect("atx runs")
    };
    std::fs::write(folder.path().join("target.yaml"), org.target_file()).expect("a file");
    let fine = run(&["doctor", "--target", "target.yaml"]);
    let text = String::from_utf8_lossy(&fine.stdout);
    assert_eq!(fine.status.code(), Some(0), "{text}");
    assert!(text.contains("No problem is known"), "{text}");

    let change = json!({ "agents": [{ "id": AGENT, "assigned_users": [] }] });
    let change: Map<String, Value> = change.as_object().cloned().expect("an object");
    org.configure(change).expect("a change");
    let broken = run(&["doctor", "--target", "target.yaml", "--json"]);
    assert_eq!(broken.status.code(), Some(3));
    let document: Value = serde_json::from_slice(&broken.stdout).expect("JSON");
    assert_eq!(
        (&document["version"], &document["ready"]),
        (&json!(1), &json!(false))
    );
    let schema: Value =
        serde_json::from_str(&repo::read("reports/doctor.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&document));
    assert!(!validator.is_valid(&json!({ "version": 1 })));

    std::fs::write(folder.path().join("wrong.yaml"), "target: nothing\n").expect("a file");
    assert_eq!(
        run(&["doctor", "--target", "wrong.yaml"]).status.code(),
        Some(2)
    );
}
