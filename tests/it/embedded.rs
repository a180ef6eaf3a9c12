//! Each scenario file is a test: `cargo test secret` runs those about secrets. `ATX_TARGET=FILE cargo test` runs them
//! against what the file describes instead of the mock org inside.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use conformance_tests::repo;
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::targets::{Target, config};
use rstest::rstest;
use tokio::runtime::Runtime;

use crate::support::harness_run::{assert_fine, run_embedded, run_on, scenarios};

/// A target elsewhere is one for all tests, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

#[rstest]
fn scenario(
    #[base_dir = "../scenarios"]
    #[files("**/*.yaml")]
    #[exclude(r"^(.*/)?(requirements|shared|defects|excluded|invariants|refusal-codes)\.yaml$")]
    #[exclude(r"^(.*/)?agent/[^/]*\.yaml$")]
    path: PathBuf,
) {
    let scenario = scenario_of(&path);
    let Some(file) = env::var_os("ATX_TARGET") else {
        // The whole runs whose reports are checked in follow both editions.
        assert_fine(&run_embedded(vec![scenario], Edition::E2026_10));
        return;
    };
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let deployment = config::read(Path::new(&file)).unwrap_or_else(|error| panic!("{error}"));
    let edition = deployment.edition.unwrap_or(Edition::E2026_10);
    let target = Target::new(deployment).expect("an HTTP client");
    let runtime = Runtime::new().expect("a runtime");
    let options = RunOptions::new(edition);
    assert_fine(&runtime.block_on(run_on(vec![scenario], &target, &options)));
}

/// A scenario's id is its path.
fn scenario_of(path: &Path) -> Scenario {
    let folder = repo::root()
        .join("scenarios")
        .canonicalize()
        .expect("the folder");
    let path = path.canonicalize().expect("the file");
    let id = path
        .strip_prefix(folder)
        .expect("below it")
        .with_extension("");
    let id = id.to_string_lossy().replace('\\', "/");
    let found = scenarios().iter().find(|scenario| scenario.id == id);
    found
        .unwrap_or_else(|| panic!("{id} is not in the binary"))
        .clone()
}
