//! The matrix of defects that is checked in still holds: every defect has a row, and no row is worse than it says.
//!
//! `cargo run --release --bin atx -- selftest --out reports/embedded` makes it anew.

use std::collections::{BTreeMap, BTreeSet};

use conformance_tests::repo;
use harness::requirement::Catalogue;
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::selftest::{self, Choice, Defect, Fate, Input, Matrix, Registry, Row};
use harness::targets::{Asked, Target, embedded};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::Terminal;
use crate::support::harness_run::{invariants, scenarios};

/// Orgs at once, one a core of a small machine.
const ORGS: usize = 2;

#[test]
fn no_row_of_the_matrix_gets_worse() {
    let matrix = matrix();
    for edition in Edition::ALL {
        let noticed = matrix.defects.iter().filter_map(|row| {
            let catch = row.catch.as_ref()?;
            let here = catch.edition == edition.as_str() && row.fate != Fate::Stale;
            here.then(|| (row.id.clone(), catch.to_run().to_owned()))
        });
        let named: BTreeMap<String, String> = noticed.collect();
        if named.is_empty() {
            continue;
        }
        let now = rows(edition, named.clone());
        assert_eq!(now.len(), named.len());
        let worse: Vec<String> = now
            .iter()
            .filter_map(|row| {
                let before = matrix.row(&row.id)?;
                (row.fate > before.fate).then(|| {
                    format!(
                        "{}: was {} in {}, is {}",
                        row.id,
                        before.fate.words(),
                        named[&row.id],
                        row.fate.words()
                    )
                })
            })
            .collect();
        assert!(worse.is_empty(), "{}", worse.join("\n"));
    }
}

#[test]
fn every_defect_of_the_mock_has_a_row_and_every_row_a_defect() {
    let runtime = Runtime::new().expect("a runtime");
    let defects = runtime.block_on(async {
        let target = org(Edition::E2026_10).await;
        selftest::defects(&target).await.expect("it tells")
    });
    Registry::embedded()
        .and_then(|registry| registry.check(&defects))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let known: BTreeSet<(&str, &str)> = defects.iter().map(facts).collect();
    let matrix = matrix();
    let rows: BTreeSet<(&str, &str)> = matrix
        .defects
        .iter()
        .map(|row| (row.id.as_str(), row.summary.as_str()))
        .collect();
    let differ: Vec<_> = known.symmetric_difference(&rows).collect();
    assert!(
        differ.is_empty(),
        "in the mock or in the matrix, but not the same in both: {differ:#?}"
    );
}

#[test]
fn the_table_shows_the_matrix() {
    let page = repo::read("reports/embedded/selftest.md");
    assert!(
        page == selftest::markdown(&matrix()),
        "selftest.md and selftest.json are not of one selftest"
    );
}

#[test]
fn the_command_writes_a_matrix_and_exits_by_what_it_found() {
    let terminal = Terminal::new();
    let output = terminal.atx(&[
        "selftest",
        "authorization-server/redeem",
        "--defect",
        "mute/id_jag_replayed",
        "--edition",
        "2026-10",
        "--out",
        "out",
    ]);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(
        shown.contains("1 of 1 defect caught by the right requirement"),
        "{shown}"
    );
    assert!(output.stdout.is_empty(), "talk belongs on stderr");
    let file = terminal.folder().join("out/selftest.json");
    let written = std::fs::read_to_string(file).expect("the matrix");
    let matrix: Value = serde_json::from_str(&written).expect("JSON");
    let row = &matrix["defects"][0];
    assert_eq!(row["fate"], "caught");
    assert_eq!(row["catch"]["requirement"], "redeem.replay-ema");
    assert_eq!(row["catch"]["step"], "redeem");
    assert!(terminal.folder().join("out/selftest.md").exists());
}

#[test]
fn what_cannot_be_tried_is_wrong_input() {
    let terminal = Terminal::new();
    let unknown = terminal.atx(&["selftest", "--defect", "mute/id_jag_replaid"]);
    let shown = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert_eq!(unknown.status.code(), Some(2), "{shown}");
    assert!(
        shown.contains("did you mean `mute/id_jag_replayed`?"),
        "{shown}"
    );

    let runtime = Runtime::new().expect("a runtime");
    let file = runtime.block_on(async {
        let org = mock_okta::MockOkta::start().await.expect("an org");
        org.target_file()
    });
    terminal.write("target.yaml", &without_control(&file));
    let refused = terminal.atx(&["selftest", "--target", "target.yaml"]);
    let shown = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{shown}");
    assert!(shown.contains("no test control"), "{shown}");
}

/// A target file without its `control` and what is indented below it.
fn without_control(file: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in file.lines() {
        if !line.starts_with(' ') {
            inside = line.starts_with("control:");
        }
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    assert!(kept.len() < file.len(), "nothing was left out");
    kept
}

fn matrix() -> Matrix {
    let text = repo::read("reports/embedded/selftest.json");
    serde_json::from_str(&text).expect("a matrix")
}

fn facts(defect: &Defect) -> (&str, &str) {
    (&defect.id, &defect.summary)
}

async fn org(edition: Edition) -> Target {
    embedded(edition, Asked::Little)
        .await
        .expect("the embedded org starts")
}

/// Runs under each of these defects the case that noticed it, and its twin.
fn rows(edition: Edition, named: BTreeMap<String, String>) -> Vec<Row> {
    Runtime::new().expect("a runtime").block_on(async {
        let mut orgs = Vec::new();
        for _ in 0..ORGS {
            orgs.push(org(edition).await);
        }
        let mut defects = selftest::defects(&orgs[0]).await.expect("it tells");
        defects.retain(|defect| named.contains_key(&defect.id));
        let input = Input {
            scenarios: scenarios().to_vec(),
            invariants: invariants(),
            catalogue: Catalogue::embedded().clone(),
            registry: Registry::embedded().unwrap_or_else(|problems| panic!("{problems}")),
            edition,
            jobs: 2,
            choice: Choice::Named(named),
            cancel: RunOptions::new(edition).cancel,
        };
        let rows = selftest::selftest(&orgs, defects, input, &mut |_| {}).await;
        rows.unwrap_or_else(|error| panic!("{error}"))
    })
}
