//! `--rerun-failed`: what failed is run again, and nothing else.

use std::fs;

use harness::report::read;
use harness::result::RunResult;
use mock_okta::{MockOkta, OrgHandle};

use super::{Terminal, replaying};
use crate::support::harness_run::{invariants, scenarios};

const FAILS: &str = "authorization-server/redeem/replayed";
const TWIN: &str = "authorization-server/redeem";

fn report(terminal: &Terminal) -> RunResult {
    let text = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    read(&text.expect("a report")).expect("it can be read")
}

fn ids(run: &RunResult) -> Vec<&str> {
    run.results.iter().map(|case| case.id.as_str()).collect()
}

fn target(terminal: &Terminal, org: &OrgHandle) {
    terminal.write("target.yaml", &org.target_file());
}

#[test]
fn what_failed_is_run_again_until_nothing_is_left() {
    let (terminal, _broken) = replaying();
    let run = |more: &[&str]| {
        let arguments = [&["run", "--target", "target.yaml"], more].concat();
        let output = terminal.atx(&arguments);
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code().expect("an exit code"), stderr)
    };
    let (exit, stderr) = run(&[TWIN, "secret/whole-flow"]);
    assert_eq!(exit, 1, "{stderr}");
    let first = report(&terminal);
    assert!(first.results.len() > 5 && first.summary.failed >= 1);
    let failed: Vec<&str> = first
        .results
        .iter()
        .filter(|case| case.verdict == harness::result::Verdict::Failed)
        .map(|case| case.id.as_str())
        .collect();
    assert!(failed.contains(&FAILS), "{failed:?}");

    // Nothing is mended: the same fails again, and nothing else is asked but its twin.
    let (exit, stderr) = run(&["--rerun-failed"]);
    assert_eq!(exit, 1, "{stderr}");
    let second = report(&terminal);
    assert_eq!(second.results.len(), failed.len() + 1, "{:?}", ids(&second));
    assert!(
        failed
            .iter()
            .chain([&TWIN])
            .all(|id| ids(&second).contains(id))
    );
    let shown = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let suite = scenarios().iter().map(|one| one.cases.len() + 1);
    let sentence = format!(
        "Only {} of the suite's {} cases were chosen: what did not hold before.",
        second.results.len(),
        suite.sum::<usize>() + invariants().rules.len()
    );
    assert!(shown.contains(&sentence), "{shown}");

    // Filters narrow it further; what they leave nothing of is said.
    let (exit, stderr) = run(&["--rerun-failed", "secret"]);
    assert_eq!(exit, 0, "{stderr}");
    assert!(stderr.contains("nothing to run again"), "{stderr}");

    let mended = MockOkta::builder().start_blocking().expect("an org");
    target(&terminal, &mended);
    let (exit, stderr) = run(&["--rerun-failed=reports/out/report.json", TWIN]);
    assert_eq!(exit, 0, "{stderr}");
    assert_eq!(ids(&report(&terminal)), ids(&second));

    let before = fs::read(terminal.folder().join("reports/out/report.json")).expect("a report");
    let (exit, stderr) = run(&["--rerun-failed"]);
    assert_eq!(exit, 0, "{stderr}");
    assert!(
        stderr.starts_with("nothing to run again: every case of reports/out/report.json"),
        "{stderr}"
    );
    let after = fs::read(terminal.folder().join("reports/out/report.json")).expect("a report");
    assert!(before == after, "the report was written anew");
}
