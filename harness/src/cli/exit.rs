//! What the exit code says. A pipeline relies on these four numbers.

use std::process::ExitCode;

use crate::result::{RunResult, Standing, StopCause, Verdict};

/// Everything that was planned was judged or skipped with a reason, and nothing is unexpected.
pub const FINE: u8 = 0;
/// The target breaks a requirement.
pub const NONCONFORMANCE: u8 = 1;
/// What the user gave is wrong: an argument, a scenario, a target file, a folder.
pub const WRONG_INPUT: u8 = 2;
/// No verdict on the whole: the target was not reached or its file is probably wrong, a resource type could not be
/// entered, the run was interrupted, cases could not be judged.
pub const INCOMPLETE: u8 = 3;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// See [`FINE`].
    Fine,
    /// See [`NONCONFORMANCE`].
    Nonconformance,
    /// See [`WRONG_INPUT`].
    WrongInput,
    /// See [`INCOMPLETE`].
    Incomplete,
    /// Two runs that were compared differ; the number of [`NONCONFORMANCE`].
    Differs,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => FINE,
            Self::Nonconformance | Self::Differs => NONCONFORMANCE,
            Self::WrongInput => WRONG_INPUT,
            Self::Incomplete => INCOMPLETE,
        }
    }

    /// What a finished run says.
    ///
    /// A run that somebody or something broke off says nothing on the whole, even if it saw a failure. One that
    /// stopped at its first failure because it was asked to has reported what it was asked for.
    #[must_use]
    pub fn of(run: &RunResult) -> Self {
        let broken_off = match run.incomplete.as_ref().map(|stop| stop.cause) {
            Some(
                StopCause::Interrupted
                | StopCause::TargetUnreachable
                | StopCause::Deadline
                | StopCause::MaxRequests
                | StopCause::MissingShards
                | StopCause::Preflight
                | StopCause::Recording
                | StopCause::Harness,
            ) => true,
            Some(StopCause::FailFast | StopCause::NotEntered) | None => false,
        };
        if broken_off {
            return Self::Incomplete;
        }
        let is_entered =
            !matches!(&run.incomplete, Some(stop) if stop.cause == StopCause::NotEntered);
        let whole = if is_entered {
            Self::Fine
        } else {
            Self::Incomplete
        };
        Self::worst(std::iter::once(whole).chain(run.results.iter().map(Self::of_case)))
    }

    /// How a command ends that has done several things.
    pub(super) fn worst(exits: impl IntoIterator<Item = Self>) -> Self {
        let exits = exits.into_iter();
        exits.max_by_key(|exit| exit.weight()).unwrap_or(Self::Fine)
    }

    fn of_case(case: &crate::result::CaseResult) -> Self {
        match (case.standing, case.verdict) {
            (Standing::Fine | Standing::ExpectedFailure, _) => Self::Fine,
            (Standing::Unexpected, Verdict::Error | Verdict::NotRun | Verdict::Skipped | Verdict::NotApplicable) => Self::Incomplete,
            (Standing::Unexpected, Verdict::Failed | Verdict::Warning | Verdict::Observed | Verdict::Passed)
            // A deviation that is gone must leave the baseline, or it would hide its return.
            | (Standing::Stale, _) => Self::Nonconformance,
        }
    }

    /// A proven nonconformance is said even where other cases could not be judged.
    const fn weight(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Incomplete => 1,
            Self::Nonconformance | Self::Differs => 2,
            Self::WrongInput => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{EventSink, Incomplete, RunEvent, sample};

    fn run(verdicts: &[Verdict], stop: Option<StopCause>) -> RunResult {
        let ids: Vec<String> = (0..verdicts.len())
            .map(|number| number.to_string())
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut collector = sample::started(&ids);
        for (id, verdict) in ids.iter().zip(verdicts) {
            if *verdict != Verdict::NotRun {
                collector.on_event(&sample::done(id, *verdict));
            }
        }
        let incomplete = stop.map(|cause| Incomplete::new(cause, "stopped"));
        collector.on_event(&RunEvent::RunDone {
            incomplete,
            milliseconds: 1.0,
        });
        collector.finish().unwrap()
    }

    #[test]
    fn the_codes_are_a_contract() {
        let all = [
            Exit::Fine,
            Exit::Nonconformance,
            Exit::WrongInput,
            Exit::Incomplete,
            Exit::Differs,
        ];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 1]);
    }

    #[test]
    fn a_run_exits_by_its_gravest_case_unless_it_was_broken_off() {
        use Verdict::{Error, Failed, NotRun, Observed, Passed, Skipped, Warning};
        for (verdicts, stop, exit) in [
            (&[Passed, Observed, Warning, Skipped][..], None, Exit::Fine),
            (&[], None, Exit::Fine),
            (&[Passed, Failed], None, Exit::Nonconformance),
            (&[Passed, Error], None, Exit::Incomplete),
            (&[Error, Failed], None, Exit::Nonconformance),
            (
                &[Failed, NotRun],
                Some(StopCause::FailFast),
                Exit::Nonconformance,
            ),
            (
                &[Error, NotRun],
                Some(StopCause::FailFast),
                Exit::Incomplete,
            ),
            (
                &[Failed, NotRun],
                Some(StopCause::Interrupted),
                Exit::Incomplete,
            ),
            (&[Passed], Some(StopCause::Interrupted), Exit::Incomplete),
            (&[Passed], Some(StopCause::Recording), Exit::Incomplete),
            (
                &[Passed, NotRun],
                Some(StopCause::TargetUnreachable),
                Exit::Incomplete,
            ),
            (&[Passed, NotRun], None, Exit::Incomplete),
        ] {
            assert_eq!(
                Exit::of(&run(verdicts, stop)),
                exit,
                "{verdicts:?} {stop:?}"
            );
        }
    }

    #[test]
    fn a_baseline_decides_what_is_unexpected() {
        let mut result = run(&[Verdict::Failed, Verdict::Passed], None);
        result.results[0].standing = Standing::ExpectedFailure;
        assert_eq!(Exit::of(&result), Exit::Fine);
        result.results[1].standing = Standing::Stale;
        assert_eq!(Exit::of(&result), Exit::Nonconformance);
    }
}
