//! What a case says of one requirement. A case that failed because of one requirement says nothing ill of another whose
//! checks held, and one that was not judged says nothing good of any.

use std::collections::BTreeMap;

use crate::presentation::words;
use crate::result::{CaseResult, Verdict};

/// The verdict on a requirement that `case` covers; `None` where no check of the case is about it.
pub(super) fn of(case: &CaseResult, requirement: &str) -> Option<Verdict> {
    let cites = |cited: &[String]| cited.iter().any(|id| id == requirement);
    let worst = case
        .findings
        .iter()
        .filter(|finding| cites(&finding.covers))
        .map(|finding| finding.verdict)
        .max();
    match (case.verdict, worst) {
        (Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun | Verdict::Error, worst) => {
            Some(
                worst
                    .filter(|worst| matches!(worst, Verdict::Failed | Verdict::Warning))
                    .unwrap_or(case.verdict),
            )
        }
        // A case may name a requirement that none of its checks is about: that proves nothing, even where it passed.
        (_, worst) => worst,
    }
}

/// Counts of verdicts, in the order of reports.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<Verdict, usize>);

impl Counts {
    pub(super) fn add(&mut self, verdict: Verdict) {
        *self.0.entry(verdict).or_default() += 1;
    }

    pub(super) fn get(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or_default()
    }

    /// Those that are not zero.
    pub(super) fn nonzero(&self) -> impl Iterator<Item = (Verdict, usize)> {
        words::VERDICTS
            .into_iter()
            .map(|verdict| (verdict, self.get(verdict)))
            .filter(|(_, count)| *count > 0)
    }

    /// What all of them together say of a requirement.
    pub(super) fn verdict(&self) -> Verdict {
        let judged = [
            Verdict::Failed,
            Verdict::Warning,
            Verdict::Passed,
            Verdict::Observed,
        ];
        judged
            .into_iter()
            .find(|verdict| self.get(*verdict) > 0)
            .or_else(|| self.0.keys().next_back().copied())
            .unwrap_or(Verdict::NotRun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::sample;

    fn failed() -> CaseResult {
        let run = sample::every_verdict();
        run.results
            .into_iter()
            .find(|case| case.verdict == Verdict::Failed)
            .unwrap()
    }

    #[test]
    fn a_requirement_whose_checks_held_is_not_blamed_for_another() {
        let mut case = failed();
        let mut held = case.findings[0].clone();
        held.verdict = Verdict::Passed;
        held.covers = vec!["req.held".to_owned()];
        case.findings.push(held);
        assert_eq!(of(&case, "scope.none-left"), Some(Verdict::Failed));
        assert_eq!(of(&case, "req.held"), Some(Verdict::Passed));
        assert_eq!(of(&case, "req.of-no-check"), None);
    }

    #[test]
    fn a_case_that_passed_says_nothing_of_a_requirement_without_a_check() {
        let mut case = failed();
        case.verdict = Verdict::Passed;
        for finding in &mut case.findings {
            finding.verdict = Verdict::Passed;
        }
        assert_eq!(of(&case, "scope.none-left"), Some(Verdict::Passed));
        case.covers.push("req.of-no-check".to_owned());
        assert_eq!(of(&case, "req.of-no-check"), None);
    }

    #[test]
    fn a_case_that_was_not_judged_says_nothing_good() {
        for verdict in [Verdict::Skipped, Verdict::NotRun, Verdict::Error] {
            let mut case = failed();
            case.verdict = verdict;
            case.findings.truncate(1);
            assert_eq!(case.findings[0].verdict, Verdict::Passed);
            assert_eq!(of(&case, "scope.none-left"), Some(verdict));
        }
    }

    #[test]
    fn one_that_fails_decides_and_one_that_was_skipped_does_not() {
        let verdict = |verdicts: &[Verdict]| {
            let mut counts = Counts::default();
            for verdict in verdicts {
                counts.add(*verdict);
            }
            counts.verdict()
        };
        assert_eq!(
            verdict(&[Verdict::Passed, Verdict::Failed, Verdict::Skipped]),
            Verdict::Failed
        );
        assert_eq!(
            verdict(&[Verdict::Passed, Verdict::Skipped]),
            Verdict::Passed
        );
        assert_eq!(verdict(&[Verdict::Skipped]), Verdict::Skipped);
    }
}
