//! Commands that only read: nothing is sent anywhere.

use std::collections::BTreeSet;

use conformance_tests::repo;
use insta::assert_snapshot;

use super::Terminal;
use crate::support::harness_run::{invariants, scenarios};

#[test]
fn help_names_the_commands_and_the_exit_codes() {
    assert_snapshot!(Terminal::new().transcript(&["--help"]));
}

#[test]
fn list_shows_a_case_a_line() {
    assert_snapshot!(Terminal::new().transcript(&[
        "list",
        "secret/whole-flow",
        "sign-in/code-flow"
    ]));
}

#[test]
fn list_filters_by_requirement_and_edition() {
    assert_snapshot!(Terminal::new().transcript(&["list", "idjag.typ", "--edition", "2026-10"]));
}

#[test]
fn list_names_every_case_once() {
    let output = Terminal::new().atx(&["list"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let ids: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let expected: usize = scenarios()
        .iter()
        .map(|scenario| 1 + scenario.cases.len())
        .sum::<usize>()
        + invariants().rules.len();
    assert_eq!(ids.len(), expected);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), expected);
    assert!(expected >= 100, "the suite has shrunk to {expected}");
}

#[test]
fn show_makes_a_page_of_a_case() {
    assert_snapshot!(Terminal::new().transcript(&["show", "secret/whole-flow"]));
}

#[test]
fn schemas_are_those_checked_in() {
    for (what, file) in [
        ("scenario", "scenarios/schema.json"),
        ("report", "reports/schema.json"),
        ("target", "schemas/target.json"),
        ("org", "schemas/org.json"),
    ] {
        let output = Terminal::new().atx(&["schema", what]);
        assert_eq!(output.status.code(), Some(0));
        let current = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(
            current == repo::read(file),
            "{file} is not current: run `cargo xtask generate`"
        );
    }
}

/// A scenario in the words of an earlier version is read, and the user learns how it is written now.
#[test]
fn earlier_names_are_read_with_a_hint() {
    let terminal = Terminal::new();
    let scenario = |control: &str, signer: &str| {
        format!(
            "id: old\ntitle: Old words\nresource_type: none\ncovers: [okta.open.several-targets]\nsteps:\n  - sign_in: {{ as: user_client, user: ada }}\n    save: {{ id_token: body.id_token }}\n  - control: {{ {control}: {{ vault_scope: refuse }} }}\n  - exchange:\n      subject_token: ${{id_token}}\n      requested_token_type: x\n    expect: {{ status: 400 }}\ncases:\n  - id: other\n    at: exchange\n    change: {{ subject_token: {{ jwt: {{ sign_with: {signer} }} }} }}\n    expect: {{ status: 400 }}\n"
        )
    };
    terminal.write("own/old.yaml", &scenario("turn", "stranger"));
    let output = terminal.atx(&["list", "--scenarios", "own"]);
    let shown = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
    assert_eq!(output.status.code(), Some(0), "{shown}");
    for hint in [
        "hint: own/old.yaml:8: `turn` is called `switches` now; the earlier name is read until the next version",
        "hint: own/old.yaml:16: `stranger` is called `unknown-key` now; the earlier name is read until the next version",
    ] {
        assert!(shown.contains(hint), "{hint}\n{shown}");
    }

    terminal.write("own/old.yaml", &scenario("switches", "unknown-key"));
    let output = terminal.atx(&["list", "--scenarios", "own"]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(!shown.contains("old.yaml"), "{shown}");
}
