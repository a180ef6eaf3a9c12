//! What a whole run against the embedded org results in is checked in below `reports/embedded/`: of every case a line, with
//! a digest of all that is recorded of it, and of those that did not pass all of it. Whatever changes a verdict or a
//! check shows in the diff of a pull request.
//!
//! `cargo xtask accept` takes new ones as right. To see what is behind a digest, compare two complete reports with
//! `atx diff`: the one that these tests leave (`reports/2026-10/report.json` in `CARGO_TARGET_TMPDIR`) and one of before.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use conformance_tests::repo;
use harness::report::{Form, Format};
use harness::result::{CaseResult, RunResult, Verdict};
use harness::scenario::model::Edition;
use insta::{Settings, assert_snapshot};
use rstest::rstest;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::harness_run::{assert_fine, one_at_a_time, whole_run};

#[rstest]
fn the_results_of_a_whole_run_are_those_checked_in(
    #[values(Edition::E2025_10, Edition::E2026_10)] edition: Edition,
) {
    let result = whole_run(edition);
    assert_fine(result);
    write_reports(edition, result);
    let mut settings = Settings::new();
    settings.set_snapshot_path(repo::root().join("reports/embedded").join(edition.as_str()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        assert_snapshot!("cases", cases(result));
        for file in ["report.md", "report.sarif"] {
            assert_snapshot!(file, render(file, result));
        }
    });
}

/// The order in which cases end must not show: one at a time gives the same bytes as many at once, in every format.
#[test]
fn the_reports_do_not_depend_on_how_many_cases_run_at_once() {
    let many_at_once = whole_run(Edition::E2026_10);
    for format in Format::ALL {
        let render = |result| format.render(result, Form::Stable).expect("a report");
        assert!(
            render(one_at_a_time()) == render(many_at_once),
            "{} depends on the order",
            format.file
        );
    }
}

/// A change of anything that is recorded of a case changes its line, and nothing else does.
#[test]
fn a_line_stands_for_all_that_is_recorded_of_a_case() {
    let result = whole_run(Edition::E2026_10);
    let case = &result.results[0];
    let mut other = case.clone();
    other.source.line += 1;
    other.findings[0].source.line += 1;
    assert_eq!(line(case), line(&other), "where it is written is no result");
    other.findings[0].expected.push('!');
    assert_ne!(line(case), line(&other));
}

/// Complete reports, for whoever asks what is behind a digest.
fn write_reports(edition: Edition, result: &RunResult) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    let folder = folder.join(edition.as_str());
    fs::create_dir_all(&folder).expect("a folder");
    for format in Format::ALL {
        let text = format.render(result, Form::Stable).expect("a report");
        fs::write(folder.join(format.file), text).expect("it can be written");
    }
}

fn render(file: &str, result: &RunResult) -> String {
    let format = Format::ALL.iter().find(|format| format.file == file);
    let text = format.map(|format| format.render(result, Form::Stable));
    text.expect("a format").expect("a report")
}

fn cases(result: &RunResult) -> String {
    let mut text = String::new();
    for case in &result.results {
        text.push_str(&line(case));
    }
    let others = result.results.iter();
    for case in others.filter(|case| case.verdict != Verdict::Passed) {
        let whole = serde_json::to_string_pretty(&recorded(case)).expect("JSON");
        write!(text, "\n{whole}\n").expect("a string takes everything");
    }
    text
}

/// Verdict, number of checks, digest, id.
fn line(case: &CaseResult) -> String {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(recorded(case).to_string()));
    let digest = u32::from_be_bytes([a, b, c, d]);
    let verdict = serde_json::to_value(case.verdict).expect("JSON");
    let verdict = verdict.as_str().expect("a word");
    let (checks, id) = (case.findings.len(), &case.id);
    format!("{verdict:<8} {checks:>3} {digest:08x} {id}\n")
}

/// All of a case but the lines in which it and its checks are written, which move with all that is written above them.
fn recorded(case: &CaseResult) -> Value {
    let mut case = case.clone();
    case.source.line = 0;
    for finding in &mut case.findings {
        finding.source.line = 0;
    }
    serde_json::to_value(case).expect("JSON")
}
