//! The steps of a case in the order in which they are taken: what comes before the varied one, that one, what follows.

use strict_yaml::Place;

use crate::scenario::model::{Change, Expectation, Save, Sending};
use crate::scenario::{Case, Scenario, Step};

/// One step of a case.
pub(super) struct CaseStep<'s> {
    pub(super) step: &'s Step,
    /// What is varied.
    pub(super) change: Option<&'s Change>,
    pub(super) expect: &'s [Expectation],
    pub(super) save: &'s [Save],
    /// Whether a value to save may be missing, because the varied request may have been refused.
    pub(super) saves_are_optional: bool,
    /// If true, a failed expectation is a finding. If false (a preparing step), the case could not be judged.
    pub(super) is_judged: bool,
    /// Where the step, or the case that varies it, is written.
    pub(super) place: Place,
}

impl<'s> CaseStep<'s> {
    fn unchanged(step: &'s Step, is_judged: bool) -> Self {
        Self {
            step,
            change: None,
            expect: &step.expect,
            save: &step.save,
            saves_are_optional: false,
            is_judged,
            place: step.place,
        }
    }

    /// How often it is sent.
    pub(super) fn sending(&self) -> Sending {
        self.change.map_or(Sending::Once, |change| change.sending)
    }

    /// Whether it is sent several times at once.
    pub(super) fn is_race(&self) -> bool {
        matches!(self.sending(), Sending::Raced { .. })
    }
}

/// The steps of the base flow, or of one of its cases.
pub(super) fn case_steps<'s>(scenario: &'s Scenario, case: Option<&'s Case>) -> Vec<CaseStep<'s>> {
    let steps = &scenario.steps;
    let Some(case) = case else {
        return steps
            .iter()
            .map(|step| CaseStep::unchanged(step, true))
            .collect();
    };
    let Some(varied) = steps.get(case.at) else {
        return Vec::new();
    };
    let mut case_steps: Vec<_> = steps[..case.at]
        .iter()
        .map(|step| CaseStep::unchanged(step, false))
        .collect();
    case_steps.extend(
        case.before
            .iter()
            .map(|step| CaseStep::unchanged(step, false)),
    );
    let inherits_saves = case.save == varied.save;
    case_steps.push(CaseStep {
        step: varied,
        change: Some(&case.change),
        expect: &case.expect,
        save: &case.save,
        // A refused request has no values to save. That is fine unless the flow continues and needs them.
        saves_are_optional: inherits_saves && !case.continue_flow,
        is_judged: true,
        place: case.place,
    });
    case_steps.extend(case.then.iter().map(|step| CaseStep::unchanged(step, true)));
    if case.continue_flow {
        case_steps.extend(
            steps[case.at + 1..]
                .iter()
                .map(|step| CaseStep::unchanged(step, true)),
        );
    }
    case_steps
}
