//! The scripts of the action, run as GitHub would run them.

use std::fs;

use mock_okta::{Defect, MockOkta, Refusal};

use super::runner::{self, Ran};
use crate::cli::Terminal;

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
    let ran = runner::run(&terminal, &inputs);
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "nonconformant");
    assert_eq!(ran.outputs["exit-code"], "1");
    assert_eq!(ran.outputs["sarif"], "reports/out/report.sarif");
    assert!(
        ran.summary.contains("## What does not hold: 1 problem"),
        "{}",
        ran.summary
    );

    // A mistake leaves nothing that could be taken for a report.
    let inputs = [("IN_FILTER", "no-such-case")];
    let Ran {
        exit,
        outputs,
        summary,
        ..
    } = runner::run(&terminal, &inputs);
    assert_eq!((exit, summary.as_str()), (Some(0), ""));
    assert_eq!(outputs["verdict"], "wrong-input");
    assert_eq!(outputs["exit-code"], "2");
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
    let ran = runner::run(&terminal, &inputs);
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "fine");
    let report = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    let report: serde_json::Value = serde_json::from_str(&report.expect("a report")).expect("JSON");
    assert_eq!(report["fail_on"], "warning");
    assert_eq!(
        report["target"]["profiles"],
        serde_json::json!(["base", "mcp-ema"])
    );
}

#[test]
fn an_agent_is_judged_by_its_command_and_options() {
    let terminal = Terminal::new();
    let inputs = [
        ("IN_AGENT", "echo \"$ATX_TASK\" > 'task of mine'; exit 7"),
        ("IN_AGENT_OPTIONS", "--sign-in given\n  --only secret"),
        ("IN_FILTER", "agent/secret"),
    ];
    let ran = runner::run(&terminal, &inputs);
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    // It sends no request, so nothing can be said of it.
    assert_eq!(ran.outputs["verdict"], "incomplete", "{}", ran.log);
    assert_eq!(ran.outputs["exit-code"], "3");
    let task = fs::read_to_string(terminal.folder().join("task of mine"));
    assert_eq!(task.expect("it ran"), "secret\n");
    assert!(terminal.folder().join("reports/out/report.json").exists());
}

#[test]
fn what_is_of_an_org_is_refused_beside_an_agent() {
    for (variable, input) in [
        ("IN_TARGET", "target"),
        ("IN_BASELINE", "baseline"),
        ("IN_SHARD", "shard"),
    ] {
        let inputs = [("IN_AGENT", "true"), (variable, "1/3")];
        let ran = runner::run(&Terminal::new(), &inputs);
        assert_eq!((ran.exit, ran.outputs.len()), (Some(2), 0), "{}", ran.log);
        let shown = format!("::error title=Conformance::input {input}: ");
        assert!(ran.log.starts_with(&shown), "{}", ran.log);
    }
}

#[test]
fn another_version_than_the_one_asked_for_fails_at_once() {
    let terminal = Terminal::new();
    let ran = runner::run(&terminal, &[("ATX_VERSION", "99.0.0")]);
    assert_eq!((ran.exit, ran.outputs.len()), (Some(2), 0));
    let version = env!("CARGO_PKG_VERSION");
    let shown = format!("::error title=Conformance::expected atx 99.0.0, this is atx {version}");
    assert_eq!(ran.commands, [shown]);
    let inputs = [("ATX_VERSION", version), ("IN_FILTER", "secret/whole-flow")];
    let ran = runner::run(&terminal, &inputs);
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "fine");
}
