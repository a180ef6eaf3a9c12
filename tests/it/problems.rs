//! Problems of whole runs: several defects at once are as many problems, each with who made it.

use harness::result::{Blame, RunResult, TypeState, Verdict};
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Limits, Target};
use mock_okta::{Defect, MockOkta};
use rstest::rstest;

use crate::support::harness_run::{invariants, run_on, scenarios};

/// Everything against an org with these defects.
async fn run_with(defects: &[&str]) -> RunResult {
    let mut builder = MockOkta::builder().seed(1028);
    for defect in defects {
        builder = builder.defect(defect_of(defect));
    }
    let org = builder.start().await.expect("the org starts");
    let sources = Sources {
        folder: std::path::Path::new("."),
        environment: &|_| None,
    };
    let deployment = config::parse("target.yaml", &org.target_file(), &sources)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    let options = RunOptions {
        invariants: invariants(),
        ..RunOptions::new(Edition::E2026_10)
    };
    run_on(scenarios().to_vec(), &target, &options).await
}

fn defect_of(id: &str) -> Defect {
    let mut all = Defect::all();
    all.find(|defect| defect.to_string() == id)
        .unwrap_or_else(|| panic!("no defect is called {id}"))
}

fn ids(run: &RunResult) -> Vec<&str> {
    let mut ids: Vec<&str> = run.problems.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn three_defects_at_once_are_three_problems() {
    let defects = [
        "mute/id_jag_replayed",
        "bend/id-jag-typ-missing",
        "bend/secret-of-another",
    ];
    let run = run_with(&defects).await;
    assert_eq!(
        ids(&run),
        [
            "custom_server/redeem.replay-ema",
            "org_server/idjag.typ",
            "resource/resource-refused/401",
        ]
    );
    let typ = &run.problems[0];
    assert_eq!(typ.title, "The ID-JAG has no `typ`");
    assert_eq!(typ.responsible, Blame::OrgServer);
    assert_eq!(typ.cause.case, "authorization-server/id-jag");
    assert_eq!(typ.cause.error.as_deref(), Some("invalid_grant"));
    assert!(typ.cure.contains("idjag.typ"), "{}", typ.cure);
    // Every case that does not hold belongs to one of them.
    for case in &run.results {
        let deviates = matches!(case.verdict, Verdict::Failed | Verdict::Error);
        assert_eq!(case.problem.is_some(), deviates, "{}", case.id);
    }
    // What lies behind the broken ID-JAG was found by another way, and the case says so.
    let replayed = run
        .results
        .iter()
        .find(|case| case.id == "authorization-server/redeem/replayed");
    assert!(replayed.unwrap().other_way.is_some());
    let state = |name: &str| {
        let status = run
            .resource_types
            .iter()
            .find(|one| one.resource_type.as_str() == name);
        status.unwrap().state
    };
    assert_eq!(state("authorization-server"), TypeState::Broken);
    assert_eq!(state("secret"), TypeState::Broken);
    assert_eq!(state("service-account"), TypeState::Works);
}

/// One defect, who made it, and in how many problems at most it shows.
#[rstest]
#[case::an_id_jag_of_another_key("bend/id-jag-key-of-another-server", Blame::OrgServer, 1)]
#[case::an_access_token_for_nobody("bend/access-token-aud-mistyped", Blame::CustomServer, 1)]
#[case::a_sign_in_without_id_token("bend/code-id-token-missing", Blame::OrgServer, 2)]
#[case::introspection_as_text("bend/introspection-active-text", Blame::CustomServer, 2)]
#[case::no_token_type("bend/redeem-token-type-missing", Blame::CustomServer, 1)]
#[case::no_issued_type("bend/brokered-token-type-missing", Blame::OrgServer, 1)]
#[tokio::test]
async fn one_defect_is_blamed_on_who_made_it(
    #[case] defect: &str,
    #[case] responsible: Blame,
    #[case] most: usize,
) {
    let run = run_with(&[defect]).await;
    let problems = &run.problems;
    assert!((1..=most).contains(&problems.len()), "{:?}", ids(&run));
    assert_eq!(problems[0].responsible, responsible, "{:?}", problems[0]);
}

#[tokio::test]
async fn a_faultless_org_has_no_problem_and_every_type_works() {
    let run = run_with(&[]).await;
    assert_eq!(ids(&run), [""; 0]);
    let states = run.resource_types.iter().map(|one| one.state);
    assert!(states.into_iter().all(|state| state == TypeState::Works));
}
