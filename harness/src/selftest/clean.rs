//! Runs for a selftest: some scenarios on an org, and the clean run that all others are compared with.

use std::collections::BTreeSet;

use super::control::{ControlError, switch, vary};
use super::engine::{Input, SelftestError};
use super::trace::Trace;
use crate::result::{Collector, RunResult, Verdict};
use crate::run::{RunOptions, run};
use crate::scenario::Scenario;
use crate::targets::Target;

/// What an org does without any change, and which cases meet which change.
///
/// # Errors
/// The run is not clean, or test control does not do its part.
pub(super) async fn traced(
    target: &Target,
    scenarios: Vec<Scenario>,
    input: &Input,
) -> Result<(RunResult, Trace), SelftestError> {
    plain(target).await?;
    target.keep_journal().await;
    let result = run_some(target, scenarios, input, true)
        .await
        .map_err(trouble)?;
    let journal = target.take_journal().await.map_err(trouble)?;
    let result = clean(result)?;
    let servers = target.deployment().servers.values();
    let keys = servers.filter_map(|server| path(server.endpoint("jwks_uri")));
    let trace = Trace::new(&result, &journal, &input.scenarios, &keys.collect());
    Ok((result, trace))
}

/// An org as it was at the start, without any change.
async fn plain(target: &Target) -> Result<(), SelftestError> {
    switch(target, None).await?;
    match vary(target, &BTreeSet::new()).await {
        // A mock that knows no variations has none on.
        Ok(()) | Err(ControlError::Refused { status: 404, .. }) => {}
        Err(error) => return Err(error.into()),
    }
    target.reset().await.map_err(trouble)?;
    target.forget_keys().await;
    Ok(())
}

/// Runs scenarios; `evidence` is what a trace is made of.
pub(super) async fn run_some(
    target: &Target,
    scenarios: Vec<Scenario>,
    input: &Input,
    evidence: bool,
) -> Result<RunResult, String> {
    let mut options = RunOptions::new(input.edition);
    options.jobs = input.jobs;
    options.invariants = input.invariants.clone();
    options.evidence = evidence;
    options.cancel = input.cancel.clone();
    let mut collector = Collector::default();
    run(
        scenarios,
        &input.catalogue,
        target,
        &options,
        &mut collector,
    )
    .await;
    collector
        .finish()
        .ok_or_else(|| "the run did not start".to_owned())
}

fn clean(result: RunResult) -> Result<RunResult, SelftestError> {
    let is_clean = result.incomplete.is_none()
        && result.results.iter().all(|case| {
            !matches!(
                case.verdict,
                Verdict::Failed | Verdict::Error | Verdict::NotRun
            )
        });
    if is_clean {
        Ok(result)
    } else {
        Err(SelftestError::NotClean(Box::new(result)))
    }
}

fn trouble(why: String) -> SelftestError {
    SelftestError::Control(ControlError::Trouble(why))
}

/// The path of an address.
fn path(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    rest.find('/').map(|at| rest[at..].to_owned())
}
