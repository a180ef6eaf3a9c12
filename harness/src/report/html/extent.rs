//! How much is told of a case. A page must open at once, so what went well is told more briefly than what did not, and
//! more briefly still where the page would become too large.

use crate::result::{CaseResult, Verdict};

/// How much of a case is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// Its checks.
    Checks,
    /// Also what it sends and gets, as far as that differs from its twin.
    Changed,
    /// Also the diagram and the tokens that came back.
    Compared,
    /// Also the exchange that was judged.
    Judged,
    /// Every exchange, without what every answer has.
    All,
    /// Every exchange with all that was recorded.
    Whole,
}

/// How briefly what went well is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thrift {
    /// Every exchange of every case.
    None,
    /// Of variations that went well the exchange that was judged.
    Judged,
    /// Of variations that went well what differs from the twin, and the way they went.
    Compared,
    /// Of variations that went well what differs from the twin.
    Changed,
    /// Of variations that went well the checks.
    Variations,
    /// Of all that went well the checks.
    Well,
    /// Also of problems the judged exchange only.
    Problems,
    /// Checks alone.
    Bare,
}

impl Thrift {
    /// From generous to strict.
    pub(super) const ALL: [Self; 8] = [
        Self::None,
        Self::Judged,
        Self::Compared,
        Self::Changed,
        Self::Variations,
        Self::Well,
        Self::Problems,
        Self::Bare,
    ];

    /// What is told of this case.
    pub(super) fn detail(self, case: &CaseResult) -> Detail {
        if matches!(
            case.verdict,
            Verdict::Failed | Verdict::Warning | Verdict::Observed
        ) {
            return match self {
                Self::Problems => Detail::Judged,
                Self::Bare => Detail::Checks,
                _ => Detail::Whole,
            };
        }
        let varied = case.twin().is_some();
        if case.verdict == Verdict::Error {
            // Many may share one cause, which is told elsewhere: that their twin was refused, or that nobody listens.
            return match self {
                Self::None => Detail::Whole,
                Self::Judged => Detail::Judged,
                Self::Compared | Self::Changed | Self::Variations | Self::Well => Detail::Compared,
                Self::Problems | Self::Bare => Detail::Checks,
            };
        }
        match self {
            Self::None => Detail::All,
            Self::Judged if varied => Detail::Judged,
            Self::Compared if varied => Detail::Compared,
            Self::Changed if varied => Detail::Changed,
            Self::Judged | Self::Compared | Self::Changed | Self::Variations if !varied => {
                Detail::All
            }
            _ => Detail::Checks,
        }
    }

    /// The same for the reader.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::None => "Every case is told with every exchange.",
            Self::Judged => {
                "Problems and base flows are told with every exchange, variations that passed with the one that was judged. \
                 report.json has all of them."
            }
            Self::Compared => {
                "Problems and base flows are told with every exchange, variations that passed by the way they went and by what \
                 their request and its answer differ in from the twin's: that keeps this page small. report.json has all \
                 exchanges."
            }
            Self::Changed => {
                "Problems and base flows are told with every exchange, variations that passed by what their request and its \
                 answer differ in from the twin's: that keeps this page small. report.json has all exchanges."
            }
            Self::Variations => {
                "Problems and base flows are told with every exchange, variations that passed by their checks alone: that keeps \
                 this page small. report.json has all exchanges."
            }
            Self::Well => {
                "Problems are told with every exchange, cases that passed by their checks alone: that keeps this page small. \
                 report.json has all exchanges."
            }
            Self::Problems => {
                "Problems are told with the exchange that was judged, cases that passed by their checks alone: that keeps this \
                 page small. report.json has all exchanges."
            }
            Self::Bare => {
                "So much was found that this page would be too large with exchanges: it tells the checks alone. report.json has \
                 all exchanges."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::sample;

    #[test]
    fn what_went_well_gives_way_first() {
        let run = sample::every_verdict();
        for case in &run.results {
            let details: Vec<Detail> = Thrift::ALL
                .iter()
                .map(|thrift| thrift.detail(case))
                .collect();
            assert!(
                details.is_sorted_by(|one, next| one >= next),
                "{}: {details:?}",
                case.id
            );
            if case.verdict == Verdict::Failed {
                assert_eq!(details[..6], [Detail::Whole; 6]);
            }
        }
    }
}
