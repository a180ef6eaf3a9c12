//! What a network does to answers of the token endpoint, kind by kind: no case fails by it.

use std::time::Duration;

use harness::result::{Blame, RunResult, Verdict};
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Deployment, Limits, PacePolicy, Target};
use mock_okta::{Endpoint, Fault, FaultKind, MockOkta};
use tokio::task::JoinSet;

use crate::support::harness_run::{invariants, run_on, scenarios};

/// Short, so that what hangs costs little, and long enough for a busy machine.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(2),
    request: Duration::from_secs(2),
    body: 1024 * 1024,
    values: 20_000,
};

fn described(org: &MockOkta) -> Deployment {
    let sources = Sources {
        folder: std::path::Path::new("."),
        environment: &|_| None,
    };
    config::parse("target.yaml", &org.target_file(), &sources).expect("a target")
}

/// Runs flows of several kinds while a fault is on.
async fn run(fault: Fault) -> RunResult {
    // A seed whose keys are made quickly.
    let org = MockOkta::builder().seed(1028).fault(fault);
    let org = org.start().await.expect("an org");
    let target = Target::with(described(&org), LIMITS, None).expect("a client");
    let target = target.paced(PacePolicy {
        first_wait: Duration::from_millis(10),
        // What asks for more is not waited for.
        most_wait: Duration::from_secs(1),
        repeats: 2,
        ..PacePolicy::of(target.deployment())
    });
    let ids = ["secret/resource", "secret/whole-flow"];
    let chosen = scenarios()
        .iter()
        .filter(|one| ids.contains(&one.id.as_str()));
    let options = RunOptions {
        patience: Duration::from_secs(10),
        invariants: invariants(),
        ..RunOptions::new(Edition::E2026_10)
    };
    run_on(chosen.cloned().collect(), &target, &options).await
}

/// What a kind does to the content takes no time; the others slow a run down.
fn fault(kind: FaultKind) -> Fault {
    match kind {
        FaultKind::Delay => Fault::delay(Duration::from_millis(20)),
        FaultKind::SlowBytes => Fault::slow_bytes(100),
        FaultKind::Refused => Fault::refused(Duration::from_secs(1)),
        kind => Fault::new(kind),
    }
    .at(Endpoint::Token)
}

/// Whether an answer arrives whole all the same.
const fn arrives(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Delay | FaultKind::CutAfter)
}

fn assert_nothing_failed(kind: FaultKind, result: &RunResult) {
    for case in &result.results {
        let wrong = case
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Failed);
        for finding in wrong {
            // What a server does itself when it is wrong: it is what the requirements are about.
            let check = finding.check.to_string();
            let is_own = match kind {
                FaultKind::WrongContentType => check.contains("content-type"),
                // A refusal that has nothing but its status, of a server that has answered (`run/case/trouble.rs`).
                FaultKind::EmptyBody => check.contains("body"),
                _ => false,
            };
            assert!(is_own, "{kind}: {} {finding:?}", case.id);
        }
        if !matches!(kind, FaultKind::WrongContentType | FaultKind::EmptyBody) {
            assert_ne!(
                case.verdict,
                Verdict::Failed,
                "{kind}: {} {:?}",
                case.id,
                case.reason
            );
        }
    }
    let errors = result
        .results
        .iter()
        .filter(|case| case.verdict == Verdict::NotRun || case.blame == Some(Blame::Network));
    let expected = !arrives(kind) && kind != FaultKind::WrongContentType;
    // Where requests were sent again nothing is left of it; a refusal without content may be the server's; and whether a
    // connection that ends without notice cuts the next request is a matter of moments.
    let either = matches!(
        kind,
        FaultKind::RateLimited | FaultKind::EmptyBody | FaultKind::CutAfter
    );
    let reasons: Vec<_> = errors.map(|case| (&case.id, &case.reason)).collect();
    let is_right = expected != reasons.is_empty() || either;
    assert!(is_right, "{kind} {reasons:?}");
}

/// Every answer, and then now and then one: a server that was seen to be up may be what its answers come from.
#[tokio::test(flavor = "multi_thread")]
async fn no_case_fails_by_what_a_network_does_to_answers() {
    let kinds = FaultKind::ALL.into_iter();
    let runs: Vec<_> = kinds
        .flat_map(|kind| [(kind, fault(kind)), (kind, fault(kind).every(7))])
        .collect();
    // A few at once: most of them only wait.
    for some in runs.chunks(4) {
        let mut running = JoinSet::new();
        for (kind, fault) in some.iter().cloned() {
            running.spawn(async move { (kind, run(fault).await) });
        }
        for (kind, result) in running.join_all().await {
            assert_nothing_failed(kind, &result);
        }
    }
}
