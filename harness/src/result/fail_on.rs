//! `--fail-on`: what breaks a run beside a MUST that does not hold.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{CaseResult, RunResult, Standing, Verdict};

/// The least that breaks a run. Without it, only what fails does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    /// A SHOULD that does not hold.
    Warning,
    /// That, and what was observed to deviate where the sources leave it open.
    Observed,
}

impl FailOn {
    /// Both, as the command line writes them.
    pub const ALL: [(&'static str, Self); 2] =
        [("warning", Self::Warning), ("observed", Self::Observed)];

    /// As the command line writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Observed => "observed",
        }
    }

    /// Whether it makes a case break the run that would not break it otherwise. What belongs to profiles that are not
    /// chosen is observed too, but it judges nobody.
    #[must_use]
    pub fn breaks(self, case: &CaseResult) -> bool {
        match case.verdict {
            Verdict::Warning => true,
            Verdict::Observed => {
                let mut findings = case.findings.iter();
                self == Self::Observed
                    && findings.any(|finding| {
                        finding.verdict == Verdict::Observed && finding.not_judged.is_none()
                    })
            }
            _ => false,
        }
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RunResult {
    /// Makes the run as strict as this: cases that are all right without it become unexpected. What a baseline has
    /// judged stays as it is.
    pub fn fail_on(&mut self, least: FailOn) {
        for case in &mut self.results {
            if case.standing == Standing::Fine && least.breaks(case) {
                case.standing = Standing::Unexpected;
            }
        }
        self.fail_on = Some(least);
    }

    /// How many cases break the run only because of `--fail-on`.
    #[must_use]
    pub fn broken_by_fail_on(&self) -> usize {
        let raised = |case: &&CaseResult| {
            case.standing == Standing::Unexpected
                && matches!(case.verdict, Verdict::Warning | Verdict::Observed)
        };
        self.results.iter().filter(raised).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{EventSink, RunEvent, sample};

    fn run(verdicts: &[Verdict]) -> RunResult {
        let ids: Vec<String> = (0..verdicts.len()).map(|n| format!("case-{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut collector = sample::started(&ids);
        for (id, verdict) in ids.iter().zip(verdicts) {
            collector.on_event(&sample::done(id, *verdict));
        }
        collector.on_event(&RunEvent::RunDone {
            incomplete: None,
            milliseconds: 1.0,
        });
        let mut run = collector.finish().unwrap();
        for case in &mut run.results {
            let mut finding = sample::held();
            finding.verdict = case.verdict;
            case.findings = vec![finding];
        }
        run
    }

    #[test]
    fn each_word_breaks_the_run_by_what_it_names_and_by_what_is_worse() {
        use Verdict::{Observed, Passed, Skipped, Warning};
        for (least, broken) in [(FailOn::Warning, 1), (FailOn::Observed, 2)] {
            let mut run = run(&[Passed, Observed, Warning, Skipped]);
            assert_eq!(run.broken_by_fail_on(), 0);
            run.fail_on(least);
            assert_eq!(run.broken_by_fail_on(), broken, "{least}");
            let shown = run.sentence();
            assert!(shown.contains(&format!("--fail-on {least}")), "{shown}");
        }
    }

    #[test]
    fn what_is_not_judged_and_what_is_known_breaks_nothing() {
        let mut run = run(&[Verdict::Observed, Verdict::Warning]);
        run.results[0].findings[0].not_judged = Some("profile okta is not chosen".to_owned());
        run.results[1].standing = Standing::ExpectedFailure;
        run.fail_on(FailOn::Observed);
        assert_eq!(run.broken_by_fail_on(), 0);
    }
}
