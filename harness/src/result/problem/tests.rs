//! Causes found from what the steps of cases asked for, used and broke.

use std::collections::BTreeMap;

use super::{Problem, find};
use crate::result::{
    Against, Answer, Asked, Blame, BrokenCheck, CaseResult, FindingRecord, OtherWayTaken,
    PlannedCase, ResourceType, StepTaken, Trace, Used, VaryingCase, Verdict,
};

/// Cases with what they did.
#[derive(Default)]
struct Run {
    results: Vec<CaseResult>,
    varying: BTreeMap<String, VaryingCase>,
}

impl Run {
    fn add(&mut self, id: &str, verdict: Verdict, steps: Vec<StepTaken>) -> &mut CaseResult {
        let scenario = id.split_once('/').map_or(id, |(scenario, _)| scenario);
        let planned = PlannedCase {
            id: id.to_owned(),
            scenario: scenario.to_owned(),
            title: format!("Title of {id}"),
            resource_type: ResourceType::AuthorizationServer,
            covers: Vec::new(),
            source: "s.yaml:1".parse().unwrap(),
            change: None,
        };
        let mut result = CaseResult::of(&planned, verdict);
        let broken = steps.iter().flat_map(|step| &step.broken);
        let own = broken.filter(|broken| broken.rule.is_none());
        result.findings = own.map(|broken| broken.finding.clone()).collect();
        result.blame = steps.last().map(|step| step.party);
        let trace = Trace {
            steps,
            other_way: None,
        };
        let varying = VaryingCase {
            trace,
            ..VaryingCase::default()
        };
        self.varying.insert(id.to_owned(), varying);
        self.results.push(result);
        self.results.last_mut().unwrap()
    }

    fn problems(&mut self) -> Vec<Problem> {
        find(&mut self.results, &self.varying, &BTreeMap::new())
    }

    /// Id of the problem, its title and its cases.
    fn found(&mut self) -> Vec<(String, String, String)> {
        let problems = self.problems().into_iter();
        problems
            .map(|one| (one.id, one.title, one.cases.join(" ")))
            .collect()
    }
}

fn broken(check: &str, covers: &str, actual: Option<&str>) -> BrokenCheck {
    BrokenCheck {
        finding: FindingRecord {
            step: "step".into(),
            check: check.parse().unwrap(),
            expected: "string `right`".into(),
            expected_here: None,
            actual: Some(actual.unwrap_or("absent").to_owned()),
            verdict: Verdict::Failed,
            alternative: None,
            not_judged: None,
            covers: vec![covers.to_owned()],
            source: "s.yaml:7".parse().unwrap(),
        },
        is_absent: actual.is_none(),
        rule: None,
        token: None,
    }
}

fn step(name: &str, party: Blame, asked: Asked, used: &[(usize, &str)]) -> StepTaken {
    let used = used.iter().map(|(from, path)| Used {
        from: *from,
        path: (*path).to_owned(),
    });
    StepTaken {
        step: name.to_owned(),
        party,
        asked,
        is_varied: false,
        used: used.collect(),
        answer: Some(Answer {
            status: 200,
            error: None,
            description: None,
        }),
        against: Against::Nothing,
        broken: Vec::new(),
    }
}

fn exchange() -> StepTaken {
    step("exchange", Blame::OrgServer, Asked::IdJag, &[])
}

/// An ID-JAG without `typ`, as a check of a scenario notices it.
fn exchange_without_typ() -> StepTaken {
    let check = broken("jwt body.access_token header.typ", "idjag.typ", None);
    StepTaken {
        broken: vec![check],
        ..exchange()
    }
}

/// A redemption that is refused although it had to be accepted.
fn refused(error: &str) -> StepTaken {
    StepTaken {
        answer: Some(Answer {
            status: 400,
            error: Some(error.to_owned()),
            description: Some("Not an ID-JAG.".to_owned()),
        }),
        against: Against::Refused,
        broken: vec![broken("status", "redeem.positive", Some("integer 400"))],
        ..step(
            "redeem",
            Blame::CustomServer,
            Asked::AccessToken,
            &[(0, "access_token")],
        )
    }
}

#[test]
fn who_refuses_a_broken_token_is_not_responsible() {
    let mut run = Run::default();
    run.add("id-jag", Verdict::Failed, vec![exchange_without_typ()]);
    // Here nothing looks at the ID-JAG before it is presented.
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_grant")],
    );
    let case = run.add("redeem/expired", Verdict::Error, Vec::new());
    case.reason = Some("could not be judged, because the same request without the change (`redeem`) was not accepted".into());
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = &problems[0];
    assert_eq!(problem.id, "org_server/idjag.typ");
    assert_eq!(problem.title, "The ID-JAG has no `typ`");
    assert_eq!(problem.responsible, Blame::OrgServer);
    assert_eq!(problem.cases, ["id-jag", "redeem", "redeem/expired"]);
    // The case that judges it shows it, and the server that noticed it is quoted.
    assert_eq!(problem.cause.case, "id-jag");
    assert_eq!(problem.cause.error.as_deref(), Some("invalid_grant"));
    assert_eq!(
        problem.cause.error_description.as_deref(),
        Some("Not an ID-JAG.")
    );
    let of_cases = run.results.iter().map(|case| case.problem.as_deref());
    assert!(
        of_cases
            .into_iter()
            .all(|own| own == Some("org_server/idjag.typ"))
    );
}

#[test]
fn a_refusal_of_what_is_not_known_to_be_wrong_is_the_server_s_own() {
    let mut run = Run::default();
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_grant")],
    );
    let id = "custom_server/access-token-refused/invalid_grant";
    let title =
        "The custom authorization server refuses the redemption of an ID-JAG with `invalid_grant`";
    assert_eq!(run.found(), [(id.into(), title.into(), "redeem".into())]);

    // Where the client is refused, what it presented is beside the point.
    let mut run = Run::default();
    run.add("id-jag", Verdict::Failed, vec![exchange_without_typ()]);
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_client")],
    );
    let ids: Vec<_> = run.problems().into_iter().map(|one| one.id).collect();
    assert_eq!(
        ids,
        [
            "custom_server/access-token-refused/invalid_client",
            "org_server/idjag.typ"
        ]
    );

    // And where a lawful ID-JAG is refused as well.
    let mut run = Run::default();
    run.add("id-jag", Verdict::Failed, vec![exchange_without_typ()]);
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_grant")],
    );
    run.varying.get_mut("redeem").unwrap().trace.other_way = Some(OtherWayTaken {
        replaced: 0,
        helped: false,
    });
    assert_eq!(run.problems().len(), 2);
}

#[test]
fn what_is_wrong_with_another_value_of_the_same_answer_is_no_cause() {
    let mut run = Run::default();
    let mut other = exchange();
    other.broken = vec![broken("header cache-control", "token.cache-headers", None)];
    run.add("id-jag", Verdict::Failed, vec![other]);
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_grant")],
    );
    let titles: Vec<_> = run.problems().into_iter().map(|one| one.title).collect();
    assert_eq!(
        titles,
        [
            "The custom authorization server refuses the redemption of an ID-JAG with `invalid_grant`",
            "Answers of the org authorization server have no `cache-control`",
        ]
    );
}

#[test]
fn a_wrong_claim_that_was_copied_has_its_cause_where_it_was_first() {
    let mut run = Run::default();
    let mut first = exchange();
    first.broken = vec![broken(
        "jwt body.access_token claims.sub",
        "idjag.sub",
        Some("string `grace`"),
    )];
    let mut redeemed = step(
        "redeem",
        Blame::CustomServer,
        Asked::AccessToken,
        &[(0, "access_token")],
    );
    redeemed.broken = vec![broken(
        "jwt body.access_token claims.sub",
        "at.sub",
        Some("string `grace`"),
    )];
    run.add("flow", Verdict::Failed, vec![first, redeemed.clone()]);
    // Another claim is the custom server's own mistake.
    redeemed.broken[0].finding.check = "jwt body.access_token claims.aud".parse().unwrap();
    redeemed.broken[0].finding.covers = vec!["at.aud".into()];
    run.add("token", Verdict::Failed, vec![exchange(), redeemed]);
    let ids: Vec<_> = run.problems().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["custom_server/at.aud", "org_server/idjag.sub"]);
}

#[test]
fn what_must_be_refused_and_is_accepted_names_the_case() {
    let mut run = Run::default();
    let accepted = StepTaken {
        is_varied: true,
        against: Against::Accepted,
        broken: vec![broken("status", "redeem.replay", Some("integer 200"))],
        ..step(
            "redeem",
            Blame::CustomServer,
            Asked::AccessToken,
            &[(0, "access_token")],
        )
    };
    run.add(
        "redeem/replayed",
        Verdict::Failed,
        vec![exchange(), accepted],
    );
    let id = "custom_server/redeem.replay";
    let title =
        "The custom authorization server accepts what it has to refuse (Title of redeem/replayed)";
    assert_eq!(
        run.found(),
        [(id.into(), title.into(), "redeem/replayed".into())]
    );
}

#[test]
fn a_request_that_a_case_changed_says_nothing_of_others() {
    let mut run = Run::default();
    let varied = StepTaken {
        is_varied: true,
        ..exchange_without_typ()
    };
    run.add("id-jag/changed", Verdict::Failed, vec![varied]);
    run.add(
        "redeem",
        Verdict::Failed,
        vec![exchange(), refused("invalid_grant")],
    );
    assert_eq!(run.problems().len(), 2);
}

#[test]
fn what_could_not_be_judged_for_one_reason_is_one_problem() {
    let mut run = Run::default();
    for id in ["a", "b"] {
        let case = run.add(id, Verdict::Error, Vec::new());
        case.reason = Some("the target could not be reset before this case: refused".into());
        case.blame = Some(Blame::Network);
    }
    run.add("c", Verdict::Passed, vec![exchange()]);
    let problems = run.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].verdict, Verdict::Error);
    assert_eq!(
        problems[0].id,
        "network/the-target-could-not-be-reset-before-this-case"
    );
    assert_eq!(problems[0].cases, ["a", "b"]);
    assert_eq!(run.results[2].problem, None);
}
