//! Reports of the real suite for machines: parts of a run that are put together are the whole, and what is written keeps
//! to its schema.

use std::fs;
use std::process::Output;
use std::sync::OnceLock;

use harness::diff::diff;
use harness::report::{Form, Format, read, schema};
use harness::result::{CaseResult, RunResult, Verdict};
use harness::scenario::model::Edition;
use serde_json::Value;

use crate::cli::Terminal;
use crate::support::harness_run::{report_json, whole_run};

/// One run of some scenarios, and the same in three parts.
struct Runs {
    terminal: Terminal,
}

const SHARDS: [&str; 3] = ["1", "2", "3"];

/// Enough cases for three parts; all of them would take a minute.
const CHOSEN: &str = "sign-in";

fn runs() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| {
        let terminal = Terminal::new();
        assert_exit(&terminal.atx(&["run", CHOSEN, "--out", "whole"]), 0);
        for shard in SHARDS {
            let part = format!("{shard}/3");
            let arguments = ["run", CHOSEN, "--shard", &part, "--out", shard];
            assert_exit(&terminal.atx(&arguments), 0);
        }
        Runs { terminal }
    })
}

impl Runs {
    fn file(&self, path: &str) -> String {
        let path = self.terminal.folder().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn run(&self, folder: &str) -> RunResult {
        read(&self.file(&format!("{folder}/report.json"))).expect("a report")
    }
}

fn assert_exit(output: &Output, exit: i32) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{stderr}");
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_parts_of_a_run_put_together_are_the_whole() {
    let runs = runs();
    // In any order.
    let arguments = [
        "report",
        "merge",
        "3",
        "1/report.json",
        "2",
        "--out",
        "merged",
    ];
    let output = runs.terminal.atx(&arguments);
    assert_exit(&output, 0);
    let (whole, merged) = (runs.run("whole"), runs.run("merged"));
    for format in Format::ALL {
        let stable = |run: &RunResult| format.render(run, Form::Stable).expect("a report");
        assert!(stable(&whole) == stable(&merged), "{}", format.file);
    }
    assert_eq!(merged.varying.cases.len(), whole.varying.cases.len());
    // Each part had an org of its own; that is no difference.
    let same = diff(("whole", &whole), ("merged", &merged));
    assert!(same.is_empty(), "{}", harness::diff::markdown(&same));
    let is_run = |case: &&CaseResult| case.verdict != Verdict::Skipped;
    let run = whole.results.iter().filter(is_run).count();
    assert_eq!(same.cases.observed, run);
    // About equal, and none the whole.
    // Each part holds its own answers against every rule.
    let cases = |run: &RunResult| {
        let cases = run.results.iter().filter(|case| !case.is_invariant());
        cases.count()
    };
    let sizes = SHARDS.map(|shard| cases(&runs.run(shard)));
    let (least, most) = (sizes.iter().min(), sizes.iter().max());
    assert!(
        *most.expect("three") - *least.expect("three") < 20,
        "{sizes:?}"
    );
    assert_eq!(sizes.iter().sum::<usize>(), cases(&whole));
    let shard = runs.run("2").shard.expect("it is a part");
    assert_eq!(
        (shard.index, shard.count, shard.cases),
        (2, 3, cases(&whole))
    );
}

#[test]
fn parts_that_are_missing_or_there_twice_are_named() {
    let runs = runs();
    for (reports, words) in [
        (&["1", "3"][..], "shard 2 of 3 is missing"),
        (&["2"], "shards 1 and 3 of 3 are missing"),
        (&["1", "2", "1"], "1 and 1 are both shard 1 of 3"),
        (&["1", "whole"], "whole is no part of a run"),
    ] {
        let output = runs.terminal.atx(&[&["report", "merge"], reports].concat());
        assert_exit(&output, 2);
        assert!(shown(&output).contains(words), "{}", shown(&output));
    }
}

#[test]
fn a_run_put_together_without_a_part_is_never_conformant() {
    let runs = runs();
    let output = runs
        .terminal
        .atx(&["report", "merge", "1", "3", "--partial", "--out", "partial"]);
    assert_exit(&output, 3);
    assert!(shown(&output).contains("Incomplete"), "{}", shown(&output));
    for (file, words) in [
        (
            "report.md",
            "The run is incomplete: shard 2 of 3 is missing",
        ),
        (
            "junit.xml",
            "the run is incomplete: shard 2 of 3 is missing",
        ),
        ("report.sarif", "\"executionSuccessful\": false"),
        ("report.json", "\"cause\": \"missing_shards\""),
    ] {
        let text = runs.file(&format!("partial/{file}"));
        assert!(text.contains(words), "{file}");
    }
    // Nor is what is made of it later.
    let output = runs
        .terminal
        .atx(&["report", "--from", "partial", "--format", "markdown"]);
    assert_exit(&output, 3);
}

#[test]
fn a_report_of_a_whole_run_keeps_to_its_schema() {
    let schema: Value = serde_json::from_str(&schema().expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let runs = runs();
    let whole = report_json(whole_run(Edition::E2026_10));
    let full: Value = serde_json::from_str(&whole).expect("JSON");
    let stable = Format::ALL[0].render(&runs.run("2"), Form::Stable);
    let stable: Value = serde_json::from_str(&stable.expect("a report")).expect("JSON");
    for (name, report) in [("full", &full), ("stable", &stable)] {
        let errors: Vec<String> = validator
            .iter_errors(report)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    // A schema that admits anything would prove nothing.
    let mut wrong = full;
    wrong["results"][0]["verdict"] = "splendid".into();
    assert!(!validator.is_valid(&wrong));
}
