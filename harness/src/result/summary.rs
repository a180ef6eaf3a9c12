//! Counting, and the verdict of a whole run in one sentence.

use std::fmt::Write as _;

use super::fail_on::FailOn;
use super::model::{CaseResult, RunResult, Standing, Summary, Verdict};

impl Summary {
    /// Counts `results`.
    #[must_use]
    pub fn of<'r>(results: impl IntoIterator<Item = &'r CaseResult>) -> Self {
        let mut summary = Self::default();
        for case in results {
            summary.total += 1;
            *summary.slot(case.verdict) += 1;
            summary.checks += case.findings.len();
        }
        summary
    }

    /// How many cases had this verdict.
    #[must_use]
    pub const fn count(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Passed => self.passed,
            Verdict::Observed => self.observed,
            Verdict::Warning => self.warning,
            Verdict::Skipped => self.skipped,
            Verdict::NotApplicable => self.not_applicable,
            Verdict::NotRun => self.not_run,
            Verdict::Error => self.error,
            Verdict::Failed => self.failed,
        }
    }

    /// Cases that have a verdict about the target.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.passed + self.observed + self.warning + self.failed
    }

    const fn slot(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::Observed => &mut self.observed,
            Verdict::Warning => &mut self.warning,
            Verdict::Skipped => &mut self.skipped,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::NotRun => &mut self.not_run,
            Verdict::Error => &mut self.error,
            Verdict::Failed => &mut self.failed,
        }
    }
}

impl RunResult {
    /// The verdict in one sentence, for the head of every report.
    #[must_use]
    pub fn sentence(&self) -> String {
        let deviations = Deviations::of(self);
        let headline = self.headline(&deviations);
        let mut text = self.describe(headline, &deviations);
        let Summary {
            error,
            skipped,
            not_applicable,
            not_run,
            warning,
            ..
        } = self.summary;
        for (count, words) in [
            (error, "could not be judged"),
            (skipped, verb(skipped, "was skipped", "were skipped")),
            (
                not_applicable,
                verb(
                    not_applicable,
                    "does not apply to this agent",
                    "do not apply to this agent",
                ),
            ),
            (not_run, verb(not_run, "was not run", "were not run")),
            (
                warning,
                verb(
                    warning,
                    "does not follow a recommendation (SHOULD)",
                    "do not follow a recommendation (SHOULD)",
                ),
            ),
        ] {
            if count > 0 {
                let _ = write!(text, " {count} {words}.");
            }
        }
        // Where the headline is about something more severe, this has not been said yet.
        let stale = deviations.gone;
        if stale > 0 && headline != Headline::BaselineOutOfDate {
            let _ = write!(
                text,
                " {stale} of the baseline's deviations {} gone.",
                verb(stale, "is", "are")
            );
        }
        if let Some(selection) = &self.selection {
            let _ = write!(text, " {selection}");
        }
        text
    }

    /// What counts most.
    fn headline(&self, deviations: &Deviations) -> Headline {
        let Summary {
            failed,
            error,
            not_run,
            ..
        } = self.summary;
        let not_failed = deviations.known - deviations.failed_as_known;
        if failed > deviations.failed_as_known {
            Headline::NotConformant
        } else if error > not_failed || not_run > 0 || self.incomplete.is_some() {
            Headline::Incomplete
        } else if let (Some(least), cases @ 1..) = (self.fail_on, self.broken_by_fail_on()) {
            Headline::BrokenByFailOn { least, cases }
        } else if deviations.gone > 0 {
            Headline::BaselineOutOfDate
        } else if deviations.known > 0 {
            Headline::NothingNew
        } else if self.summary.judged() == 0 {
            Headline::NothingJudged
        } else {
            Headline::Conformant
        }
    }

    fn describe(&self, headline: Headline, deviations: &Deviations) -> String {
        let Summary { total, failed, .. } = self.summary;
        let judged = self.summary.judged();
        let known = deviations.known;
        match headline {
            Headline::NotConformant => {
                let known = match deviations.failed_as_known {
                    0 => String::new(),
                    known => format!(", {known} of them as the baseline says"),
                };
                format!(
                    "Not conformant: {failed} of {judged} judged {} {} a requirement{known}.",
                    verb(judged, "case", "cases"),
                    verb(failed, "breaks", "break")
                )
            }
            Headline::Incomplete => {
                let new = if known > 0 { "nothing new" } else { "nothing" };
                if judged == total {
                    // What is missing is not among the results, as with parts of a run.
                    format!(
                        "Incomplete: {new} failed in {judged} {}, but {} not the whole run.",
                        verb(judged, "case", "cases"),
                        verb(judged, "it is", "they are")
                    )
                } else {
                    format!(
                        "Incomplete: {new} failed, but only {judged} of {total} {} could be judged.",
                        verb(total, "case", "cases")
                    )
                }
            }
            Headline::BrokenByFailOn { least, cases } => {
                let what = match least {
                    FailOn::Warning => verb(
                        cases,
                        "does not follow a recommendation (SHOULD)",
                        "do not follow a recommendation (SHOULD)",
                    ),
                    FailOn::Observed => verb(
                        cases,
                        "does not follow a recommendation (SHOULD) or deviates where the specifications leave room",
                        "do not follow a recommendation (SHOULD) or deviate where the specifications leave room",
                    ),
                };
                let judged_cases = verb(judged, "case", "cases");
                format!(
                    "Failed by --fail-on {least}: {cases} of {judged} judged {judged_cases} {what}."
                )
            }
            Headline::BaselineOutOfDate => format!(
                "The baseline is out of date: {} of its deviations {} gone.",
                deviations.gone,
                verb(deviations.gone, "is", "are")
            ),
            Headline::NothingNew => format!(
                "No new deviation: {} of {judged} judged {} {}, {known} {} known.",
                judged - failed,
                verb(judged, "case", "cases"),
                verb(judged - failed, "holds", "hold"),
                verb(known, "deviation is", "deviations are")
            ),
            Headline::NothingJudged => "Nothing was judged.".to_owned(),
            Headline::Conformant if judged == 1 => {
                "Conformant in the one case that was judged.".to_owned()
            }
            Headline::Conformant => format!("Conformant in all {judged} cases that were judged."),
        }
    }

    fn standing(&self, standing: Standing) -> usize {
        self.count(|case| case.standing == standing)
    }

    fn count(&self, counted: impl Fn(&CaseResult) -> bool) -> usize {
        self.results.iter().filter(|case| counted(case)).count()
    }
}

/// What the sentence is about first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headline {
    NotConformant,
    Incomplete,
    BrokenByFailOn { least: FailOn, cases: usize },
    BaselineOutOfDate,
    NothingNew,
    NothingJudged,
    Conformant,
}

/// Cases by what the baseline says of them.
struct Deviations {
    known: usize,
    failed_as_known: usize,
    gone: usize,
}

impl Deviations {
    fn of(run: &RunResult) -> Self {
        Self {
            known: run.standing(Standing::ExpectedFailure),
            failed_as_known: run.count(|case| {
                case.standing == Standing::ExpectedFailure && case.verdict == Verdict::Failed
            }),
            gone: run.standing(Standing::Stale),
        }
    }
}

const fn verb(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{EventSink, Incomplete, RunEvent, Selection, StopCause, sample};

    fn run(verdicts: &[Verdict]) -> RunResult {
        let ids: Vec<String> = (0..verdicts.len())
            .map(|number| format!("case-{number}"))
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut collector = sample::started(&ids);
        for (id, verdict) in ids.iter().zip(verdicts) {
            collector.on_event(&sample::done(id, *verdict));
        }
        collector.on_event(&RunEvent::RunDone {
            incomplete: None,
            milliseconds: 1.0,
        });
        collector.finish().unwrap()
    }

    #[test]
    fn a_run_of_some_cases_says_so_whatever_it_found() {
        for verdict in [Verdict::Passed, Verdict::Failed, Verdict::Error] {
            let mut run = run(&[verdict]);
            run.selection = Some(Selection {
                chosen: 1,
                suite: 681,
                filters: vec!["secret/whole-flow".to_owned()],
                rerun: false,
                sample: false,
            });
            let shown = "Only 1 of the suite's 681 cases was chosen: secret/whole-flow.";
            assert!(run.sentence().ends_with(shown), "{}", run.sentence());
        }
    }

    #[test]
    fn the_sentence_names_everything_that_is_not_plain_success() {
        use Verdict::{Error, Failed, Passed, Skipped, Warning};
        assert_eq!(
            run(&[Passed, Passed]).sentence(),
            "Conformant in all 2 cases that were judged."
        );
        assert_eq!(
            run(&[Passed, Failed, Skipped]).sentence(),
            "Not conformant: 1 of 2 judged cases breaks a requirement. 1 was skipped."
        );
        assert_eq!(
            run(&[Passed, Error, Warning]).sentence(),
            "Incomplete: nothing failed, but only 2 of 3 cases could be judged. 1 could not be judged. \
             1 does not follow a recommendation (SHOULD)."
        );
        assert_eq!(
            run(&[Skipped]).sentence(),
            "Nothing was judged. 1 was skipped."
        );
    }

    #[test]
    fn a_part_whose_cases_were_all_judged_is_not_called_whole() {
        let mut run = run(&[Verdict::Passed, Verdict::Passed]);
        let missing = Incomplete::new(StopCause::MissingShards, "shard 2 of 3 is missing");
        run.incomplete = Some(missing);
        assert_eq!(
            run.sentence(),
            "Incomplete: nothing failed in 2 cases, but they are not the whole run."
        );
    }

    #[test]
    fn one_case_is_not_counted_as_several() {
        use Verdict::{Error, Failed, Passed};
        for (verdict, sentence) in [
            (Passed, "Conformant in the one case that was judged."),
            (
                Failed,
                "Not conformant: 1 of 1 judged case breaks a requirement.",
            ),
            (
                Error,
                "Incomplete: nothing failed, but only 0 of 1 case could be judged. 1 could not be judged.",
            ),
        ] {
            assert_eq!(run(&[verdict]).sentence(), sentence);
        }
    }

    #[test]
    fn a_run_with_known_deviations_is_not_called_conformant() {
        use Standing::{ExpectedFailure, Stale};
        use Verdict::{Error, Failed, Passed};
        let sentence = |verdicts: &[Verdict], standings: &[Standing]| {
            let mut run = run(verdicts);
            for (case, standing) in run.results.iter_mut().zip(standings) {
                case.standing = *standing;
            }
            run.sentence()
        };
        assert_eq!(
            sentence(&[Failed, Passed, Passed], &[ExpectedFailure]),
            "No new deviation: 2 of 3 judged cases hold, 1 deviation is known."
        );
        assert_eq!(
            sentence(
                &[Failed, Error, Passed],
                &[ExpectedFailure, ExpectedFailure]
            ),
            "No new deviation: 1 of 2 judged cases holds, 2 deviations are known. 1 could not be judged."
        );
        assert_eq!(
            sentence(&[Failed, Failed, Passed], &[ExpectedFailure]),
            "Not conformant: 2 of 3 judged cases break a requirement, 1 of them as the baseline says."
        );
        assert_eq!(
            sentence(&[Failed, Error], &[ExpectedFailure]),
            "Incomplete: nothing new failed, but only 1 of 2 cases could be judged. 1 could not be judged."
        );
        assert_eq!(
            sentence(&[Passed, Passed], &[Stale]),
            "The baseline is out of date: 1 of its deviations is gone."
        );
        assert_eq!(
            sentence(&[Passed, Failed], &[Stale]),
            "Not conformant: 1 of 2 judged cases breaks a requirement. 1 of the baseline's deviations is gone."
        );
    }

    #[test]
    fn counts_add_up_to_the_total() {
        use Verdict::{Error, Failed, Observed, Passed, Skipped, Warning};
        let all = [Passed, Observed, Warning, Skipped, Error, Failed];
        let summary = run(&all).summary;
        assert_eq!(
            all.iter()
                .map(|verdict| summary.count(*verdict))
                .sum::<usize>(),
            summary.total
        );
        assert_eq!(summary.judged(), 4);
    }
}
