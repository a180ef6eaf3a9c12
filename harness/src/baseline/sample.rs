//! Hand-made runs for the tests of this module.

use super::Known;
use crate::result::{CaseResult, EventSink, FindingRecord, RunEvent, RunResult, Verdict, sample};

/// A case, its verdict and the requirements it breaks.
pub(crate) type Row<'a> = (&'a str, Verdict, &'a [&'a str]);

pub(crate) fn run(rows: &[Row<'_>]) -> RunResult {
    let ids: Vec<&str> = rows.iter().map(|(id, ..)| *id).collect();
    let mut collector = sample::started(&ids);
    for (id, verdict, broken) in rows {
        if *verdict != Verdict::NotRun {
            collector.on_event(&RunEvent::CaseDone {
                result: Box::new(case(id, *verdict, broken)),
                varying: Box::default(),
            });
        }
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1.0,
    });
    collector.finish().unwrap()
}

pub(crate) fn case(id: &str, verdict: Verdict, broken: &[&str]) -> CaseResult {
    let mut case = CaseResult::of(&sample::planned(id), verdict);
    case.findings = broken
        .iter()
        .map(|requirement| FindingRecord {
            step: "exchange".to_owned(),
            check: crate::result::Aspect::Status,
            expected: "integer 400".to_owned(),
            expected_here: None,
            actual: Some("integer 200".to_owned()),
            verdict,
            alternative: None,
            not_judged: None,
            covers: vec![(*requirement).to_owned()],
            source: "scenarios/a/b.yaml:7".parse().unwrap(),
        })
        .collect();
    case
}

pub(crate) fn known() -> Known {
    let set = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
    Known {
        cases: set(&["a/b", "a/b/expired", "a/b/replayed", "a/c", "a/c/bent"]),
        requirements: set(&["req.a", "req.b", "req.c"]),
    }
}
