//! What the user gave is wrong: exit 2, every mistake with its place and a way to mend it.

use insta::assert_snapshot;
use rstest::{Context, rstest};

use super::Terminal;

/// A scenario that is right. Each test below breaks it in one way.
const RIGHT: &str = "\
id: metadata/broken
title: The org tells where its endpoints are
resource_type: none
covers: [meta.issuer-exact]
steps:
  - metadata: { of: org }
    expect: { status: 200, body: { issuer: '${org.issuer}' } }
";

#[test]
fn the_scenario_that_the_others_break_is_right() {
    let terminal = Terminal::new();
    terminal.write("scenarios/metadata/broken.yaml", RIGHT);
    let output = terminal.atx(&["list", "--scenarios", "scenarios"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[rstest]
#[case::a_misspelt_key("resource_type", "resorce_type")]
#[case::an_unknown_requirement("meta.issuer-exact", "meta.issuer-exakt")]
#[case::an_unknown_step("- metadata:", "- metdata:")]
#[case::an_unknown_name("${org.issuer}", "${org.isuer}")]
#[case::broken_yaml("{ of: org }", "{ of: org")]
fn a_scenario_with(#[context] context: Context, #[case] right: &str, #[case] wrong: &str) {
    assert!(RIGHT.contains(right), "nothing would be broken");
    let terminal = Terminal::new();
    terminal.write(
        "scenarios/metadata/broken.yaml",
        &RIGHT.replace(right, wrong),
    );
    let name = format!(
        "a_scenario_with_{}",
        context.description.unwrap_or_default()
    );
    assert_snapshot!(
        name,
        terminal.transcript(&["run", "--scenarios", "scenarios"])
    );
    assert!(
        !terminal.folder().join("reports").exists(),
        "nothing was run, so nothing is written"
    );
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let terminal = Terminal::new();
    terminal.write(
        "scenarios/metadata/broken.yaml",
        &RIGHT
            .replace("title:", "titel:")
            .replace("status: 200", "status: fine"),
    );
    terminal.write(
        "scenarios/metadata/other.yaml",
        &RIGHT.replace("covers: [meta.issuer-exact]", "covers: []"),
    );
    assert_snapshot!(terminal.transcript(&["run", "--scenarios", "scenarios"]));
}

#[test]
fn a_target_file_with_several_mistakes() {
    let terminal = Terminal::new();
    terminal.write(
        "target.yaml",
        "target: okta\n\
         authorization_servers:\n  org: { isuer: https://example.okta.com }\n\
         clients:\n  agent:\n    client_id: wlp1\n    auth: private_key_jwt\n    key: { kid: k, alg: RS256, private_key_pem: { value: secret-in-the-file } }\n\
         users:\n  adda: { id: 00u1, login: ada@example.com }\n",
    );
    let transcript = terminal.transcript(&["run", "--target", "target.yaml"]);
    assert!(!transcript.contains("secret-in-the-file"), "{transcript}");
    assert_snapshot!(transcript);
}

#[rstest]
#[case::unknown_filter(&["run", "secrte"])]
#[case::unknown_id(&["show", "secret/whole-flwo"])]
#[case::unknown_edition(&["run", "--edition", "2027-01"])]
#[case::unknown_option(&["run", "--targte", "x"])]
#[case::missing_target_file(&["run", "--target", "nowhere.yaml"])]
#[case::missing_folder(&["list", "--scenarios", "nowhere"])]
#[case::no_jobs(&["run", "--jobs", "0"])]
fn arguments(#[context] context: Context, #[case] given: &[&str]) {
    let name = format!("arguments_{}", context.description.unwrap_or_default());
    let transcript = Terminal::new().transcript(given);
    assert!(transcript.contains("--- exit 2\n"), "{transcript}");
    assert_snapshot!(name, transcript);
}

#[test]
fn a_folder_for_reports_that_is_a_file() {
    let terminal = Terminal::new();
    terminal.write("taken", "");
    assert_snapshot!(terminal.transcript(&["run", "secret/whole-flow", "--out", "taken"]));
}
