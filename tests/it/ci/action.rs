//! The script of the action, run as GitHub would run it.

use std::fs;
use std::process::Command;

use conformance_tests::binary;
use mock_okta::{Defect, MockOkta, Refusal};

use super::scripts;
use crate::cli::Terminal;

/// Runs the step with these inputs: its exit code, what it set as outputs, and the summary of the step.
fn step(terminal: &Terminal, inputs: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let script = scripts()
        .into_iter()
        .find(|script| {
            script.place.starts_with("action.yml") && script.text.contains("GITHUB_OUTPUT")
        })
        .expect("the step");
    let (output, summary) = (
        terminal.folder().join("output"),
        terminal.folder().join("summary"),
    );
    for file in [&output, &summary] {
        fs::write(file, "").expect("a file");
    }
    let mut command = Command::new("bash");
    command
        .args(["-c", &script.text])
        .current_dir(terminal.folder())
        .env("ATX", binary::path("atx"))
        .env("GITHUB_OUTPUT", &output)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("IN_OUT", "reports/out")
        .env("IN_SUMMARY", "true");
    for name in [
        "ATX_VERSION",
        "IN_TARGET",
        "IN_EDITION",
        "IN_FILTER",
        "IN_SCENARIOS",
        "IN_BASELINE",
        "IN_SHARD",
        "IN_PROFILE",
        "IN_FAIL_ON",
    ] {
        let given = inputs.iter().find(|(input, _)| *input == name);
        command.env(name, given.map_or("", |(_, value)| value));
    }
    let ran = command.output().expect("bash runs");
    let read = |file| fs::read_to_string(file).expect("a file");
    (ran.status.code(), read(&output), read(&summary))
}

#[test]
fn the_step_tells_the_verdict_and_lets_the_last_step_fail() {
    let terminal = Terminal::new();
    let org = MockOkta::builder()
        .defect(Defect::Mute(Refusal::IdJagReplayed))
        .start_blocking()
        .expect("an org");
    terminal.write("my org's.yaml", &org.target_file());
    let filter = "*/redeem/replayed\n  secret/whole-flow";
    let inputs = [("IN_TARGET", "my org's.yaml"), ("IN_FILTER", filter)];
    let (exit, output, summary) = step(&terminal, &inputs);
    assert_eq!(exit, Some(0));
    for line in [
        "verdict=nonconformant",
        "exit-code=1",
        "sarif=reports/out/report.sarif",
    ] {
        assert!(output.lines().any(|told| told == line), "{line}: {output}");
    }
    assert!(summary.contains("## Failed: "), "{summary}");

    // A mistake leaves nothing that could be taken for a report.
    let inputs = [("IN_FILTER", "no-such-case")];
    let (exit, output, summary) = step(&terminal, &inputs);
    assert_eq!((exit, summary.as_str()), (Some(0), ""));
    assert!(
        output.contains("verdict=wrong-input\nexit-code=2\n"),
        "{output}"
    );
    assert!(!terminal.folder().join("reports/out/report.json").exists());
}

#[test]
fn profiles_and_what_fails_beside_a_must_are_passed_on() {
    let terminal = Terminal::new();
    let inputs = [
        ("IN_PROFILE", "base mcp-ema"),
        ("IN_FAIL_ON", "warning"),
        ("IN_FILTER", "secret/whole-flow"),
    ];
    let (exit, output, _) = step(&terminal, &inputs);
    assert_eq!(exit, Some(0));
    assert!(output.contains("verdict=fine\n"), "{output}");
    let report = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    let report: serde_json::Value = serde_json::from_str(&report.expect("a report")).expect("JSON");
    assert_eq!(report["fail_on"], "warning");
    assert_eq!(
        report["target"]["profiles"],
        serde_json::json!(["base", "mcp-ema"])
    );
}

#[test]
fn another_version_than_the_one_asked_for_fails_at_once() {
    let terminal = Terminal::new();
    let (exit, output, _) = step(&terminal, &[("ATX_VERSION", "99.0.0")]);
    assert_eq!((exit, output.as_str()), (Some(2), ""));
    let version = env!("CARGO_PKG_VERSION");
    let inputs = [("ATX_VERSION", version), ("IN_FILTER", "secret/whole-flow")];
    let (exit, output, _) = step(&terminal, &inputs);
    assert_eq!(exit, Some(0));
    assert!(output.contains("verdict=fine\n"), "{output}");
}
