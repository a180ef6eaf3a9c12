//! Hand-made runs for the tests of `result`, `report` and `cli`.

use std::collections::BTreeMap;

use super::{CaseResult, Collector, EventSink, PlannedCase, RunEvent, TargetInfo, Verdict};

/// A collector that has seen the start of a run of these cases.
pub(crate) fn started(ids: &[&str]) -> Collector {
    let mut collector = Collector::new(BTreeMap::new());
    collector.on_event(&run_started(ids));
    collector
}

pub(crate) fn run_started(ids: &[&str]) -> RunEvent {
    RunEvent::RunStarted {
        target: TargetInfo {
            name: "embedded".to_owned(),
            kind: "embedded".to_owned(),
        },
        edition: "2026-10".to_owned(),
        org_issuer: "http://127.0.0.1:40123".to_owned(),
        started_at: "2026-11-24T09:00:00Z".to_owned(),
        cases: ids.iter().map(|id| planned(id)).collect(),
    }
}

pub(crate) fn done(id: &str, verdict: Verdict) -> RunEvent {
    RunEvent::CaseDone {
        result: Box::new(CaseResult::of(&planned(id), verdict)),
        varying: Box::default(),
    }
}

pub(crate) fn planned(id: &str) -> PlannedCase {
    PlannedCase {
        id: id.to_owned(),
        scenario: id.to_owned(),
        title: format!("Case {id}"),
        resource_type: "authorization-server".to_owned(),
        covers: vec!["req.a".to_owned()],
        source: format!("scenarios/{id}.yaml:1"),
    }
}
