//! How much of each case the page shows. A page must open at once, so the cases of a large run are shown more briefly, those
//! that passed first.

use std::borrow::Cow;

use crate::result::{CaseResult, Verdict};

/// How much of a case is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// What does not hold first, of the cases in which something does not hold.
    Cause,
    /// Its checks.
    Checks,
    /// Also the diagram, how the exchange that was judged differs from the twin's, and the tokens that came back.
    Differences,
    /// Also every exchange.
    Exchanges,
}

impl Detail {
    /// What is shown of a case where the page as a whole shows this much.
    pub(super) fn of(self, case: &CaseResult) -> Self {
        match self {
            Self::Differences if may_be_brief(case) => Self::Differences,
            Self::Differences | Self::Exchanges => Self::Exchanges,
            Self::Checks | Self::Cause => self,
        }
    }
}

/// Variations that passed, and cases that could not be judged: those may share one cause, which is shown elsewhere.
fn may_be_brief(case: &CaseResult) -> bool {
    match case.verdict {
        Verdict::Failed | Verdict::Warning | Verdict::Observed => false,
        Verdict::Error => true,
        Verdict::Passed | Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun => {
            case.twin().is_some()
        }
    }
}

/// What a page of checks shows of a case where there is room; `None` where the checks are enough.
pub(super) const fn with_room(case: &CaseResult) -> Option<Detail> {
    match case.verdict {
        Verdict::Failed | Verdict::Warning | Verdict::Observed => Some(Detail::Exchanges),
        Verdict::Error => Some(Detail::Differences),
        Verdict::Passed | Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun => None,
    }
}

/// Whether the exchanges of a case are shown with all that was recorded: every header field, and values in full length.
pub(super) const fn shows_whole_exchanges(case: &CaseResult) -> bool {
    matches!(
        case.verdict,
        Verdict::Failed | Verdict::Warning | Verdict::Observed | Verdict::Error
    )
}

/// What the page shows, as a sentence for the reader. `problems` are shown with more than their checks, of `of` that could be.
pub(super) fn describe(page: Detail, problems: usize, of: usize) -> Cow<'static, str> {
    match page {
        Detail::Exchanges => "Every case is shown with every exchange.".into(),
        Detail::Differences => {
            "Problems and base flows are shown with every exchange, variations that passed by the way they went and by what \
             their request and its answer differ in from the unchanged ones: that keeps this page small. report.json has all \
             exchanges."
                .into()
        }
        Detail::Cause => {
            "So much was found that this page would be too large with all checks: of each case it shows the first check that \
             does not hold. report.json has all of it."
                .into()
        }
        Detail::Checks if problems == of => {
            "Problems are shown with every exchange, cases that passed by their checks alone: that keeps this page small. \
             report.json has all exchanges."
                .into()
        }
        Detail::Checks if problems == 0 => {
            "So much was found that this page would be too large with exchanges: it tells the checks alone. report.json has \
             all exchanges."
                .into()
        }
        Detail::Checks => format!(
            "The first {problems} of {of} problems are shown with every exchange, all other cases with their checks alone: \
             that keeps this page small. report.json has all exchanges."
        )
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::sample;

    #[test]
    fn what_passed_gives_way_first() {
        let run = sample::every_verdict();
        for case in &run.results {
            let pages = [
                Detail::Exchanges,
                Detail::Differences,
                Detail::Checks,
                Detail::Cause,
            ];
            let details = pages.map(|page| page.of(case));
            assert!(
                details.is_sorted_by(|one, next| one >= next),
                "{}: {details:?}",
                case.id
            );
            if case.verdict == Verdict::Failed {
                assert_eq!(details[1], Detail::Exchanges);
                assert_eq!(with_room(case), Some(Detail::Exchanges));
            }
        }
    }
}
