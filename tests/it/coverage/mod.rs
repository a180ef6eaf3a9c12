//! Which requirements the suite tests: the page that is checked in, and the command.

mod profiles;

use conformance_tests::repo;
use harness::coverage::{Evidence, coverage, markdown};
use harness::requirement::{Catalogue, Excluded};
use harness::scenario::model::Edition;
use harness::selftest::Matrix;
use insta::{Settings, assert_snapshot};
use serde_json::Value;

use crate::cli::Terminal;
use crate::support::harness_run::{assert_fine, whole_run_and_org};

#[test]
fn the_coverage_in_the_reports_is_that_checked_in() {
    let edition = Edition::E2026_10;
    let (run, org) = whole_run_and_org(edition);
    assert_fine(run);
    let matrix = Matrix::embedded().expect("the matrix that is checked in");
    let evidence = Evidence {
        catalogue: Catalogue::embedded(),
        run,
        deployment: org.deployment(),
        matrix: &matrix,
        excluded: Excluded::embedded(),
    };
    let page = markdown(&coverage(evidence, &|_| true));
    let mut settings = Settings::new();
    settings.set_snapshot_path(repo::root().join("reports/embedded").join(edition.as_str()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!("coverage.md", page));
}

#[test]
fn results_for_programs_are_on_stdout_and_talk_is_on_stderr() {
    let terminal = Terminal::new();
    let output = terminal.atx(&["coverage", "authz.clickjacking", "token.post-only"]);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let names: Vec<Vec<&str>> = stdout
        .lines()
        .map(|line| line.split('\t').take(2).collect())
        .collect();
    assert_eq!(
        names,
        [
            ["token.post-only", "org"],
            ["token.post-only", "custom"],
            ["authz.clickjacking", "-"]
        ]
    );
    assert!(stderr.contains("of 3 requirements tested"), "{stderr}");
    assert!(
        !terminal.folder().join("reports").exists(),
        "coverage writes nothing"
    );
}

#[test]
fn a_check_that_no_defect_makes_fail_tests_nothing() {
    let terminal = Terminal::new();
    let row = r#"{"id": "bend/x", "summary": "x", "fate": "caught", "broke": {"org": ["authz.clickjacking"]}}"#;
    let matrix = |rows: &str| {
        format!(
            r#"{{"version": 2, "editions": [], "profiles": [], "summary": {{"total": 0, "caught": 0, "warned": 0, "observed": 0, "set_aside": 0, "elsewhere": 0, "survived": 0, "untouched": 0, "equivalent": 0, "stale": 0, "not_run": 0}}, "defects": [{rows}]}}"#
        )
    };
    terminal.write("none.json", &matrix(""));
    terminal.write("one.json", &matrix(row));
    for (file, state) in [("none.json", "untested"), ("one.json", "tested")] {
        let output = terminal.atx(&[
            "coverage",
            "authz.clickjacking",
            "--json",
            "--selftest",
            file,
        ]);
        let coverage: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let requirement = &coverage["requirements"][0];
        assert_eq!(requirement["state"], state, "{requirement}");
        assert!(
            requirement["cases"]
                .as_array()
                .is_some_and(|cases| !cases.is_empty()),
            "{requirement}"
        );
    }
}

#[test]
fn a_filter_or_a_matrix_that_is_none_is_wrong_input() {
    let terminal = Terminal::new();
    terminal.write("matrix.json", "[]");
    for (arguments, says) in [
        (&["coverage", "idjag.type"][..], "did you mean `idjag.typ`?"),
        (
            &["coverage", "--selftest", "matrix.json"],
            "cannot read the matrix matrix.json",
        ),
        (
            &["coverage", "--selftest", "none.json"],
            "cannot read the matrix none.json",
        ),
    ] {
        let output = terminal.atx(arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(says), "{stderr}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
