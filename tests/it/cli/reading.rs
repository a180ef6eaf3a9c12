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
