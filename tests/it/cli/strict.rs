//! How strict a run is: what fails it beside a MUST, and which profiles judge.

use serde_json::Value;

use super::Terminal;

const REQUIREMENTS: &str = "\
- id: own.should
  source: { document: RFC 8414, section: §2 }
  role: idp-as
  levels: { base: SHOULD, okta: MUST }
  kind: positive
  tier: core
  text: The metadata name the colour of the server.
  test: Read them.
- id: own.may
  source: { document: RFC 8414, section: §2 }
  role: idp-as
  levels: { base: MAY }
  kind: positive
  tier: core
  text: The metadata name the size of the server.
  test: Read them.
";

/// Two requests: one leaves a SHOULD unmet, the other deviates where the source leaves room.
fn terminal() -> Terminal {
    let terminal = Terminal::new();
    terminal.write("own/requirements.yaml", REQUIREMENTS);
    terminal.write("own/shared.yaml", "{}\n");
    for (name, member) in [("should", "colour"), ("may", "size")] {
        let scenario = format!(
            "id: metadata/{name}\ntitle: The metadata name the {member}\nresource_type: none\ncovers: [own.{name}]\nsteps:\n  \
             - metadata: {{ of: org, document: oauth-authorization-server }}\n    \
             expect: {{ body: {{ x_{member}: {{ present: true }} }} }}\n"
        );
        terminal.write(&format!("own/metadata/{name}.yaml"), &scenario);
    }
    terminal
}

/// Exit code, what was said, and the report.
fn run(terminal: &Terminal, options: &[&str]) -> (Option<i32>, String, Value) {
    let run = ["run", "--scenarios", "own", "--profile", "base"];
    let output = terminal.atx(&[&run[..], options].concat());
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = std::fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    let report = serde_json::from_str(&report.expect("a report")).expect("JSON");
    (output.status.code(), shown, report)
}

#[test]
fn a_source_that_is_a_sentence_is_read_and_the_user_learns_the_new_form() {
    let terminal = terminal();
    let list = ["list", "--scenarios", "own"];
    let output = terminal.atx(&list);
    let counted = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!counted.contains("hint"), "{counted}");
    let sentence = REQUIREMENTS.replace("{ document: RFC 8414, section: §2 }", "RFC 8414 §2");
    terminal.write("own/requirements.yaml", &sentence);
    let output = terminal.atx(&list);
    assert_eq!(output.status.code(), Some(0));
    let hint = String::from_utf8_lossy(&output.stderr);
    assert!(
        hint.starts_with("hint: own/requirements.yaml:2: a source is a document and a section")
            && hint.ends_with(&format!("(2 in this file)\n{counted}")),
        "{hint}"
    );
}

#[test]
fn a_run_fails_on_what_it_is_told_to_and_says_so() {
    let terminal = terminal();
    let (exit, shown, _) = run(&terminal, &[]);
    assert_eq!(exit, Some(0), "{shown}");
    assert!(
        shown.contains("1 does not follow a recommendation (SHOULD)"),
        "{shown}"
    );

    let (exit, shown, report) = run(&terminal, &["--fail-on", "warning"]);
    assert_eq!(exit, Some(1), "{shown}");
    let why = "Failed by --fail-on warning: 1 of 2 judged cases does not follow a recommendation (SHOULD).";
    assert!(shown.contains(why), "{shown}");
    assert!(shown.contains("atx show metadata/should"), "{shown}");
    let standings: Vec<_> = (report["results"].as_array().into_iter().flatten())
        .map(|case| (&case["id"], &case["verdict"], &case["standing"]))
        .map(|(id, verdict, standing)| format!("{id} {verdict} {standing}").replace('"', ""))
        .collect();
    assert_eq!(
        standings,
        [
            "metadata/may observed fine",
            "metadata/should warning unexpected"
        ]
    );
    let junit = std::fs::read_to_string(terminal.folder().join("reports/out/junit.xml"));
    let junit = junit.expect("a report");
    assert!(junit.contains("failures=\"1\""), "{junit}");

    let (exit, shown, _) = run(&terminal, &["--fail-on", "observed"]);
    assert_eq!(exit, Some(1), "{shown}");
    assert!(
        shown.contains("Failed by --fail-on observed: 2 of 2"),
        "{shown}"
    );
}

#[test]
fn a_stored_run_exits_as_it_did_and_can_be_judged_more_strictly() {
    let terminal = terminal();
    run(&terminal, &[]);
    let report = ["report", "--from", "reports/out", "--out", "again"];
    let code = |options: &[&str]| {
        let output = terminal.atx(&[&report[..], options].concat());
        output.status.code()
    };
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--fail-on", "warning"]), Some(1));
    run(&terminal, &["--fail-on", "warning"]);
    assert_eq!(code(&[]), Some(1));
}

#[test]
fn a_warning_that_is_known_fails_nobody_and_must_go_when_it_is_gone() {
    let terminal = terminal();
    run(&terminal, &["--fail-on", "warning"]);
    let write = ["baseline", "write", "known.yaml", "--reason", "Ticket 12"];
    assert_eq!(terminal.atx(&write).status.code(), Some(0));
    let written = std::fs::read_to_string(terminal.folder().join("known.yaml")).expect("a file");
    assert!(written.contains("verdict: warning"), "{written}");
    assert!(!written.contains("metadata/may"), "{written}");

    let known = ["--fail-on", "warning", "--baseline", "known.yaml"];
    let (exit, shown, _) = run(&terminal, &known);
    assert_eq!(exit, Some(0), "{shown}");
    assert!(shown.contains("1 deviation is known"), "{shown}");

    // Under more profiles the same deviation breaks a MUST.
    let worse = [&known[..], &["--profile", "okta"]].concat();
    let (exit, shown, _) = run(&terminal, &worse);
    assert_eq!(exit, Some(1), "{shown}");

    let path = "own/metadata/should.yaml";
    let met = std::fs::read_to_string(terminal.folder().join(path)).expect("a file");
    terminal.write(path, &met.replace("x_colour", "issuer"));
    let (exit, shown, _) = run(&terminal, &known);
    assert_eq!(exit, Some(1), "{shown}");
    assert!(shown.contains("baseline is out of date"), "{shown}");
}

#[test]
fn profiles_are_chosen_on_the_command_line_and_again_when_it_is_run_again() {
    let terminal = terminal();
    let (exit, shown, report) = run(&terminal, &["--profile", "okta"]);
    assert_eq!(exit, Some(1), "{shown}");
    let profiles = serde_json::json!(["base", "okta"]);
    assert_eq!(report["target"]["profiles"], profiles);
    assert!(shown.contains("--profile base --profile okta"), "{shown}");

    let again = terminal.atx(&["run", "--scenarios", "own", "--rerun-failed"]);
    let shown = String::from_utf8_lossy(&again.stderr).into_owned();
    assert_eq!(again.status.code(), Some(1), "{shown}");
    assert!(shown.contains("metadata/should"), "{shown}");
    assert!(shown.contains("--profile base --profile okta"), "{shown}");
}

#[test]
fn what_is_listed_for_a_profile_is_what_it_judges() {
    let terminal = Terminal::new();
    let listed = |options: &[&str]| {
        let output = terminal.atx(&[&["list"][..], options].concat());
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    let (all, base, okta) = (
        listed(&[]),
        listed(&["--profile", "base"]),
        listed(&["--profile", "okta"]),
    );
    assert!(base < okta && okta <= all, "{base} {okta} {all}");
}

#[test]
fn a_profile_that_cannot_be_chosen_is_wrong_input() {
    let terminal = Terminal::new();
    for command in ["run", "list", "coverage", "selftest"] {
        let output = terminal.atx(&[command, "--profile", "dpop"]);
        let shown = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{shown}");
        assert!(shown.contains("base, okta, mcp-ema"), "{shown}");
    }
}
