use super::*;
use crate::evidence::{Participant, RecordedRequest, RecordedStep};
use crate::requirement::Catalogue;
use crate::result::{EventSink, PlannedCase, RunEvent, VaryingCase, sample as run_sample};
use crate::targets::sample;

const CASE: &str = "authorization-server/redeem/replayed";
const BASE: &str = "authorization-server/redeem";

fn finding(step: &str, check: &str, verdict: Verdict, covers: &[&str]) -> FindingRecord {
    FindingRecord {
        step: step.to_owned(),
        check: check.parse().unwrap(),
        expected: "integer 400".to_owned(),
        expected_here: None,
        actual: None,
        verdict,
        alternative: None,
        not_judged: None,
        covers: covers.iter().map(ToString::to_string).collect(),
        source: "s.yaml:1".parse().unwrap(),
    }
}

/// A run of one case with these findings.
fn run(findings: Vec<FindingRecord>) -> RunResult {
    let planned = PlannedCase {
        covers: vec!["redeem.replay-ema".to_owned()],
        scenario: BASE.to_owned(),
        ..run_sample::planned(CASE)
    };
    let mut collector = crate::result::Collector::default();
    collector.on_event(&run_sample::run_started(&[CASE]));
    let mut result = CaseResult::of(&planned, Verdict::Passed);
    result.findings = findings;
    let exchange = RecordedStep {
        step: "redeem".to_owned(),
        from: Participant::Agent,
        to: Participant::CustomServer,
        judged: true,
        request: RecordedRequest {
            method: "POST".to_owned(),
            url: "http://o/oauth2/aus1/v1/token".into(),
            headers: Vec::new(),
            parameters: Vec::new(),
        },
        response: None,
        trouble: None,
        milliseconds: 1.0,
    };
    collector.on_event(&RunEvent::CaseDone {
        result: Box::new(result),
        varying: Box::new(VaryingCase {
            milliseconds: 1.0,
            exchanges: vec![exchange],
            ..VaryingCase::default()
        }),
    });
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1.0,
    });
    collector.finish().unwrap()
}

fn registry(breaks: &str, equivalent: &str) -> Registry {
    says(breaks, equivalent, "")
}

fn says(breaks: &str, equivalent: &str, warned: &str) -> Registry {
    let text =
        format!("breaks: {{ {breaks} }}\nequivalent: {{ {equivalent} }}\nwarned: {{ {warned} }}\n");
    Registry::parse("defects.yaml", &text, Catalogue::embedded()).unwrap()
}

fn row(id: &str, registry: &Registry, met: &[&str], findings: Vec<FindingRecord>) -> Row {
    let clean = run(vec![
        finding("redeem", "status", Verdict::Passed, &[]),
        finding("redeem", "body.open", Verdict::Observed, RIGHT),
    ]);
    let clean = Clean::new(
        &clean,
        &sample::deployment("http://o"),
        &[],
        Catalogue::embedded(),
    );
    let defect = Defect {
        id: id.to_owned(),
        summary: "It is wrong.".to_owned(),
    };
    let steps = met.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let met = match met {
        [] => Met::new(),
        _ => Met::from([(CASE.to_owned(), steps)]),
    };
    judge(&defect, &met, &clean, &run(findings), registry)
}

fn failed(step: &str, covers: &[&str]) -> Vec<FindingRecord> {
    vec![finding(step, "status", Verdict::Failed, covers)]
}

const MUTE: &str = "mute/id_jag_replayed";
const RIGHT: &[&str] = &["token.error-status-400", "redeem.replay-ema"];

#[test]
fn a_mute_is_rightly_caught_where_the_refusal_was_made_by_what_the_case_is_about() {
    let none = registry("", "");
    let caught = row(MUTE, &none, &["redeem"], failed("redeem", RIGHT));
    assert_eq!(caught.fate, Fate::Caught);
    let catch = caught.catch.unwrap();
    assert_eq!(
        (catch.requirement.as_str(), catch.case.as_str()),
        ("redeem.replay-ema", CASE)
    );
    // At another step, or by something that the case is not about, it was luck.
    for (step, covers) in [("call", RIGHT), ("redeem", &["idjag.typ"][..])] {
        let elsewhere = row(MUTE, &none, &["redeem"], failed(step, covers));
        assert_eq!(elsewhere.fate, Fate::Elsewhere, "{step} {covers:?}");
    }
}

#[test]
fn what_the_file_says_a_defect_breaks_decides() {
    let says = registry("mute/id_jag_replayed: [redeem.expired]", "");
    let elsewhere = row(MUTE, &says, &["redeem"], failed("redeem", RIGHT));
    assert_eq!(elsewhere.fate, Fate::Elsewhere);
    assert_eq!(elsewhere.breaks, ["redeem.expired"]);

    let says = registry("bend/x: [redeem.replay-ema]", "");
    let bend = |covers| row("bend/x", &says, &["redeem"], failed("call", covers));
    assert_eq!(bend(RIGHT).fate, Fate::Caught);
    assert_eq!(bend(&["idjag.typ"]).fate, Fate::Elsewhere);
}

#[test]
fn only_a_check_that_holds_without_the_defect_and_fails_with_it_counts() {
    let none = registry("", "");
    let with = |verdict| vec![finding("redeem", "status", verdict, RIGHT)];
    let met = |findings| row(MUTE, &none, &["redeem"], findings).fate;
    assert_eq!(met(with(Verdict::Failed)), Fate::Caught);
    assert_eq!(met(with(Verdict::Warning)), Fate::Warned);
    assert_eq!(met(with(Verdict::Observed)), Fate::Observed);
    for verdict in [Verdict::Passed, Verdict::Error] {
        assert_eq!(met(with(verdict)), Fate::Survived, "{verdict:?}");
    }
    // It was open before.
    let open = vec![finding("redeem", "body.open", Verdict::Failed, RIGHT)];
    assert_eq!(met(open), Fate::Survived);
    let mut aside = with(Verdict::Failed);
    aside[0].not_judged = Some("profile mcp-ema is not chosen".to_owned());
    assert_eq!(met(aside), Fate::Survived);
}

#[test]
fn a_warning_is_enough_only_where_the_file_says_why() {
    let with = |verdict| vec![finding("redeem", "status", verdict, RIGHT)];
    let row = |file: &Registry, verdict| row(MUTE, file, &["redeem"], with(verdict));
    let unsaid = row(&registry("", ""), Verdict::Warning);
    assert_eq!((unsaid.fate, unsaid.is_fine()), (Fate::Warned, false));
    let said = says("", "", "mute/id_jag_replayed: it is a SHOULD");
    let warned = row(&said, Verdict::Warning);
    assert_eq!((warned.fate, warned.is_fine()), (Fate::Warned, true));
    assert_eq!(warned.reason.as_deref(), Some("it is a SHOULD"));
    // The reason must go once the defect is caught, and is none where nobody notices.
    let caught = row(&said, Verdict::Failed);
    assert_eq!((caught.fate, caught.is_fine()), (Fate::Stale, false));
    for verdict in [Verdict::Passed, Verdict::Observed] {
        assert!(!row(&said, verdict).is_fine(), "{verdict:?}");
    }
}

#[test]
fn a_failure_outweighs_a_warning_wherever_it_stands() {
    let with = |verdict| finding("redeem", "status", verdict, RIGHT);
    let both = vec![with(Verdict::Warning), with(Verdict::Failed)];
    let caught = row(MUTE, &registry("", ""), &["redeem"], both);
    assert_eq!(caught.fate, Fate::Caught);
}

#[test]
fn a_case_that_can_no_longer_be_judged_is_no_catch_and_is_named() {
    let file = registry("", "");
    let error = vec![finding("redeem", "status", Verdict::Error, RIGHT)];
    assert_eq!(row(MUTE, &file, &["redeem"], error).fate, Fate::Survived);
    let clean = Clean::new(
        &run(Vec::new()),
        &sample::deployment("http://o"),
        &[],
        Catalogue::embedded(),
    );
    let mut stopped = run(Vec::new());
    stopped.results[0].verdict = Verdict::Error;
    stopped.results[0].reason = Some("it hangs".to_owned());
    let why = unjudged(&stopped, &clean);
    assert_eq!(why, Some(format!("`{CASE}` could not be judged: it hangs")));
}

#[test]
fn an_internal_code_tells_rules_apart_and_proves_no_check() {
    let none = registry("", "");
    let code = || finding("redeem", "internal code", Verdict::Failed, RIGHT);
    let alone = row(MUTE, &none, &["redeem"], vec![code()]);
    assert_eq!(alone.fate, Fate::CodeOnly);
    assert!(alone.broke.is_empty(), "{:?}", alone.broke);
    let mut beside = failed("redeem", RIGHT);
    beside.insert(0, code());
    let caught = row(MUTE, &none, &["redeem"], beside);
    assert_eq!(caught.fate, Fate::Caught);
    assert_eq!(caught.catch.unwrap().check, Aspect::Status);
    let says = registry("", "mute/id_jag_replayed: the answer is the same");
    let equivalent = row(MUTE, &says, &["redeem"], vec![code()]);
    assert_eq!(equivalent.fate, Fate::Equivalent);
}

#[test]
fn what_nobody_notices_says_where_it_was_met() {
    let none = registry("", "");
    let survived = row(MUTE, &none, &["redeem"], Vec::new());
    assert_eq!(
        (survived.fate, survived.met_in),
        (Fate::Survived, vec![CASE.to_owned()])
    );
    let untouched = row(MUTE, &none, &[], Vec::new());
    assert_eq!(untouched.fate, Fate::Untouched);
}

#[test]
fn an_equivalent_defect_that_is_caught_is_stale() {
    let says = registry("", "mute/id_jag_replayed: the answer is the same");
    let met = |findings| row(MUTE, &says, &["redeem"], findings);
    let equivalent = met(Vec::new());
    assert_eq!(equivalent.fate, Fate::Equivalent);
    assert_eq!(equivalent.reason.as_deref(), Some("the answer is the same"));
    assert_eq!(row(MUTE, &says, &[], Vec::new()).fate, Fate::Equivalent);
    assert_eq!(met(failed("redeem", RIGHT)).fate, Fate::Stale);
    assert_eq!(met(failed("redeem", &["idjag.typ"])).fate, Fate::Stale);
}

#[test]
fn what_broke_is_kept_by_the_server_that_was_asked() {
    let broke = |step| {
        let row = row(MUTE, &registry("", ""), &["redeem"], failed(step, RIGHT));
        row.broke.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(broke("redeem"), ["custom"]);
    assert_eq!(broke("call"), ["other"]);
}
