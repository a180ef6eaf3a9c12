//! The twin rule: a refusal counts only beside the same request, unchanged, accepted in the same run. A check that goes
//! green because the server refuses for another reason is the commonest lie of such suites.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::conclude::Report;
use crate::plan::Planned;
use crate::result::{Blame, CaseResult, Verdict};
use crate::scenario::Scenario;

/// What a base flow says about each of its steps.
#[derive(Debug, Clone)]
pub(super) struct Twin {
    id: String,
    accepted: Vec<bool>,
    why: String,
    blame: Option<Blame>,
    /// It was skipped, and so are its cases.
    skipped: bool,
    /// The base flow by another way, where its own is broken.
    other: Option<Arc<OtherWay>>,
}

/// A base flow that was taken by another way.
#[derive(Debug)]
pub(super) struct OtherWay {
    /// With the step that test control takes in place of the org.
    pub(super) scenario: Arc<Scenario>,
    /// The position of that step.
    pub(super) replaced: usize,
    /// Whether each step was accepted.
    pub(super) accepted: Vec<bool>,
}

impl OtherWay {
    /// Whether it came further than the flow's own way.
    pub(super) fn is_better_than(&self, accepted: &[bool]) -> bool {
        let far = |accepted: &[bool]| accepted.iter().take_while(|one| **one).count();
        far(&self.accepted) > far(accepted)
    }

    /// Whether the flow came as far as this step and it was accepted.
    fn leads_to(&self, at: usize) -> bool {
        at > self.replaced && self.accepted.get(at) == Some(&true)
    }
}

impl Twin {
    /// The twin that a base flow's report gives its cases.
    pub(super) fn of(report: &Report) -> Self {
        let result = &report.result;
        let broken = result
            .findings
            .iter()
            .find(|finding| finding.verdict >= Verdict::Error);
        let why = result.reason.clone().or_else(|| {
            broken
                .map(|finding| format!("step `{}`: {} does not hold", finding.step, finding.check))
        });
        Self {
            id: result.id.clone(),
            accepted: report.accepted.clone(),
            why: why.unwrap_or_else(|| "it ended before that step".to_owned()),
            blame: result.blame,
            skipped: report.skips,
            other: None,
        }
    }

    /// Whether every one of so many steps was accepted.
    pub(super) fn is_accepted(&self, steps: usize) -> bool {
        self.accepted.len() == steps && self.accepted.iter().all(|accepted| *accepted)
    }

    /// The same, with another way for cases that its own does not lead to.
    pub(super) fn with(self, other: OtherWay) -> Self {
        Self {
            other: Some(Arc::new(other)),
            ..self
        }
    }

    /// The other way to a case that varies this step, where the flow's own was not accepted.
    pub(super) fn other_way(&self, at: usize) -> Option<&Arc<OtherWay>> {
        let needs = self.accepted.get(at) != Some(&true);
        self.other
            .as_ref()
            .filter(|other| needs && other.leads_to(at))
    }

    /// The result of a case whose base flow has no report.
    pub(super) fn missing(planned: &Planned) -> CaseResult {
        let id = &planned.case.scenario;
        let mut result = CaseResult::of(&planned.case, Verdict::Error);
        result.reason = Some(format!(
            "could not be judged, because the same request without the change (`{id}`) was not run"
        ));
        result.cure = Some(format!("see `{id}` first"));
        result.blame = Some(Blame::Harness);
        result
    }

    /// Nothing, or the result of a case whose twin was not accepted at the step that the case varies.
    pub(super) fn inconclusive(&self, at: usize, planned: &Planned) -> Option<CaseResult> {
        if self.accepted.get(at) == Some(&true) {
            return None;
        }
        if self.skipped {
            let mut result = CaseResult::of(&planned.case, Verdict::Skipped);
            result.reason = Some(format!(
                "the same request without the change (`{}`) was skipped: {}",
                self.id, self.why
            ));
            return Some(result);
        }
        let mut result = CaseResult::of(&planned.case, Verdict::Error);
        result.reason = Some(format!(
            "could not be judged, because the same request without the change (`{}`) was not accepted: {}",
            self.id, self.why
        ));
        result.cure = Some(format!("see `{}` first", self.id));
        result.blame = self.blame;
        Some(result)
    }
}

/// What the base flows of a run said so far.
#[derive(Debug, Default)]
pub(super) struct Twins(watch::Sender<Said>);

#[derive(Debug, Default)]
struct Said {
    /// By scenario.
    twins: BTreeMap<String, Twin>,
    /// No base flow that may run beside others is left.
    is_complete: bool,
}

impl Twins {
    /// Keeps what the base flow of a scenario said.
    pub(super) fn keep(&self, scenario: &str, twin: Twin) {
        self.0.send_modify(|said| {
            said.twins.insert(scenario.to_owned(), twin);
        });
    }

    /// Notes that no base flow is left for which a case could wait.
    pub(super) fn complete(&self) {
        self.0.send_modify(|said| said.is_complete = true);
    }

    /// What the base flow of a scenario said, if it is done.
    pub(super) fn get(&self, scenario: &str) -> Option<Twin> {
        self.0.borrow().twins.get(scenario).cloned()
    }

    /// Returns when the base flow of a scenario is done, or will not be.
    pub(super) async fn wait_for(&self, scenario: &str) {
        let mut said = self.0.subscribe();
        // The sender lives as long as this.
        let _ = said
            .wait_for(|said| said.is_complete || said.twins.contains_key(scenario))
            .await;
    }
}
