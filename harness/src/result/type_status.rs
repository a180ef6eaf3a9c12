//! One line for each resource type: whether it works, for whoever reads no further.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CaseResult, Problem, ResourceType, Verdict};

/// What a run says of a resource type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TypeStatus {
    /// The guide's resource type, or `none` for what belongs to all of them.
    #[schemars(with = "String")]
    pub resource_type: ResourceType,
    /// In a word.
    pub state: TypeState,
    /// In a sentence without a full stop: "broken: the ID-JAG has no `typ`".
    pub words: String,
}

/// Whether a resource type works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeState {
    /// Its flow came to its end, and nothing was found that breaks a MUST.
    Works,
    /// Its flow came to its end, but something breaks a MUST or could not be judged.
    Deviates,
    /// Its flow did not come to its end.
    Broken,
    /// Nothing of it was run.
    NotTested,
}

impl TypeStatus {
    /// Every resource type that cases of a run belong to, in the guide's order.
    pub(super) fn of_run(results: &[CaseResult], problems: &[Problem]) -> Vec<Self> {
        let types: BTreeSet<ResourceType> = results
            .iter()
            .filter(|case| !case.is_invariant())
            .map(|case| case.resource_type)
            .collect();
        types
            .into_iter()
            .map(|of| Self::of_type(of, results, problems))
            .collect()
    }

    fn of_type(resource_type: ResourceType, results: &[CaseResult], problems: &[Problem]) -> Self {
        let cases: Vec<&CaseResult> = results
            .iter()
            .filter(|case| case.resource_type == resource_type && !case.is_invariant())
            .collect();
        let (state, words) = state(&cases, problems);
        Self {
            resource_type,
            state,
            words,
        }
    }
}

fn state(cases: &[&CaseResult], problems: &[Problem]) -> (TypeState, String) {
    let was_run = |case: &&&CaseResult| {
        !matches!(
            case.verdict,
            Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun
        )
    };
    let flows: Vec<&&CaseResult> = cases
        .iter()
        .filter(|case| case.twin().is_none())
        .filter(was_run)
        .collect();
    if flows.is_empty() {
        let reason = cases.iter().find_map(|case| case.reason.as_deref());
        let reason = reason.unwrap_or("no flow of it was run");
        return (TypeState::NotTested, format!("not tested: {reason}"));
    }
    let own: Vec<&Problem> = problems
        .iter()
        .filter(|problem| {
            cases
                .iter()
                .any(|case| case.problem.as_ref() == Some(&problem.id))
        })
        .collect();
    let Some(first) = own.first() else {
        return (TypeState::Works, "works".to_owned());
    };
    // A flow whose later cases could not be judged did not come to its end.
    let is_blocked = |problem: &&&Problem| {
        cases.iter().any(|case| {
            case.verdict == Verdict::Error && case.problem.as_ref() == Some(&problem.id)
        })
    };
    let more = |count: usize| match count {
        0 => String::new(),
        1 => "; 1 more problem".to_owned(),
        more => format!("; {more} more problems"),
    };
    let rest = more(own.len() - 1);
    match own.iter().find(is_blocked) {
        Some(problem) => (
            TypeState::Broken,
            format!("broken: {}{rest}", in_a_sentence(&problem.title)),
        ),
        None => (
            TypeState::Deviates,
            format!("works, but {}{rest}", in_a_sentence(&first.title)),
        ),
    }
}

/// A title within a sentence: its first letter is small unless it begins a name.
fn in_a_sentence(title: &str) -> String {
    match title.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => title.to_owned(),
    }
}
