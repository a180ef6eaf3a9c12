//! A scenario in words: what a step does, and what a case changes in it. As written: `${org.issuer}` stays as it is.

mod change;
mod request;

pub use change::describe as change;
pub use request::{Request, describe as request};

use super::model::{Case, Scenario};

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
    let before = case
        .before
        .iter()
        .map(|step| ("before it".to_owned(), request(&step.action).summary));
    Difference {
        step: scenario
            .steps
            .get(case.at)
            .map_or_else(String::new, |step| step.id.clone()),
        parts: before.chain(change(&case.change)).collect(),
    }
}
