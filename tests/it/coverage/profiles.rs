//! The target chooses its profiles: what rests on another one is told and does not judge.

use std::path::Path;

use harness::result::{RunResult, Verdict};
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Deployment, Limits, Target};
use mock_okta::MockOkta;

use crate::support::harness_run::{run_on, scenarios};

/// Cites a requirement of mcp-ema beside one of base.
const REPLAYED: &str = "authorization-server/redeem/replayed";

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_rests_on_a_profile_that_is_not_chosen_does_not_judge() {
    let all = run("").await;
    assert_eq!(verdict(&all, REPLAYED), Verdict::Passed);

    let okta = run("profiles: [okta]\n").await;
    let case = okta.results.iter().find(|case| case.id == REPLAYED);
    let case = case.expect("it is listed all the same");
    // What else it checks is judged as ever.
    assert_eq!(case.verdict, Verdict::Passed);
    let aside = case
        .findings
        .iter()
        .filter(|finding| finding.covers.contains(&"redeem.replay-ema".to_owned()));
    let why: Vec<_> = aside.map(|finding| finding.not_judged.as_deref()).collect();
    assert!(!why.is_empty());
    assert!(
        why.iter()
            .all(|why| *why == Some("profile mcp-ema is not chosen")),
        "{why:?}"
    );
    // Its twin and what cites the chosen profiles alone are judged as ever.
    assert_eq!(
        verdict(&okta, "authorization-server/redeem"),
        Verdict::Passed
    );
    assert_eq!(
        verdict(&okta, "authorization-server/redeem/other-agent"),
        Verdict::Passed
    );
}

#[tokio::test]
async fn what_is_no_profile_is_refused_with_those_that_are() {
    let org = MockOkta::start().await.expect("an org");
    let problems = deployment(&org, "profiles: [okta, dpop, okta]\n").expect_err("two mistakes");
    let shown = problems.to_string();
    assert!(shown.contains("unknown word `dpop`"), "{shown}");
    assert!(shown.contains("one of base, okta, mcp-ema"), "{shown}");
    let twice = deployment(&org, "profiles: [okta, okta]\n").expect_err("a mistake");
    assert!(twice.to_string().contains("okta is named twice"), "{twice}");
}

async fn run(profiles: &str) -> RunResult {
    let org = MockOkta::start().await.expect("an org");
    let deployment = deployment(&org, profiles).unwrap_or_else(|problems| panic!("{problems}"));
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    let redeem: Vec<Scenario> = scenarios()
        .iter()
        .filter(|scenario| scenario.id == "authorization-server/redeem")
        .cloned()
        .collect();
    run_on(redeem, &target, &RunOptions::new(Edition::E2026_10)).await
}

fn deployment(org: &MockOkta, profiles: &str) -> Result<Deployment, strict_yaml::Problems> {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    config::parse(
        "target.yaml",
        &format!("{profiles}{}", org.target_file()),
        &sources,
    )
}

fn verdict(run: &RunResult, id: &str) -> Verdict {
    let case = run.results.iter().find(|case| case.id == id);
    case.unwrap_or_else(|| panic!("{id} was not planned"))
        .verdict
}
