//! How much is told: quiet, usual, verbose.

use insta::assert_snapshot;

use super::{Terminal, replaying};

#[test]
fn quiet_is_the_verdict_alone() {
    let terminal = Terminal::new();
    assert_snapshot!(terminal.transcript(&["run", "secret/", "--quiet"]));
}

#[test]
fn quiet_still_tells_what_is_wrong() {
    let (terminal, _org) = replaying();
    let shown = terminal.transcript(&[
        "run",
        "authorization-server/redeem/",
        "--target",
        "target.yaml",
        "-q",
    ]);
    assert!(shown.contains("--- exit 1\n"), "{shown}");
    assert!(
        shown.contains("failed    authorization-server/redeem/replayed"),
        "{shown}"
    );
    assert!(shown.contains("Not conformant: "), "{shown}");
    assert!(!shown.contains("passed    "), "{shown}");
}

#[test]
fn verbose_tells_the_exchanges_of_many_cases_and_the_wire_of_one() {
    let terminal = Terminal::new();
    let many = terminal.transcript(&["run", "secret/", "--jobs", "1", "-v"]);
    assert!(
        many.contains("\n  exchange: agent > org server  POST "),
        "{many}"
    );
    assert!(!many.contains("subject_token_type"), "{many}");
    let one = terminal.transcript(&["run", "secret/whole-flow", "--jobs", "1", "-v"]);
    for wire in [
        "subject_token_type",
        "urn:ietf:params:oauth:token-type:id_token",
        "x-okta-request-id",
        "cache-control",
        "received  200",
    ] {
        assert!(one.contains(wire), "{wire}: {one}");
    }
    let all = terminal.transcript(&["run", "secret/", "--jobs", "1", "-vv"]);
    assert!(all.contains("subject_token_type"), "{all}");
}

#[test]
fn quiet_and_verbose_contradict_each_other() {
    let terminal = Terminal::new();
    assert_snapshot!(terminal.transcript(&["run", "--quiet", "--verbose"]));
}

/// Nothing is wider than the reader's page, however narrow, except what has no place to break.
#[test]
fn sixty_columns_are_enough() {
    let terminal = Terminal::new();
    for talk in ["-q", "-v", "-vv"] {
        let ran = terminal
            .command(&["run", "secret/", talk])
            .env("COLUMNS", "60")
            .output()
            .expect("atx runs");
        let shown = String::from_utf8_lossy(&ran.stderr).into_owned();
        let wide: Vec<_> = shown
            .lines()
            .filter(|line| line.chars().count() > 60 && line.trim().contains("  "))
            // A command must be copied whole.
            .filter(|line| !line.trim_start().starts_with("again "))
            .collect();
        assert!(wide.is_empty(), "{talk}: {wide:#?}");
    }
}
