use std::collections::BTreeMap;

use super::*;
use crate::evidence::{Participant, RecordedRequest, RecordedStep};
use crate::presentation::terminal::Look;
use crate::requirement::Profiles;
use crate::result::{
    CaseResult, Collector, EventSink, FindingRecord, PlannedCase, RunEvent, VaryingCase, sample,
};
use crate::selftest::{Fate, Row};
use crate::targets::sample::deployment;

const ORG: &str = "http://o/oauth2/v1/token";
const CUSTOM: &str = "http://o/oauth2/aus1/v1/token";

/// A case that asks one server and has one check that cites one requirement.
struct Judged(&'static str, Verdict, &'static str, &'static str);

fn run(cases: &[Judged]) -> RunResult {
    let ids: Vec<_> = cases.iter().map(|case| case.0).collect();
    let mut collector = Collector::default();
    collector.on_event(&sample::run_started(&ids));
    for Judged(id, verdict, requirement, url) in cases {
        let planned = PlannedCase {
            covers: vec![(*requirement).to_owned()],
            ..sample::planned(id)
        };
        let mut result = CaseResult::of(&planned, *verdict);
        if !matches!(verdict, Verdict::Skipped) {
            result.findings = vec![FindingRecord {
                step: "token".to_owned(),
                check: crate::result::Aspect::Status,
                expected: "integer 400".to_owned(),
                expected_here: None,
                actual: None,
                verdict: *verdict,
                alternative: None,
                not_judged: None,
                covers: planned.covers.clone(),
                source: "s.yaml:1".parse().unwrap(),
            }];
        }
        let request = RecordedRequest {
            method: "POST".to_owned(),
            url: (*url).to_owned().into(),
            headers: Vec::new(),
            parameters: Vec::new(),
        };
        collector.on_event(&RunEvent::CaseDone {
            result: Box::new(result),
            varying: Box::new(VaryingCase {
                milliseconds: 1.0,
                exchanges: vec![RecordedStep {
                    step: "token".to_owned(),
                    from: Participant::Agent,
                    to: Participant::OrgServer,
                    judged: true,
                    request,
                    response: None,
                    trouble: None,
                    milliseconds: 1.0,
                }],
                ..VaryingCase::default()
            }),
        });
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1.0,
    });
    collector.finish().unwrap()
}

/// A matrix in which defects broke these requirements at these servers.
fn matrix(broke: &[(&str, &str)]) -> Matrix {
    let mut row = Row::new("bend/x", "Something is wrong.", Fate::Caught);
    let mut by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (server, id) in broke {
        by.entry((*server).to_owned())
            .or_default()
            .insert((*id).to_owned());
    }
    row.broke = by;
    Matrix::new(vec!["2026-10".to_owned()], Vec::new(), vec![row])
}

fn covered(run: &RunResult, matrix: &Matrix, group: &str, profiles: Profiles) -> Coverage {
    let mut deployment = deployment("http://o");
    deployment.profiles = profiles;
    let evidence = Evidence {
        catalogue: Catalogue::embedded(),
        run,
        deployment: &deployment,
        matrix,
        excluded: Excluded::embedded(),
    };
    coverage(evidence, &|one| one.id.as_str().starts_with(group))
}

fn output(coverage: &Coverage, id: &str) -> Vec<(Option<&'static str>, State, Option<String>)> {
    let all = coverage.requirements.iter();
    all.filter(|entry| entry.id == id)
        .map(|entry| (entry.server, entry.state, entry.reason.clone()))
        .collect()
}

#[test]
fn a_requirement_is_tested_only_where_a_check_was_judged_and_can_fail() {
    let id = "idjag.typ";
    let passed = run(&[Judged("a", Verdict::Passed, id, ORG)]);
    let state = |run: &RunResult, matrix: &Matrix| {
        let coverage = covered(run, matrix, "idjag.", Profiles::default());
        output(&coverage, id).remove(0)
    };
    let shown = matrix(&[("org", id)]);
    assert_eq!(state(&passed, &shown), (None, State::Tested, None));
    let untested = |why: &str| (None, State::Untested, Some(why.to_owned()));
    assert_eq!(
        state(&passed, &matrix(&[])),
        untested("no defect shows that its check can fail")
    );
    let skipped = run(&[Judged("a", Verdict::Skipped, id, ORG)]);
    assert_eq!(
        state(&skipped, &shown),
        untested("none of its cases could be judged")
    );
    let error = run(&[Judged("a", Verdict::Error, id, ORG)]);
    assert_eq!(
        state(&error, &shown),
        untested("none of its cases could be judged")
    );
    let other = run(&[Judged("a", Verdict::Passed, "idjag.iss", ORG)]);
    assert_eq!(state(&other, &shown), untested("no case cites it"));
}

#[test]
fn what_both_servers_have_to_meet_is_told_of_each() {
    let id = "token.post-only";
    let run = run(&[
        Judged("a", Verdict::Passed, id, ORG),
        Judged("b", Verdict::Failed, id, CUSTOM),
    ]);
    let coverage = covered(
        &run,
        &matrix(&[("org", id)]),
        "token.post-only",
        Profiles::default(),
    );
    let untested = Some("no defect shows that its check can fail".to_owned());
    assert_eq!(
        output(&coverage, id),
        [
            (Some("org"), State::Tested, None),
            (Some("custom"), State::Untested, untested),
        ]
    );
    assert_eq!(coverage.requirements[1].cases[0].case, "b");
    assert_eq!(
        (coverage.summary[0].tested, coverage.summary[0].untested),
        (1, 1)
    );
}

#[test]
fn what_is_left_out_says_why() {
    let run = run(&[Judged("a", Verdict::Passed, "redeem.replay-ema", CUSTOM)]);
    let shown = matrix(&[("custom", "redeem.replay-ema")]);
    let states = |profiles: Profiles| {
        let coverage = covered(&run, &shown, "", profiles);
        ["redeem.replay-ema", "redeem.resubmit-base", "rs.dpop"]
            .map(|id| output(&coverage, id).remove(0))
            .map(|(_, state, reason)| (state, reason.unwrap_or_default()))
    };
    let [ema, base, dpop] = states(Profiles::default());
    assert_eq!(ema.0, State::Tested);
    assert_eq!(base.0, State::Excluded);
    assert!(base.1.contains("is judged instead"), "{base:?}");
    assert_eq!(dpop.0, State::Excluded);
    assert!(dpop.1.contains("DPoP"), "{dpop:?}");
    let [ema, base, _] = states(Profiles::of([]));
    assert_eq!(ema.0, State::Excluded);
    assert!(ema.1.contains("mcp-ema is not chosen"), "{ema:?}");
    assert_eq!(base.0, State::Untested);
}

#[test]
fn pages() {
    let run = run(&[
        Judged("a", Verdict::Passed, "idjag.typ", ORG),
        Judged("b", Verdict::Warning, "idjag.typ", ORG),
    ]);
    let shown = matrix(&[("org", "idjag.typ")]);
    let coverage = covered(&run, &shown, "idjag.t", Profiles::default());
    insta::assert_snapshot!("markdown", markdown(&coverage));
    insta::assert_snapshot!("console", paper(&coverage, Look::new(100, false)));
    insta::assert_snapshot!("summary", summary(&coverage, Look::new(100, false)));
    insta::assert_snapshot!("lines", tabbed(&coverage));
    insta::assert_snapshot!("json", json(&coverage).unwrap());
}
