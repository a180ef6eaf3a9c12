//! The tolerance matrix that is checked in still holds: every lawful variation of the mock has a row, and no row is worse
//! than it says.
//!
//! `cargo run --release --bin atx -- selftest --out reports/embedded` makes it anew.

use std::collections::BTreeSet;

use conformance_tests::repo;
use harness::requirement::{Catalogue, Profiles};
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::selftest::tolerance::{self, Notice, Reaction, Tolerance, Varied};
use harness::selftest::{Choice, Input, Registry, Variation};
use harness::targets::{Asked, Target, embedded};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::Terminal;
use crate::support::harness_run::{assert_fine, invariants, run_on, scenarios};

/// Orgs at once, one a core of a small machine.
const ORGS: usize = 2;

/// What the matrix calls base alone.
const BASE: &str = "base";

/// All variations, by every flow and a part of the cases: all cases take four times as long, and `.ci/run selftest` does
/// that.
#[test]
fn no_row_of_the_matrix_gets_worse_under_base() {
    let matrix = matrix();
    for edition in Edition::ALL {
        // Where the editions differ is in how their flows go.
        let cases = usize::from(edition == Edition::E2026_10);
        let mut chosen = scenarios().to_vec();
        for scenario in &mut chosen {
            scenario.cases.truncate(cases);
        }
        let now = judged(edition, chosen, &[Profiles::of([])], |_| true);
        let worse: Vec<String> = now
            .iter()
            .filter_map(|row| {
                let (now, before) = (&row.judged[BASE], &matrix.row(&row.id)?.judged[BASE]);
                // A variation that no flow meets is met by a case.
                let worse = now.outcome == Reaction::Misjudged && before.outcome != now.outcome;
                worse.then(|| format!("{} {:#?}", row.id, now.wrongly))
            })
            .collect();
        assert!(worse.is_empty(), "{edition}: {}", worse.join("\n"));
    }
}

#[test]
fn every_variation_of_the_mock_has_a_row_and_every_row_a_variation() {
    let runtime = Runtime::new().expect("a runtime");
    let variations = runtime.block_on(async {
        let target = org(Edition::E2026_10).await;
        tolerance::variations(&target).await.expect("it tells")
    });
    let known: BTreeSet<[&str; 4]> = variations
        .iter()
        .map(|one| [&*one.id, &*one.summary, &*one.source, &*one.reason])
        .collect();
    let matrix = matrix();
    let rows: BTreeSet<[&str; 4]> = (matrix.variations.iter())
        .map(|row| [&*row.id, &*row.summary, &*row.source, &*row.reason])
        .collect();
    let differ: Vec<_> = known.symmetric_difference(&rows).collect();
    assert!(
        differ.is_empty(),
        "in the mock or in the matrix, but not the same in both: {differ:#?}"
    );
}

#[test]
fn the_table_shows_the_matrix() {
    let page = repo::read("reports/embedded/tolerance.md");
    assert!(
        page == tolerance::markdown(&matrix()),
        "tolerance.md and tolerance.json are not of one selftest"
    );
}

/// A check that demands what its requirement does not is found among all variations, and named with the one that shows
/// it.
#[test]
fn a_check_that_asks_for_too_much_is_found_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    };
    for file in ["requirements.yaml", "shared.yaml"] {
        write(file, &repo::read(&format!("scenarios/{file}")));
    }
    let flow = repo::read("scenarios/secret/whole-flow.yaml");
    let honest = "      - use: json-response\n";
    let greedy = "      - covers: [token.json-content-type]\n        headers: { content-type: application/json }\n";
    let greedy = flow.replacen(honest, &format!("{greedy}{honest}"), 1);
    assert_ne!(greedy, flow, "the flow expects JSON");
    write("secret/whole-flow.yaml", &greedy);
    let mut scenarios = harness::scenario::from_dir(folder.path())
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    for scenario in &mut scenarios {
        scenario.cases.clear();
    }

    let rows = judged(Edition::E2026_10, scenarios, &[Profiles::of([])], |_| true);
    let misjudged: Vec<&Varied> = (rows.iter())
        .filter(|row| row.outcome() == Reaction::Misjudged)
        .collect();
    assert!(
        !misjudged.is_empty() && misjudged.len() < 10,
        "{misjudged:#?}"
    );
    for row in misjudged {
        assert!(row.id.contains("media-type"), "{}", row.id);
        let [
            Notice {
                requirement,
                case,
                step,
                check,
                together_with,
                ..
            },
        ] = &row.judged[BASE].wrongly[..]
        else {
            panic!("one check: {row:#?}");
        };
        assert_eq!(requirement.as_deref(), Some("token.json-content-type"));
        assert_eq!((&**case, &**step), ("secret/whole-flow", "exchange"));
        assert_eq!(
            check.as_ref().map(ToString::to_string).as_deref(),
            Some("header content-type")
        );
        assert!(together_with.is_empty(), "{together_with:?}");
    }
}

#[test]
fn the_command_writes_a_matrix_of_the_variations_that_it_is_asked_for() {
    let terminal = Terminal::new();
    let output = terminal.atx(&[
        "selftest",
        "secret/whole-flow",
        "--variation",
        "vary/json-members-*",
        "--edition",
        "2026-10",
        "--out",
        "out",
    ]);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(
        shown.contains("2 variations: none judged wrongly."),
        "{shown}"
    );
    assert!(!shown.contains("defect"), "{shown}");
    let folder = terminal.folder().join("out");
    let written = std::fs::read_to_string(folder.join("tolerance.json")).expect("the matrix");
    let matrix: Value = serde_json::from_str(&written).expect("JSON");
    for row in matrix["variations"].as_array().expect("rows") {
        for profiles in ["base", "base + mcp-ema", "base + okta + mcp-ema"] {
            assert_eq!(row["judged"][profiles]["outcome"], "unnoticed", "{row}");
        }
    }
    assert!(folder.join("tolerance.md").exists());
    assert!(!folder.join("selftest.json").exists());
}

#[test]
fn a_variation_that_there_is_not_is_wrong_input() {
    let terminal = Terminal::new();
    let unknown = terminal.atx(&["selftest", "--variation", "vary/json-members-sortet"]);
    let shown = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert_eq!(unknown.status.code(), Some(2), "{shown}");
    assert!(
        shown.contains("the mock has no variation `vary/json-members-sortet`"),
        "{shown}"
    );
    assert!(
        shown.contains("did you mean `vary/json-members-sorted`?"),
        "{shown}"
    );
}

/// The mock as it is breaks nothing that base demands. `.ci/run selftest` asks for the same under every set of profiles and
/// both editions.
#[test]
fn base_is_clean_against_the_mock() {
    Runtime::new().expect("a runtime").block_on(async {
        let edition = Edition::E2026_10;
        let target = embedded(edition, Asked::Everything)
            .await
            .expect("the embedded org starts");
        // All profiles judge the same org in the tests of the checked-in reports.
        let judged = target.judged_by(Profiles::of([]));
        let options = RunOptions::new(edition);
        assert_fine(&run_on(scenarios().to_vec(), &judged, &options).await);
    });
}

fn matrix() -> Tolerance {
    let text = repo::read("reports/embedded/tolerance.json");
    serde_json::from_str(&text).expect("a matrix")
}

async fn org(edition: Edition) -> Target {
    embedded(edition, Asked::Little)
        .await
        .expect("the embedded org starts")
}

/// Judges some variations by these scenarios.
fn judged(
    edition: Edition,
    scenarios: Vec<Scenario>,
    sets: &[Profiles],
    wanted: impl Fn(&Variation) -> bool,
) -> Vec<Varied> {
    Runtime::new().expect("a runtime").block_on(async {
        let mut orgs = Vec::new();
        for _ in 0..ORGS {
            orgs.push(org(edition).await);
        }
        let mut variations = tolerance::variations(&orgs[0]).await.expect("it tells");
        variations.retain(wanted);
        let input = Input {
            scenarios,
            invariants: invariants(),
            catalogue: Catalogue::embedded().clone(),
            registry: Registry::embedded().unwrap_or_else(|problems| panic!("{problems}")),
            edition,
            jobs: 2,
            choice: Choice::Touched,
            cancel: RunOptions::new(edition).cancel,
        };
        let rows = tolerance::tolerance(&orgs, variations, input, sets, &mut |_| {}).await;
        rows.unwrap_or_else(|error| panic!("{error}"))
    })
}
