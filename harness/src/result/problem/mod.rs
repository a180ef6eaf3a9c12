//! Problems: cases that do not hold, by their cause. One mistake of a server often breaks many cases; the problem names the
//! mistake once, who made it, and the cases that follow from it.

mod cause;
mod group;
mod wording;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Aspect, Blame, CaseResult, ResourceType, RunResult, Verdict};

pub(super) use group::find;
pub(crate) use wording::capitalised;

impl RunResult {
    /// The problem that a case belongs to, by its position. Reports of earlier versions name none.
    #[must_use]
    pub fn problem_of(&self, case: &CaseResult) -> Option<(usize, &Problem)> {
        let id = case.problem.as_ref()?;
        let mut problems = self.problems.iter().enumerate();
        problems.find(|(_, problem)| problem.id == *id)
    }
}

/// Cases with one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// The same in every run: who is responsible, and what is broken. `org_server/idjag.typ`
    pub id: String,
    /// One sentence: "The ID-JAG has no `typ`".
    pub title: String,
    /// `failed` where a MUST was seen not to hold, otherwise `error`.
    pub verdict: Verdict,
    /// Who has to act: who deviated first, not who noticed it.
    pub responsible: Blame,
    /// Resource types with affected cases.
    #[schemars(with = "Vec<String>")]
    pub resource_types: Vec<ResourceType>,
    /// The requirement that is not met, where a check cites one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// Where it was seen first.
    pub cause: Cause,
    /// What to do about it.
    pub cure: String,
    /// Ids of the affected cases, ordered.
    pub cases: Vec<String>,
}

/// Where a problem was seen, and what was there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// The case that shows it.
    pub case: String,
    /// The step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// What was looked at, where a check found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub check: Option<Aspect>,
    /// What was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there instead, or why it could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Status of the answer in which it was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `error` of that answer, in the server's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// `error_description` of that answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// The problems of a run from those of its parts: what has the same id is the same problem.
pub(super) fn merged(parts: impl IntoIterator<Item = Problem>) -> Vec<Problem> {
    let mut whole: BTreeMap<String, Problem> = BTreeMap::new();
    for part in parts {
        let Some(known) = whole.get_mut(&part.id) else {
            whole.insert(part.id.clone(), part);
            continue;
        };
        known.verdict = known.verdict.max(part.verdict);
        known.cases.extend(part.cases);
        known.cases.sort();
        known.cases.dedup();
        known.resource_types.extend(part.resource_types);
        known.resource_types.sort();
        known.resource_types.dedup();
    }
    in_order(whole.into_values())
}

/// What broke a MUST first, then by the number of affected cases.
fn in_order(problems: impl IntoIterator<Item = Problem>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = problems.into_iter().collect();
    problems.sort_by(|a, b| {
        let rank = |one: &Problem| (one.verdict != Verdict::Failed, Reverse(one.cases.len()));
        rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id))
    });
    problems
}

#[cfg(test)]
mod tests;
