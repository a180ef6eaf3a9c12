use super::*;
use crate::result::{Collector, EventSink, RunEvent, VaryingCase, sample};

const BASE: &str = "secret/exchange";
const CASE: &str = "secret/exchange/expired";

/// Okta alone demands it.
const OKTAS: &str = "okta.secret-response";
/// Demanded under base.
const BASES: &str = "token.json-content-type";

fn finding(check: &str, verdict: Verdict, covers: &[&str]) -> FindingRecord {
    FindingRecord {
        check: check.parse().unwrap(),
        verdict,
        covers: covers.iter().map(ToString::to_string).collect(),
        ..sample::held()
    }
}

/// A run of two cases of one scenario, with the verdicts of their findings; the second may be an error without any.
fn run(base: Vec<FindingRecord>, case: Result<Vec<FindingRecord>, &str>) -> RunResult {
    let mut collector = Collector::default();
    collector.on_event(&sample::run_started(&[BASE, CASE]));
    for (id, findings) in [(BASE, Ok(base)), (CASE, case)] {
        let mut result = CaseResult::of(&sample::planned(id), Verdict::Passed);
        BASE.clone_into(&mut result.scenario);
        match findings {
            Ok(findings) => {
                let worst = findings.iter().map(|finding| finding.verdict).max();
                result.verdict = worst.unwrap_or(Verdict::Passed);
                result.findings = findings;
            }
            Err(why) => {
                result.verdict = Verdict::Error;
                result.reason = Some(why.to_owned());
            }
        }
        collector.on_event(&RunEvent::CaseDone {
            result: Box::new(result),
            varying: Box::new(VaryingCase::default()),
        });
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1.0,
    });
    collector.finish().unwrap()
}

fn seen(run: &RunResult) -> Vec<Sighting> {
    let open = finding(
        "body.open",
        Verdict::Observed,
        &["okta.open.basic-challenge"],
    );
    let clean = self::run(
        vec![finding("status", Verdict::Passed, &[BASES]), open],
        Ok(vec![]),
    );
    Plain::new(&clean).noticed(run)
}

fn variation(profiles: &[&str]) -> Variation {
    Variation {
        id: "vary/x".to_owned(),
        summary: String::new(),
        source: String::new(),
        reason: String::new(),
        profiles: profiles.iter().map(ToString::to_string).collect(),
        aspect: "x".to_owned(),
    }
}

/// Checks that noticed as they may, and those that may not.
fn parted(
    run: &RunResult,
    lawful_under: &[&str],
    profiles: &Profiles,
) -> (Vec<Option<String>>, Vec<String>) {
    let variation = variation(lawful_under);
    let rights = Rights::new(&variation, profiles, Catalogue::embedded());
    let (noticed, wrongly) = rights.part(seen(run));
    (
        noticed.into_iter().map(|one| one.requirement).collect(),
        wrongly.into_iter().map(|one| one.case).collect(),
    )
}

#[test]
fn only_what_is_worse_than_in_the_clean_run_is_noticed() {
    let open = |verdict| finding("body.open", verdict, &["okta.open.basic-challenge"]);
    for verdict in [Verdict::Passed, Verdict::Observed] {
        let quiet = run(
            vec![open(verdict), finding("body.new", verdict, &[BASES])],
            Ok(vec![]),
        );
        assert!(seen(&quiet).is_empty(), "{verdict:?}");
    }
    for verdict in [Verdict::Warning, Verdict::Failed, Verdict::Error] {
        let loud = run(
            vec![open(verdict)],
            Ok(vec![finding("status", verdict, &[BASES])]),
        );
        let cases: Vec<_> = seen(&loud).into_iter().map(|one| one.notice.case).collect();
        assert_eq!(cases, [BASE, CASE], "{verdict:?}");
    }
}

#[test]
fn a_case_that_can_no_longer_be_judged_is_noticed_though_no_check_is() {
    let stopped = run(vec![], Err("step `exchange`: it hangs"));
    let [one] = &seen(&stopped)[..] else {
        panic!("one notice");
    };
    assert_eq!(one.notice.case, CASE);
    assert_eq!(
        one.notice.actual.as_deref(),
        Some("step `exchange`: it hangs")
    );
    assert_eq!(parted(&stopped, &["base"], &Profiles::default()).1, [CASE]);
}

#[test]
fn a_check_may_notice_only_by_a_requirement_of_a_profile_that_forbids_the_variation() {
    let by = |id| run(vec![finding("status", Verdict::Failed, &[id])], Ok(vec![]));
    let (all, base) = (Profiles::default(), Profiles::of([]));
    let may = (vec![Some(OKTAS.to_owned())], Vec::new());
    let may_not = (Vec::new(), vec![BASE.to_owned()]);
    for (id, lawful_under, profiles, expected) in [
        (OKTAS, &["base", "mcp-ema"][..], &all, &may),
        (OKTAS, &["base", "okta", "mcp-ema"], &all, &may_not),
        // It is not Okta that forbids it.
        (OKTAS, &["base", "okta"], &all, &may_not),
        (BASES, &["base", "mcp-ema"], &all, &may_not),
        (OKTAS, &["base", "mcp-ema"], &base, &may_not),
        // Nothing is unlawful under base.
        (BASES, &[], &base, &may_not),
    ] {
        let parted = parted(&by(id), lawful_under, profiles);
        assert_eq!(&parted, expected, "{id} {lawful_under:?} {profiles}");
    }
}

#[test]
fn a_case_that_fell_with_its_twin_is_excused_if_the_twin_was_noticed_rightly() {
    let inconclusive =
        Err("could not be judged, because the same request without the change was not accepted");
    let fallen = |id| {
        run(
            vec![finding("status", Verdict::Failed, &[id])],
            inconclusive.clone(),
        )
    };
    let lawful = &["base", "mcp-ema"];
    let (noticed, wrongly) = parted(&fallen(OKTAS), lawful, &Profiles::default());
    assert_eq!((noticed.len(), wrongly.len()), (1, 0));
    let (noticed, wrongly) = parted(&fallen(BASES), lawful, &Profiles::default());
    assert_eq!(
        (noticed.len(), wrongly),
        (0, vec![CASE.to_owned(), BASE.to_owned()])
    );
}

#[test]
fn more_profiles_judge_again_what_they_judge_otherwise() {
    let both = run(
        vec![finding("status", Verdict::Passed, &[BASES])],
        Ok(vec![finding("status", Verdict::Passed, &[OKTAS])]),
    );
    let (all, base) = (Profiles::default(), Profiles::of([]));
    let differ = judged_otherwise(&both, &all, &base, Catalogue::embedded());
    assert_eq!(differ, BTreeSet::from([CASE.to_owned()]));
    assert!(judged_otherwise(&both, &base, &base, Catalogue::embedded()).is_empty());
}
