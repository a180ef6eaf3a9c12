//! Runs every case under every position of every switch of the mock, and writes `reports/embedded/switches.json`: which cases notice,
//! with their verdict then. With `--check` it writes nothing and exits with 1 where that file says something else. A case that
//! fails under a switch is an error in either way.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a chore of this repository: what cannot go on ends with its reason"
)]

use std::process::ExitCode;

use conformance_tests::repo;
use conformance_tests::switches::{FILE, Noticed, turn_all};

fn main() -> ExitCode {
    let is_check = std::env::args().nth(1).as_deref() == Some("--check");
    let scenarios = harness::scenario::embedded().unwrap_or_else(|failures| {
        let pages: Vec<String> = failures.iter().map(ToString::to_string).collect();
        panic!("{}", pages.join("\n"))
    });
    let known: Noticed = serde_json::from_str(&repo::read(FILE)).expect("a map of maps");
    let (noticed, wrong) = turn_all(&scenarios, true, &known);
    for line in &wrong {
        eprintln!("{line}");
    }
    let text = serde_json::to_string_pretty(&noticed).expect("JSON") + "\n";
    if !is_check {
        std::fs::write(repo::root().join(FILE), text).expect("the file is written");
    } else if noticed != known {
        for (position, cases) in &noticed {
            if known.get(position) != Some(cases) {
                eprintln!("{FILE} says something else of {position}; noticed now: {cases:?}");
            }
        }
        return ExitCode::FAILURE;
    }
    if wrong.is_empty() {
        eprintln!(
            "{} positions, and nothing fails under them that must not",
            noticed.len()
        );
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
