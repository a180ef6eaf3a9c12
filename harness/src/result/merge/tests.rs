use super::*;
use crate::result::{EventSink, RunEvent, Verdict, sample};

fn part(index: usize, ids: &[&str], verdict: Verdict) -> Part {
    let mut collector = sample::started(ids);
    for id in ids {
        collector.on_event(&sample::done(id, verdict));
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1000.0,
    });
    let mut run = collector.finish().unwrap();
    run.shard = Some(Shard {
        index,
        count: 2,
        cases: 3,
        suite: "0123456789ab".to_owned(),
    });
    run.varying.started_at = format!("2026-11-24T09:00:0{index}Z");
    Part {
        name: format!("{index}.json"),
        run,
    }
}

fn two() -> Vec<Part> {
    vec![
        part(2, &["b"], Verdict::Passed),
        part(1, &["a", "c"], Verdict::Failed),
    ]
}

fn shown(errors: &[MergeError]) -> Vec<String> {
    errors.iter().map(MergeError::to_string).collect()
}

#[test]
fn the_parts_are_the_whole() {
    let whole = merge(two(), false).unwrap();
    let ids: Vec<&str> = whole.results.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!((whole.summary.failed, whole.summary.passed), (2, 1));
    assert_eq!((whole.shard, whole.incomplete), (None, None));
    assert_eq!(whole.varying.started_at, "2026-11-24T09:00:01Z");
    assert!((whole.varying.milliseconds - 2000.0).abs() < 0.001);
    assert_eq!(whole.varying.org_issuer, "http://127.0.0.1:40123");
    assert_eq!(whole.varying.cases.len(), 3);
}

#[test]
fn addresses_that_differ_are_not_told() {
    let mut parts = two();
    parts[0].run.varying.org_issuer = "http://127.0.0.1:1".to_owned();
    assert_eq!(merge(parts, false).unwrap().varying.org_issuer, "");
}

#[test]
fn a_missing_part_is_refused_or_leaves_the_run_incomplete() {
    let one = || vec![part(1, &["a", "c"], Verdict::Passed)];
    let errors = merge(one(), false).unwrap_err();
    assert_eq!(shown(&errors), ["shard 2 of 2 is missing"]);
    let incomplete = merge(one(), true).unwrap().incomplete.unwrap();
    assert_eq!(incomplete.cause, StopCause::MissingShards);
    assert_eq!(
        incomplete.reason,
        "shard 2 of 2 is missing, with 1 of the cases"
    );
}

#[test]
fn mixtures_are_refused_with_all_that_differs() {
    let mut parts = two();
    let run = &mut parts[1].run;
    run.target.name = "other".to_owned();
    run.edition = "2025-10".to_owned();
    if let Some(shard) = &mut run.shard {
        shard.index = 2;
        shard.suite = "ba9876543210".to_owned();
    }
    parts.push(Part {
        name: "whole.json".to_owned(),
        run: sample::all_well(),
    });
    assert_eq!(
        shown(&merge(parts, true).unwrap_err()),
        [
            "1.json has target `other`, but 2.json has `embedded`",
            "1.json has edition `2025-10`, but 2.json has `2026-10`",
            "1.json has selection of cases `ba9876543210`, but 2.json has `0123456789ab`",
            "1.json and 2.json are both shard 2 of 2",
            "whole.json is no part of a run: it was not made with --shard",
        ]
    );
    assert_eq!(merge(Vec::new(), true).unwrap_err(), [MergeError::Nothing]);
}

#[test]
fn two_orgs_of_one_name_are_two_targets() {
    let mut parts = two();
    for (part, issuer) in parts.iter_mut().zip(["https://a", "https://b"]) {
        part.run.target.kind = TargetKind::Okta;
        part.run.varying.org_issuer = issuer.to_owned();
    }
    assert_eq!(
        shown(&merge(parts, false).unwrap_err()),
        ["1.json has org `https://b`, but 2.json has `https://a`"]
    );
}

#[test]
fn parts_that_share_or_lack_a_case_are_refused() {
    for (ids, expected) in [
        (
            &["b", "a"][..],
            "the parts hold 4 cases, 3 of them distinct, where there should be 3",
        ),
        (
            &[],
            "the parts hold 2 cases, 2 of them distinct, where there should be 3",
        ),
    ] {
        let parts = vec![
            part(2, ids, Verdict::Passed),
            part(1, &["a", "c"], Verdict::Passed),
        ];
        assert_eq!(shown(&merge(parts, false).unwrap_err()), [expected]);
    }
}

#[test]
fn what_broke_off_a_part_is_told_of_the_whole() {
    let stop = |cause, reason: &str| Some(Incomplete::new(cause, reason));
    let mut parts = two();
    parts[1].run.incomplete = stop(StopCause::Interrupted, "interrupted");
    let one = merge(parts.clone(), false).unwrap().incomplete;
    assert_eq!(
        one,
        stop(StopCause::Interrupted, "shard 1 of 2: interrupted")
    );
    parts[0].run.incomplete = stop(StopCause::FailFast, "stopped");
    let both = merge(parts.clone(), false).unwrap().incomplete;
    assert_eq!(
        both,
        stop(
            StopCause::Interrupted,
            "shard 1 of 2: interrupted; shard 2 of 2: stopped"
        )
    );
    parts[0].run.incomplete = stop(StopCause::Interrupted, "interrupted");
    let alike = merge(parts, false).unwrap().incomplete;
    assert_eq!(alike, stop(StopCause::Interrupted, "interrupted"));
}

#[test]
fn a_rule_for_every_answer_adds_up_over_the_parts() {
    let with_rule = |mut part: Part, verdict: Verdict, applied: (usize, usize, Option<&str>)| {
        let mut planned = sample::planned("invariants/x");
        planned.scenario = crate::result::INVARIANTS.to_owned();
        let mut rule = CaseResult::of(&planned, verdict);
        let (exchanges, broken, first) = applied;
        rule.applied = Some(crate::result::Applied {
            broken_in: BTreeSet::default(),
            exchanges,
            broken,
            first: first.map(|case| crate::result::Origin {
                case: case.to_owned(),
                step: "s".to_owned(),
            }),
        });
        part.run.results.push(rule);
        part
    };
    let merged = |one, other| {
        let parts = vec![
            with_rule(part(1, &["a", "c"], Verdict::Passed), Verdict::Passed, one),
            with_rule(part(2, &["b"], Verdict::Passed), other, (4, 1, Some("b"))),
        ];
        let whole = merge(parts, false).unwrap();
        let mut rules = whole.results.into_iter().filter(CaseResult::is_invariant);
        let rule = rules.next().unwrap();
        assert!(rules.next().is_none());
        rule
    };
    let rule = merged((3, 0, None), Verdict::Failed);
    assert_eq!(rule.verdict, Verdict::Failed);
    let applied = rule.applied.unwrap();
    assert_eq!((applied.exchanges, applied.broken), (7, 1));
    let reason = rule.reason.unwrap();
    assert_eq!(
        reason,
        "1 of 7 answers differs; the first is that of step `s` in `b`"
    );
    // A part in which it applied to nothing takes nothing away.
    assert_eq!(
        merged((3, 0, None), Verdict::Skipped).verdict,
        Verdict::Passed
    );
}
