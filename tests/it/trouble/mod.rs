//! Trouble on the way to a target is not nonconformance: one sentence with cause and cure, exit 3, in bounded time, and
//! nothing that was judged. And what a run does so that there is none: it keeps limits.

mod faults;
mod network;
mod pacing;
mod raw;
mod sentences;
mod tls;

use std::time::Duration;

use mock_okta::MockOkta;
use serde_json::Value;

use crate::cli::Terminal;

/// What a run said.
pub struct Said {
    pub exit: i32,
    pub stderr: String,
    pub report: Value,
}

impl Said {
    /// Cases with one of these verdicts.
    pub fn with(&self, verdicts: &[&str]) -> Vec<&str> {
        let cases = self.report["results"].as_array().into_iter().flatten();
        cases
            .filter(|case| {
                let verdict = case["verdict"].as_str();
                verdict.is_some_and(|verdict| verdicts.contains(&verdict))
            })
            .filter_map(|case| case["id"].as_str())
            .collect()
    }
}

/// The target file of an org at an address, which nobody serves.
pub fn target_at(base_url: &str) -> String {
    let builder = MockOkta::builder().keys_ahead(false);
    let org = builder.responder(base_url).expect("an org");
    org.handle().target_file()
}

/// Runs some cases against what a target file describes.
pub fn run(target: &str, arguments: &[&str]) -> Said {
    run_in(&Terminal::new(), target, arguments)
}

/// The same in a folder that has more than the target file.
pub fn run_in(terminal: &Terminal, target: &str, arguments: &[&str]) -> Said {
    terminal.write("target.yaml", target);
    let output = terminal
        .command(&["run", "--target", "target.yaml"])
        .args(arguments)
        // Whatever proxy the machine has: the tests name their own.
        .env_remove("HTTP_PROXY")
        .env_remove("http_proxy")
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .expect("atx runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let report = std::fs::read(terminal.folder().join("reports/out/report.json"));
    Said {
        exit: output.status.code().expect("it was not killed"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        report: report.map_or(Value::Null, |text| {
            serde_json::from_slice(&text).expect("JSON")
        }),
    }
}

/// One sentence with this cause and this cure, exit 3, in time, and nothing judged.
pub fn assert_one_sentence(name: &str, said: &Said, cause: &str, cure: &str, most: Duration) {
    let stderr = &said.stderr;
    assert_eq!(stderr.lines().count(), 1, "{name}: {stderr}");
    assert_ends_with_a_sentence(name, said, cause, cure, most);
}

/// The same after lines that say that the run waits.
pub fn assert_ends_with_a_sentence(
    name: &str,
    said: &Said,
    cause: &str,
    cure: &str,
    most: Duration,
) {
    let stderr = said.stderr.lines().last().unwrap_or_default();
    assert_eq!(said.exit, 3, "{name}: {stderr}");
    assert!(stderr.starts_with("error: "), "{name}: {stderr}");
    for part in [cause, cure] {
        assert!(stderr.contains(part), "{name} lacks {part:?}: {stderr}");
    }
    // The run's own time: how long the program takes to start says nothing.
    let took = said.report["varying"]["milliseconds"].as_f64();
    let took = Duration::from_secs_f64(took.expect("a time") / 1000.0);
    assert!(took < most, "{name} took {took:?}");
    let judged = said.with(&["passed", "failed", "warning", "observed"]);
    assert!(judged.is_empty(), "{name} judges {judged:?}");
    assert!(said.report["incomplete"]["reason"].is_string(), "{name}");
}
