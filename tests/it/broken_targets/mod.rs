//! Targets that are out of order. What cannot be measured is *error* with its cause: never passed, never failed, and
//! told in time.

mod partly;
pub mod player;
mod whole;

use std::time::Duration;

use harness::result::RunResult;
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Limits, Target};
use mock_okta::MockOkta;

use crate::support::harness_run::{run_on, scenarios};

/// Short, so that a server that hangs costs a test little.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(300),
    request: Duration::from_millis(300),
    body: 64 * 1024,
    values: 20_000,
};

/// Runs scenarios whose id begins with one of `ids` against whatever is at an address, described as the mock org.
async fn run_at(base_url: &str, ids: &[&str]) -> RunResult {
    run_within(LIMITS, base_url, ids).await
}

/// The same with other limits.
async fn run_within(limits: Limits, base_url: &str, ids: &[&str]) -> RunResult {
    let org = MockOkta::builder()
        .responder(base_url)
        .expect("an org")
        .handle();
    let sources = Sources {
        folder: std::path::Path::new("."),
        environment: &|_| None,
    };
    let deployment = config::parse("target.yaml", &org.target_file(), &sources).expect("a target");
    let target = Target::with(deployment, limits, None).expect("an HTTP client");
    let chosen = scenarios()
        .iter()
        .filter(|scenario| ids.iter().any(|id| scenario.id.starts_with(id)));
    let mut options = RunOptions::new(Edition::E2026_10);
    options.patience = Duration::from_secs(5);
    run_on(chosen.cloned().collect(), &target, &options).await
}
