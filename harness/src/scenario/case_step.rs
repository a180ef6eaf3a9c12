//! The steps of a case in the order in which they are taken: what comes before the varied one, that one, what follows.

use strict_yaml::Place;

use super::model::{Change, Expectation, Save, Sending};
use super::{Case, Scenario, Step};

/// One step of a case, or of a base flow.
#[derive(Debug)]
pub struct CaseStep<'s> {
    /// The step as it is written.
    pub step: &'s Step,
    /// Which part of the case it is.
    pub part: Part,
    /// What is varied.
    pub change: Option<&'s Change>,
    /// What must come back.
    pub expect: &'s [Expectation],
    /// Values kept for later steps.
    pub save: &'s [Save],
    /// Whether a value to save may be missing, because the varied request may have been refused.
    pub saves_are_optional: bool,
    /// Where the step, or the case that varies it, is written.
    pub place: Place,
}

/// Which part of a case a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A step of the base flow before the varied one.
    Leading,
    /// A step of the case before the varied one.
    Inserted,
    /// The varied step.
    Varied,
    /// A step after the varied one; of a base flow every step.
    Following,
}

impl Part {
    /// If true, a failed expectation is a finding. If false (a preparing step), the case could not be judged.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Varied | Self::Following)
    }
}

impl<'s> CaseStep<'s> {
    fn unchanged(step: &'s Step, part: Part) -> Self {
        Self {
            step,
            part,
            change: None,
            expect: &step.expect,
            save: &step.save,
            saves_are_optional: false,
            place: step.place,
        }
    }

    /// How often it is sent.
    #[must_use]
    pub fn sending(&self) -> Sending {
        self.change.map_or(Sending::Once, |change| change.sending)
    }

    /// Whether it is sent several times at once.
    #[must_use]
    pub fn is_race(&self) -> bool {
        matches!(self.sending(), Sending::Raced { .. })
    }
}

/// The steps of the base flow, or of one of its cases.
#[must_use]
pub fn case_steps<'s>(scenario: &'s Scenario, case: Option<&'s Case>) -> Vec<CaseStep<'s>> {
    let all = |steps: &'s [Step], part| {
        steps
            .iter()
            .map(move |step| CaseStep::unchanged(step, part))
    };
    let steps = &scenario.steps;
    let Some(case) = case else {
        return all(steps, Part::Following).collect();
    };
    let Some(varied) = steps.get(case.at) else {
        return Vec::new();
    };
    let inherits_saves = case.save == varied.save;
    let varied = CaseStep {
        step: varied,
        part: Part::Varied,
        change: Some(&case.change),
        expect: &case.expect,
        save: &case.save,
        // A refused request has no values to save. That is fine unless the flow continues and needs them.
        saves_are_optional: inherits_saves && !case.continue_flow,
        place: case.place,
    };
    let rest = if case.continue_flow {
        &steps[case.at + 1..]
    } else {
        &[]
    };
    all(&steps[..case.at], Part::Leading)
        .chain(all(&case.before, Part::Inserted))
        .chain([varied])
        .chain(all(&case.then, Part::Following))
        .chain(all(rest, Part::Following))
        .collect()
}
