//! Every switch of the mock, turned to each of its other positions: which cases notice, and whether any fails that must not.
//!
//! `tests/it/switches.rs` tries the cases that are known to notice; the program `switches` all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use harness::requirement::{Catalogue, Profile, Profiles};
use harness::result::{CaseResult, Collector, RunResult, Verdict};
use harness::run::{RunOptions, run as run_scenarios};
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Limits, Target};
use mock_okta::{Behaviours, MockOkta};
use tokio::runtime::Runtime;

/// Which cases notice a switch, by `switch=position`, with their verdict then.
pub type Noticed = BTreeMap<String, BTreeMap<String, String>>;

/// The list that is checked in.
pub const FILE: &str = "reports/embedded/switches.json";
/// Positions that hand a credential to somebody who may not have it, for tests of what a client does then. A run fails
/// under them, and it must.
const UNSAFE: [&str; 2] = ["http_redirect_uri=any", "subject_token_user=unchecked"];
/// Positions that refuse requests for their number: all cases would be too many for them, so whole flows are run.
const LIMITED: [&str; 3] = [
    "rate_limits=integrator",
    "id_jag_cap=rate_limited",
    "id_jag_cap=sku_not_enabled",
];
/// Orgs that are tested at once; each keeps a processor busy.
const AT_ONCE: usize = 3;

/// Turns every switch, and runs all cases or those that `known` names. What comes back is who notices, and what is wrong.
pub fn turn_all(scenarios: &[Scenario], all: bool, known: &Noticed) -> (Noticed, Vec<String>) {
    let plain = if all {
        scenarios.to_vec()
    } else {
        only(
            scenarios,
            &known.values().flat_map(BTreeMap::keys).cloned().collect(),
        )
    };
    let plain = verdicts(&run(None, plain));
    let mut noticed = Noticed::new();
    let mut wrong = Vec::new();
    for (position, result) in turned(scenarios, all, known) {
        let now = verdicts(&result);
        let is_failure = |case: &CaseResult| case.verdict == Verdict::Failed;
        if UNSAFE.contains(&position.as_str()) {
            if !result.results.iter().any(is_failure) {
                wrong.push(format!("{position}: nothing fails, and it must"));
            }
            noticed.insert(position, changed(&plain, now));
            continue;
        }
        wrong.extend(
            result
                .results
                .iter()
                .filter(|case| matches!(case.verdict, Verdict::Failed | Verdict::Error))
                .map(|case| {
                    format!(
                        "{position}: {} {:?} {:?}",
                        case.id,
                        case.verdict,
                        broken(case)
                    )
                }),
        );
        noticed.insert(position, changed(&plain, now));
    }
    (noticed, wrong)
}

/// The cases whose verdict is another one than before.
fn changed(
    before: &BTreeMap<String, String>,
    now: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let differs =
        |(id, verdict): &(String, String)| before.get(id).is_some_and(|before| before != verdict);
    now.into_iter().filter(differs).collect()
}

/// Every switch, turned to each position that is not its default, and what a run gives then.
fn turned(scenarios: &[Scenario], all: bool, known: &Noticed) -> Vec<(String, RunResult)> {
    let turns = Behaviours::SWITCHES.iter().flat_map(|switch| {
        let others = switch
            .choices
            .iter()
            .filter(|choice| **choice != switch.default);
        others.map(|choice| (switch.name, *choice))
    });
    let (turns, results) = (Mutex::new(turns), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = turns.lock().expect("nobody panics with it").next();
                    let Some((name, choice)) = next else { break };
                    let position = format!("{name}={choice}");
                    let cases = known.get(&position).cloned().unwrap_or_default();
                    let chosen = if all && !LIMITED.contains(&position.as_str()) {
                        scenarios.to_vec()
                    } else {
                        only(scenarios, &cases.into_keys().collect())
                    };
                    let result = run(Some((name, choice)), chosen);
                    results
                        .lock()
                        .expect("nobody panics with it")
                        .push((position, result));
                }
            });
        }
    });
    results.into_inner().expect("nobody panicked with it")
}

/// The whole flows, and these cases with the request that each varies.
fn only(scenarios: &[Scenario], cases: &BTreeSet<String>) -> Vec<Scenario> {
    let mut chosen = scenarios.to_vec();
    chosen.retain_mut(|scenario| {
        let id = scenario.id.clone();
        scenario
            .cases
            .retain(|case| cases.contains(&format!("{id}/{}", case.id)));
        !scenario.cases.is_empty() || cases.contains(&id) || id.ends_with("/whole-flow")
    });
    chosen
}

/// A run against an org with one switch turned. What is open is open at Okta, so Okta's profile judges alone.
fn run(turn: Option<(&str, &str)>, chosen: Vec<Scenario>) -> RunResult {
    let mut builder = MockOkta::builder();
    if let Some((name, position)) = turn {
        builder = builder.behaviour(name, position);
    }
    // Who signs the user in is what the editions differ in for a client, so the harness is told by its edition.
    let edition = match turn {
        Some(("user_sign_in", "linked_app")) => Edition::E2025_10,
        _ => Edition::E2026_10,
    };
    Runtime::new().expect("a runtime").block_on(async {
        let org = builder.start().await.expect("the org starts");
        let sources = Sources {
            folder: Path::new("."),
            environment: &|_| None,
        };
        let described = config::parse("switches", &org.target_file(), &sources);
        let mut deployment = described.expect("a target file");
        deployment.profiles = Profiles::of([Profile::Okta]);
        let target = Target::with(deployment, Limits::default(), Some(Box::new(org)));
        let target = target.expect("a target");
        let mut options = RunOptions::new(edition);
        // Only verdicts count here.
        options.evidence = false;
        let mut collector = Collector::default();
        run_scenarios(
            chosen,
            Catalogue::embedded(),
            &target,
            &options,
            &mut collector,
        )
        .await;
        collector.finish().expect("the run started")
    })
}

fn verdicts(result: &RunResult) -> BTreeMap<String, String> {
    let word = |verdict: Verdict| {
        let word = serde_json::to_value(verdict).expect("a word");
        word.as_str().unwrap_or_default().to_owned()
    };
    let of = |case: &CaseResult| (case.id.clone(), word(case.verdict));
    result.results.iter().map(of).collect()
}

/// The first check that does not hold, for whoever reads the failure.
fn broken(case: &CaseResult) -> Option<String> {
    let found = case
        .findings
        .iter()
        .find(|finding| finding.verdict >= Verdict::Error);
    found
        .map(|finding| format!("{}: {:?}", finding.check, finding.actual))
        .or_else(|| case.reason.clone())
}
