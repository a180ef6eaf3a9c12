//! What a case changes, in words. As written: `${org.issuer}` stays as it is.

mod change;

pub use change::describe as change;
pub(crate) use change::members;

use super::{Case, Scenario};

/// What a case does differently from its twin, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Id of the step that is varied.
    pub step: String,
    /// What is different, and how: steps before it, parts of its request.
    pub parts: Vec<(String, String)>,
}

/// What a case does differently from its twin, up to the step that is varied.
#[must_use]
pub fn difference(scenario: &Scenario, case: &Case) -> Difference {
    let before = case.before.iter().map(|step| {
        (
            "before it".to_owned(),
            step.action.kind().describe().summary,
        )
    });
    Difference {
        step: scenario
            .steps
            .get(case.at)
            .map_or_else(String::new, |step| step.id.clone()),
        parts: before.chain(change(&case.change)).collect(),
    }
}
