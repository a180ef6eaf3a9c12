//! The reports of a whole run against the embedded org are snapshots in `reports/embedded/`: whatever changes a
//! verdict, a check or a word of a report shows in the diff of a pull request.
//!
//! `cargo xtask accept` takes new ones as right.

use conformance_tests::repo;
use harness::report::{Form, Format};
use harness::result::RunResult;
use harness::scenario::model::Edition;
use insta::{Settings, assert_snapshot};
use rstest::rstest;

use crate::support::harness_run::{assert_fine, one_at_a_time, whole_run};

#[rstest]
fn the_reports_of_a_whole_run_are_those_checked_in(
    #[values(Edition::E2025_10, Edition::E2026_10)] edition: Edition,
) {
    let result = whole_run(edition);
    assert_fine(result);
    let mut settings = Settings::new();
    settings.set_snapshot_path(repo::root().join("reports/embedded").join(edition.as_str()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (file, text) in stable(result) {
            assert_snapshot!(file, text);
        }
    });
}

/// The order in which cases end must not show: one at a time gives the same bytes as many at once.
#[test]
fn the_reports_do_not_depend_on_how_many_cases_run_at_once() {
    let edition = Edition::E2026_10;
    for (file, text) in stable(one_at_a_time()) {
        let snapshot = repo::read(&format!("reports/embedded/{edition}/{file}.snap"));
        let (_, checked_in) = snapshot.split_once("\n---\n").expect("insta's head");
        assert!(
            text.trim_end() == checked_in.trim_end(),
            "{file} differs from what is checked in"
        );
    }
}

/// Formats whose snapshot nobody would read. The page tells what report.json tells, and is looked at in a browser
/// (`html/`); of a run without a failure no exchange is kept for a browser's network panel.
const NOT_CHECKED_IN: [&str; 2] = ["report.html", "failed.har"];

fn stable(result: &RunResult) -> Vec<(&'static str, String)> {
    let render = |format: &Format| format.render(result, Form::Stable).expect("a report");
    Format::ALL
        .iter()
        .filter(|format| !NOT_CHECKED_IN.contains(&format.file))
        .map(|format| (format.file, render(format)))
        .collect()
}
