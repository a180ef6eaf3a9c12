//! Events in, a [`RunResult`] out. Also when the run ended early: what was announced and not judged is reported as not run.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;

use super::again::Again;
use super::event::{EventSink, RunEvent};
use super::incomplete::{Incomplete, Reached, StopCause};
use super::ledger::Obtained;
use super::model::{
    CONTRACT_DATE, CaseResult, FindingRecord, Kit, PlannedCase, REPORT_VERSION, RequirementNote,
    RunResult, Standing, Summary, Varying, VaryingCase, Verdict,
};
use super::paced::Paced;
use super::problem;
use super::target::TargetInfo;
use super::type_status::TypeStatus;
use crate::evidence::{Redactor, Review};

/// Gathers a run's events.
#[derive(Debug, Default)]
pub struct Collector {
    requirements: BTreeMap<String, RequirementNote>,
    started: Option<Announced>,
    done: BTreeMap<String, (CaseResult, VaryingCase)>,
    /// The case that was judged last.
    last: Option<String>,
    ended: Option<(Option<Incomplete>, f64)>,
    left_behind: Vec<String>,
    ledger: Vec<Obtained>,
    paced: Option<Paced>,
}

#[derive(Debug)]
struct Announced {
    target: TargetInfo,
    edition: String,
    org_issuer: String,
    spare_issuer: Option<String>,
    started_at: String,
    cases: Vec<PlannedCase>,
}

impl Collector {
    /// `requirements` is the whole catalogue; the result keeps what it cites.
    #[must_use]
    pub fn new(requirements: BTreeMap<String, RequirementNote>) -> Self {
        Self {
            requirements,
            ..Self::default()
        }
    }

    /// What was measured; `None` when the run never started.
    #[must_use]
    pub fn finish(self) -> Option<RunResult> {
        let Self {
            requirements,
            started,
            mut done,
            last,
            ended,
            left_behind,
            ledger,
            paced,
        } = self;
        let Announced {
            target,
            edition,
            org_issuer,
            spare_issuer,
            started_at,
            cases,
        } = started?;
        let (mut incomplete, milliseconds) = ended.unwrap_or_else(|| (Some(broken_off()), 0.0));

        let reached = Reached {
            judged: Summary::of(done.values().map(|(case, _)| case)).judged(),
            planned: cases.len(),
            last,
        };
        for planned in cases {
            if done.contains_key(&planned.id) {
                continue;
            }
            // A runner that forgets a case must not make the run look whole.
            let cause = incomplete.get_or_insert_with(broken_off);
            let mut result = CaseResult::of(&planned, Verdict::NotRun);
            result.reason = Some(cause.reason.clone());
            done.insert(planned.id, (result, VaryingCase::default()));
        }
        // A run that was not broken off has no place at which it was.
        let broken_off = |stop: &&mut Incomplete| {
            !matches!(stop.cause, StopCause::NotEntered | StopCause::Preflight)
        };
        if let Some(incomplete) = incomplete.as_mut().filter(broken_off) {
            incomplete.reached = Some(reached);
        }

        let (mut results, varying) = in_order(done);
        let problems = problem::find(&mut results, &varying, &requirements);
        Some(RunResult {
            version: REPORT_VERSION,
            kit: Kit {
                name: "atx".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            target,
            replay_of: None,
            edition,
            contract: CONTRACT_DATE.to_owned(),
            selection: None,
            shard: None,
            incomplete,
            baseline: None,
            fail_on: None,
            summary: Summary::of(&results),
            resource_types: TypeStatus::of_run(&results, &problems),
            problems,
            requirements: cited(requirements, &results),
            results,
            left_behind,
            again: Again::default(),
            varying: Varying {
                started_at,
                milliseconds,
                paced,
                org_issuer,
                spare_issuer: spare_issuer.unwrap_or_default(),
                ledger,
                cases: varying,
            },
        })
    }
}

/// Results with their standing, and what varies of those that were run.
fn in_order(
    done: BTreeMap<String, (CaseResult, VaryingCase)>,
) -> (Vec<CaseResult>, BTreeMap<String, VaryingCase>) {
    let mut results = Vec::with_capacity(done.len());
    let mut varying = BTreeMap::new();
    for (id, (mut result, differs)) in done {
        result.standing = Standing::without_baseline(result.verdict);
        let was_run = !matches!(
            result.verdict,
            Verdict::NotRun | Verdict::Skipped | Verdict::NotApplicable
        );
        if was_run {
            varying.insert(id, differs);
        }
        results.push(result);
    }
    (results, varying)
}

impl Collector {
    /// A credential may have been shown before it was known to be one.
    fn look_through(&mut self, redactor: &Redactor) {
        let mut cases: Vec<_> = self.done.values_mut().collect();
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = cases.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            for cases in cases.chunks_mut(share) {
                scope.spawn(move || {
                    let mut review = Review::new(redactor);
                    for (result, varying) in cases {
                        look_through_case(&mut review, result, varying);
                    }
                });
            }
        });
    }
}

fn look_through_case(review: &mut Review<'_>, result: &mut CaseResult, varying: &mut VaryingCase) {
    review.optional(&mut result.reason);
    for finding in &mut result.findings {
        look_through_finding(review, finding);
    }
    for step in &mut varying.trace.steps {
        for broken in &mut step.broken {
            look_through_finding(review, &mut broken.finding);
        }
        if let Some(answer) = &mut step.answer {
            review.optional(&mut answer.error);
            review.optional(&mut answer.description);
        }
    }
    for exchange in &mut varying.exchanges {
        review.step(exchange);
    }
}

fn look_through_finding(review: &mut Review<'_>, finding: &mut FindingRecord) {
    review.optional(&mut finding.actual);
    review.optional(&mut finding.alternative);
    review.optional(&mut finding.expected_here);
}

impl EventSink for Collector {
    fn on_event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::RunStarted {
                target,
                edition,
                org_issuer,
                spare_issuer,
                started_at,
                cases,
            } => {
                self.started = Some(Announced {
                    target: target.clone(),
                    edition: edition.clone(),
                    org_issuer: org_issuer.clone(),
                    spare_issuer: spare_issuer.clone(),
                    started_at: started_at.clone(),
                    cases: cases.clone(),
                });
            }
            RunEvent::CaseStarted { .. }
            | RunEvent::Revoking { .. }
            | RunEvent::Waiting { .. }
            | RunEvent::SignInsNeeded(_)
            | RunEvent::PersonAsked(_)
            | RunEvent::NotTheAnswer
            | RunEvent::NotMeasured => {}
            RunEvent::Paced(paced) => self.paced = Some(*paced),
            RunEvent::CaseDone { result, varying } => {
                if !matches!(
                    result.verdict,
                    Verdict::Skipped | Verdict::NotApplicable | Verdict::Error
                ) {
                    self.last = Some(result.id.clone());
                }
                self.done
                    .insert(result.id.clone(), ((**result).clone(), (**varying).clone()));
            }
            RunEvent::CredentialsKnown { redactor } => self.look_through(redactor),
            RunEvent::Obtained { ledger } => self.ledger.clone_from(ledger),
            RunEvent::LeftBehind { what } => self.left_behind.clone_from(what),
            RunEvent::RunDone {
                incomplete,
                milliseconds,
            } => {
                self.ended = Some((incomplete.clone(), *milliseconds));
            }
        }
    }
}

fn broken_off() -> Incomplete {
    Incomplete::new(StopCause::Harness, "the run broke off without saying why")
}

fn cited(
    mut catalogue: BTreeMap<String, RequirementNote>,
    results: &[CaseResult],
) -> BTreeMap<String, RequirementNote> {
    let cited: BTreeSet<&str> = results
        .iter()
        .flat_map(|case| {
            case.covers
                .iter()
                .chain(case.findings.iter().flat_map(|finding| &finding.covers))
        })
        .map(String::as_str)
        .collect();
    catalogue.retain(|id, _| cited.contains(id.as_str()));
    catalogue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::{Level, Profile, Role};
    use crate::result::sample;

    #[test]
    fn results_are_ordered_whatever_the_order_of_events() {
        let mut collector = sample::started(&["b", "a", "c"]);
        for id in ["c", "a", "b"] {
            collector.on_event(&sample::done(id, Verdict::Passed));
        }
        collector.on_event(&RunEvent::RunDone {
            incomplete: None,
            milliseconds: 3.0,
        });

        let run = collector.finish().unwrap();
        assert_eq!(
            run.results
                .iter()
                .map(|case| case.id.as_str())
                .collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        assert_eq!(run.incomplete, None);
        assert_eq!((run.summary.total, run.summary.passed), (3, 3));
    }

    #[test]
    fn what_did_not_run_stays_in_the_denominator() {
        let mut collector = sample::started(&["a", "b"]);
        collector.on_event(&sample::done("a", Verdict::Passed));
        let stopped = Incomplete::new(StopCause::Interrupted, "interrupted");
        collector.on_event(&RunEvent::RunDone {
            incomplete: Some(stopped.clone()),
            milliseconds: 1.0,
        });

        let run = collector.finish().unwrap();
        let incomplete = run.incomplete.as_ref().unwrap();
        assert_eq!(
            (incomplete.cause, &incomplete.reason),
            (stopped.cause, &stopped.reason)
        );
        assert_eq!(
            incomplete.to_string(),
            "interrupted, after judging 1 of 2 cases; the last was a"
        );
        assert_eq!(
            (run.summary.total, run.summary.passed, run.summary.not_run),
            (2, 1, 1)
        );
        assert_eq!(run.results[1].reason.as_deref(), Some("interrupted"));
        assert_eq!(run.results[1].standing, Standing::Unexpected);
    }

    #[test]
    fn a_run_that_forgets_a_case_or_its_end_is_incomplete() {
        let mut forgot = sample::started(&["a"]);
        forgot.on_event(&RunEvent::RunDone {
            incomplete: None,
            milliseconds: 1.0,
        });
        assert_eq!(
            forgot.finish().unwrap().incomplete.unwrap().cause,
            StopCause::Harness
        );

        let mut endless = sample::started(&["a"]);
        endless.on_event(&sample::done("a", Verdict::Passed));
        assert_eq!(
            endless.finish().unwrap().incomplete.unwrap().cause,
            StopCause::Harness
        );
    }

    #[test]
    fn standing_follows_the_verdict_whatever_the_runner_wrote() {
        let mut collector = sample::started(&["a"]);
        let mut result = CaseResult::of(&sample::planned("a"), Verdict::Failed);
        result.standing = Standing::Fine;
        collector.on_event(&RunEvent::CaseDone {
            result: Box::new(result),
            varying: Box::default(),
        });
        assert_eq!(
            collector.finish().unwrap().results[0].standing,
            Standing::Unexpected
        );
    }

    #[test]
    fn only_cited_requirements_are_kept() {
        let note = || RequirementNote {
            level: Level::Must,
            role: Role::IdpAs,
            profile: Profile::Base,
            source: "RFC 0".to_owned(),
            specification: "RFC 0".to_owned(),
            url: None,
            text: "It holds.".to_owned(),
        };
        let mut collector = Collector::new(BTreeMap::from([
            ("req.a".to_owned(), note()),
            ("req.never".to_owned(), note()),
        ]));
        collector.on_event(&sample::run_started(&["a"]));
        collector.on_event(&sample::done("a", Verdict::Passed));
        let run = collector.finish().unwrap();
        assert_eq!(run.requirements.keys().collect::<Vec<_>>(), ["req.a"]);
    }

    #[test]
    fn a_run_that_never_started_gives_nothing() {
        assert!(Collector::default().finish().is_none());
    }
}
