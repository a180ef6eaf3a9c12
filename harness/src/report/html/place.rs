//! Names of places in the page. The id of a case is the path of a file, so it has no colon, and no scenario of ours lies
//! where its id would be one of these words.

use crate::result::CaseResult;

/// The summary on top.
pub(super) const SUMMARY: &str = "summary";
/// How the run was made, and the counts.
pub(super) const FIGURES: &str = "figures";
/// What does not hold.
pub(super) const PROBLEMS: &str = "problems";
/// What was not judged, and why.
pub(super) const UNJUDGED: &str = "not-judged";
/// What was seen where sources leave room.
pub(super) const OBSERVED: &str = "observed";
/// What a real org issued.
pub(super) const LEDGER: &str = "obtained";
/// Requirements × results.
pub(super) const MATRIX: &str = "results";
/// Requirements by specification.
pub(super) const COVERAGE: &str = "coverage";
/// All cases.
pub(super) const CASES: &str = "cases";

/// A problem by its position.
pub(super) fn problem(index: usize) -> String {
    format!("p:{}", index + 1)
}

/// A case by its number.
pub(super) fn numbered(number: usize) -> String {
    format!("c:{number}")
}

/// A token of a case, both by their numbers.
pub(super) fn token(case: usize, token: usize) -> String {
    format!("t:{case}.{token}")
}

/// A requirement in the coverage.
pub(super) fn requirement(id: &str) -> String {
    format!("req:{id}")
}

/// A flow in the matrix.
pub(super) fn flow(scenario: &str) -> String {
    format!("flow:{scenario}")
}

/// What a case is called inside its flow.
pub(super) fn short(case: &CaseResult) -> &str {
    case.id
        .strip_prefix(&case.scenario)
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or("base flow")
}
