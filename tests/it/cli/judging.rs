//! What a run says when it is over: exit codes 0, 1 and 3, and the reports that are written.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use mock_okta::MockOkta;
use serde_json::Value;

use super::{Terminal, replaying};
use crate::broken_targets::player::{self, Player};

#[test]
fn a_run_of_one_scenario_is_fine() {
    let terminal = Terminal::new();
    assert_snapshot!(terminal.transcript(&["run", "secret/whole-flow", "--jobs", "1"]));
    assert_eq!(report(&terminal)["summary"]["failed"], 0);
}

#[test]
fn a_target_that_breaks_a_must_is_a_nonconformance() {
    let (terminal, _org) = replaying();
    let transcript = terminal.transcript(&[
        "run",
        "authorization-server/redeem/replayed",
        "--target",
        "target.yaml",
    ]);
    assert!(transcript.contains("--- exit 1\n"), "{transcript}");
    let report = report(&terminal);
    let failed: Vec<&Value> = report["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|case| case["verdict"] == "failed")
        .collect();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(failed[0]["blame"], "custom_server");
    let mut findings = failed[0]["findings"].as_array().into_iter().flatten();
    let broken = findings.find(|finding| finding["verdict"] == "failed");
    let requirement = broken
        .and_then(|finding| finding["covers"][0].as_str())
        .expect("a requirement");
    let id = failed[0]["id"].as_str().expect("an id");
    // Whom to blame, what was expected and which requirement says so: all on the terminal.
    for shown in [id, requirement, "expected", "custom authorization server"] {
        assert!(
            transcript.contains(shown),
            "{shown} is not in\n{transcript}"
        );
    }
}

#[test]
fn a_closed_port_leaves_the_run_incomplete() {
    let terminal = Terminal::new();
    terminal.write("target.yaml", &target_at(&player::closed_port()));
    assert_snapshot!(terminal.transcript(&["run", "secret/whole-flow", "--target", "target.yaml"]));
    assert_eq!(
        report(&terminal)["incomplete"]["cause"],
        "target_unreachable"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_tells_what_was_measured() {
    let terminal = Terminal::new();
    let player = Player::start(player::hang);
    terminal.write("target.yaml", &target_at(&player.base_url()));
    let mut running = terminal
        .command(&["run", "--target", "target.yaml"])
        .stderr(Stdio::null())
        .spawn()
        .expect("atx runs");
    // Long enough to have asked something; whoever is slower is interrupted earlier in the run, which ends the same.
    thread::sleep(Duration::from_millis(1500));
    let sent = Command::new("kill")
        .args(["-INT", &running.id().to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
    let asked = Instant::now();
    let status = running.wait().expect("it ends");
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "it let the user wait for {:?}",
        asked.elapsed()
    );
    assert_eq!(status.code(), Some(3));
    let report = report(&terminal);
    assert_eq!(report["incomplete"]["cause"], "interrupted");
    assert_eq!(report["summary"]["passed"], 0);
}

fn target_at(base_url: &str) -> String {
    MockOkta::builder()
        .responder(base_url)
        .expect("an org")
        .handle()
        .target_file()
}

fn report(terminal: &Terminal) -> Value {
    let text = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    serde_json::from_str(&text.expect("a report was written")).expect("JSON")
}
