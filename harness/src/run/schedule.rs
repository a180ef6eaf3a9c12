//! In which order cases run: many at once where they do not disturb each other, then one by one those that do. Whatever
//! happens to one case, the others go on.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::case::run_case;
use super::conclude::Report;
use super::meanwhile::Meanwhile;
use super::options::OUT_OF_REQUESTS;
use super::probe::probe;
use super::shared::Shared;
use super::twin::{OtherWay, Twin, Twins};
use super::{RunOptions, WaitingTime};
use crate::crash;
use crate::evidence::Redactor;
use crate::plan::{Planned, PlannedScenario};
use crate::result::{
    Blame, CaseResult, EventSink, Incomplete, OtherWayTaken, RunEvent, StopCause, VaryingCase,
    Verdict,
};
use crate::scenario::Case;
use crate::scenario::model::{JwtMutation, SignWith};
use crate::scenario::other_way::{self, other_way};
use crate::signing_key::unknown_key;

/// A run under way. Cheap to clone, one a task.
#[derive(Clone)]
pub(super) struct Schedule {
    shared: Arc<Shared>,
    /// What cases that change a target share, where they have a target of their own.
    spare: Option<Arc<Shared>>,
    permits: Arc<Semaphore>,
    twins: Arc<Twins>,
    /// Why the run ends early, once it does.
    gone: Arc<OnceLock<Incomplete>>,
    started: Instant,
    /// See [`RunOptions::deadline`].
    longest: Duration,
    waiting: WaitingTime,
    /// Ends the run, whoever cancels it.
    stop: CancellationToken,
    cancel: CancellationToken,
    fail_fast: bool,
    known: Arc<BTreeSet<String>>,
}

impl Schedule {
    pub(super) fn new(
        shared: Shared,
        spare: Option<Shared>,
        permits: Arc<Semaphore>,
        options: &RunOptions,
    ) -> Self {
        Self {
            shared: Arc::new(shared),
            spare: spare.map(Arc::new),
            permits,
            twins: Arc::default(),
            gone: Arc::default(),
            started: Instant::now(),
            longest: options.deadline,
            waiting: options.waiting,
            stop: options.cancel.child_token(),
            cancel: options.cancel.clone(),
            fail_fast: options.fail_fast,
            known: Arc::new(options.known.clone()),
        }
    }

    /// Runs everything; says why, if not.
    pub(super) async fn all(
        self,
        planned: Vec<PlannedScenario>,
        meanwhile: &mut Meanwhile,
        sink: &mut dyn EventSink,
    ) -> Option<Incomplete> {
        prepare_unknown_key(&planned);
        let planned: Vec<_> = planned.into_iter().map(Arc::new).collect();
        let (events, mut happened) = unbounded_channel();
        let runner = self.clone();
        let running = tokio::spawn(async move {
            let Some(spare) = runner.spare.clone() else {
                runner.together(&planned, &events).await;
                runner.alone(&planned, &events).await;
                return;
            };
            let on_spare = Self {
                shared: spare,
                ..runner.clone()
            };
            tokio::join!(
                runner.together(&planned, &events),
                on_spare.alone(&planned, &events)
            );
        });
        let mut failed = false;
        loop {
            let event = tokio::select! {
                biased;
                event = happened.recv() => event,
                event = meanwhile.next() => Some(event),
                () = tokio::time::sleep_until(self.deadline()), if !self.stop.is_cancelled() => {
                    self.end_when_overdue();
                    continue;
                }
            };
            let Some(event) = event else {
                break;
            };
            if failed && matches!(event, RunEvent::CaseStarted { .. }) {
                continue;
            }
            sink.on_event(&event);
            if self.fail_fast && is_failure(&event, &self.known) {
                failed = true;
                self.stop.cancel();
            }
        }
        let broke = running.await.is_err();
        let incomplete = |cause, reason: &str| Some(Incomplete::new(cause, reason));
        if self.cancel.is_cancelled() {
            incomplete(StopCause::Interrupted, "interrupted")
        } else if let Some(gone) = self.gone.get() {
            Some(gone.clone())
        } else if failed {
            incomplete(
                StopCause::FailFast,
                "stopped after the first failure (--fail-fast)",
            )
        } else if broke {
            incomplete(StopCause::Harness, "the runner broke down")
        } else {
            None
        }
    }

    /// Everything that may run beside others: scenarios at once, and the cases of each once its base flow is done.
    async fn together(&self, planned: &[Arc<PlannedScenario>], events: &UnboundedSender<RunEvent>) {
        let mut scenarios = JoinSet::new();
        for one in planned.iter().filter(|one| !one.base.exclusive) {
            let (runner, one, events) = (self.clone(), one.clone(), events.clone());
            scenarios.spawn(async move {
                let Some(permit) = runner.permit().await else {
                    return;
                };
                runner.base(&one, &events).await;
                drop(permit);
                let mut cases = JoinSet::new();
                for index in 0..one.cases.len() {
                    if one.cases[index].exclusive {
                        continue;
                    }
                    let Some(permit) = runner.permit().await else {
                        break;
                    };
                    let (runner, one, events) = (runner.clone(), one.clone(), events.clone());
                    cases.spawn(async move {
                        runner.case(&one, index, &events).await;
                        drop(permit);
                    });
                }
                cases.join_all().await;
            });
        }
        scenarios.join_all().await;
        self.twins.complete();
    }

    /// What changes the target for others runs alone, each on a target as it was at the start.
    async fn alone(&self, planned: &[Arc<PlannedScenario>], events: &UnboundedSender<RunEvent>) {
        let mut touched = false;
        for one in planned {
            if one.base.exclusive && one.base.lack.is_none() && !self.stop.is_cancelled() {
                touched = true;
                match self.shared.target.reset().await {
                    Ok(_) => self.base(one, events).await,
                    Err(why) => cannot_reset(&one.base, &why, &self.shared.redactor, events),
                }
            }
            for (index, case) in one.cases.iter().enumerate() {
                if case.exclusive && case.lack.is_none() && !self.stop.is_cancelled() {
                    touched = true;
                    self.wait_for_base(one).await;
                    match self.shared.target.reset().await {
                        Ok(_) => self.case(one, index, events).await,
                        Err(why) => cannot_reset(case, &why, &self.shared.redactor, events),
                    }
                }
            }
        }
        if touched {
            // What the last one changed must not reach whoever uses the target next.
            let _ = self.shared.target.reset().await;
        }
    }

    /// Waits until the base flow is done, if it runs: its cases count only beside it.
    async fn wait_for_base(&self, one: &PlannedScenario) {
        if one.base.exclusive || one.base.lack.is_some() {
            return;
        }
        tokio::select! {
            biased;
            () = self.stop.cancelled() => {}
            () = self.twins.wait_for(&one.scenario.id) => {}
        }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            permit = self.permits.clone().acquire_owned() => permit.ok(),
        }
    }

    async fn base(&self, one: &Arc<PlannedScenario>, events: &UnboundedSender<RunEvent>) {
        if one.base.lack.is_some() {
            return;
        }
        let Some(mut report) = self.guarded(one, None, events).await else {
            return;
        };
        let mut twin = Twin::of(&report);
        let steps = one.scenario.steps.len();
        if !twin.is_accepted(steps)
            && !report.skips
            && report.trouble.is_none()
            && let Some(other) = self.by_another_way(one).await
        {
            report.varying.trace.other_way = Some(OtherWayTaken {
                replaced: other.replaced,
                helped: other.is_better_than(&report.accepted),
            });
            twin = twin.with(other);
        }
        self.twins.keep(&one.scenario.id, twin);
        let lost = report.is_unreachable();
        done(report.result, report.varying, events);
        self.look_after(lost).await;
    }

    /// Takes a broken base flow once more, with an ID-JAG that test control signs. Its cases can be judged if it comes
    /// further that way.
    async fn by_another_way(&self, one: &PlannedScenario) -> Option<OtherWay> {
        let deployment = self.shared.target.deployment();
        deployment.control.as_ref()?;
        let (replaced, scenario) = other_way(&one.scenario)?;
        if one.base.exclusive {
            self.shared.target.reset().await.ok()?;
        }
        let shared = Shared {
            other_way: true,
            ..(*self.shared).clone()
        };
        let (planned, task) = (one.base.clone(), scenario.clone());
        let mut running =
            tokio::spawn(async move { run_case(&shared, &planned, &task, None).await });
        let report = tokio::select! {
            biased;
            ended = &mut running => ended.ok()?,
            () = self.stop.cancelled() => {
                running.abort();
                return None;
            }
        };
        Some(OtherWay {
            scenario,
            replaced,
            accepted: report.accepted,
        })
    }

    /// Gives a target up that is no longer there: what is left of the run is not run, and not an error a case.
    async fn look_after(&self, lost: bool) {
        let given_up = self.shared.target.given_up();
        if self.shared.redactor.is_full() {
            let why =
                "the target was given up: it hands out more credentials than can be looked for";
            self.end(Incomplete::new(StopCause::TargetUnreachable, why));
        } else if let Some(why) = given_up {
            self.give_up(&format!("the target was given up: {why}"));
        } else if lost && let Err(trouble) = probe(&self.shared.target, false).await {
            self.give_up(&format!("the target can no longer be reached: {trouble}"));
        }
    }

    fn give_up(&self, why: &str) {
        let why = self.shared.redactor.stable_text(why);
        self.end(Incomplete::new(StopCause::TargetUnreachable, why));
    }

    fn end(&self, why: Incomplete) {
        // Cases that run at once may find it out at once, for the same reason.
        let _ = self.gone.set(why);
        self.stop.cancel();
    }

    /// When the run has to be over. It moves on while requests are held back: that is not the target's slowness.
    fn deadline(&self) -> Instant {
        let held = match self.waiting {
            WaitingTime::Counts => Duration::ZERO,
            WaitingTime::DoesNotCount => self.shared.target.pacer().waited().time,
        };
        // No clock reaches so far: the run is as good as without a deadline.
        let in_a_year = Duration::from_hours(365 * 24);
        let longest = self.longest.saturating_add(held).min(in_a_year);
        self.started + longest
    }

    fn end_when_overdue(&self) {
        if self.deadline() > Instant::now() {
            return;
        }
        let why = "the run took longer than its deadline";
        self.end(Incomplete::new(StopCause::Deadline, why));
    }

    async fn case(
        &self,
        one: &Arc<PlannedScenario>,
        index: usize,
        events: &UnboundedSender<RunEvent>,
    ) {
        let (planned, case) = (&one.cases[index], &one.scenario.cases[index]);
        if planned.lack.is_some() {
            return;
        }
        let Some(twin) = self.twins.get(&one.scenario.id) else {
            // The base flow was broken off: with the whole run, or on its own.
            if !self.stop.is_cancelled() {
                done(Twin::missing(planned), VaryingCase::default(), events);
            }
            return;
        };
        if let Some(other) = twin.other_way(case.at) {
            let one = Arc::new(PlannedScenario {
                scenario: other.scenario.clone(),
                ..(**one).clone()
            });
            if let Some(mut report) = self.guarded(&one, Some(index), events).await {
                report.result.other_way = Some(other_way::WORDS.to_owned());
                let lost = report.is_unreachable();
                done(report.result, report.varying, events);
                self.look_after(lost).await;
            }
        } else if let Some(result) = twin.inconclusive(case.at, planned) {
            done(result, VaryingCase::default(), events);
        } else if let Some(report) = self.guarded(one, Some(index), events).await {
            let lost = report.is_unreachable();
            done(report.result, report.varying, events);
            self.look_after(lost).await;
        }
    }

    /// Runs in a task of its own, so that a panic ends one case only. `None` when the run was ended meanwhile.
    async fn guarded(
        &self,
        one: &Arc<PlannedScenario>,
        index: Option<usize>,
        events: &UnboundedSender<RunEvent>,
    ) -> Option<Report> {
        if self.stop.is_cancelled() {
            return None;
        }
        let planned = index.map_or(&one.base, |index| &one.cases[index]);
        let _ = events.send(RunEvent::CaseStarted {
            id: planned.case.id.clone(),
        });
        let (shared, task) = (self.shared.clone(), one.clone());
        let mut running = tokio::spawn(async move {
            let planned = index.map_or(&task.base, |index| &task.cases[index]);
            let case: Option<&Case> = index.map(|index| &task.scenario.cases[index]);
            run_case(&shared, planned, &task.scenario, case).await
        });
        let ended = tokio::select! {
            biased;
            ended = &mut running => ended,
            () = self.stop.cancelled() => {
                running.abort();
                return None;
            }
        };
        let report = ended.unwrap_or_else(|error| panicked(planned, error));
        if report.is_out_of_requests() {
            // What it was about to ask is not run, and nobody's mistake.
            self.end(Incomplete::new(StopCause::MaxRequests, OUT_OF_REQUESTS));
            return None;
        }
        Some(report)
    }
}

fn panicked(planned: &Planned, error: tokio::task::JoinError) -> Report {
    let said = match error.try_into_panic() {
        Ok(payload) => crash::message(&*payload).to_owned(),
        Err(error) => error.to_string(),
    };
    let mut result = CaseResult::of(&planned.case, Verdict::Error);
    result.reason = Some(format!("the harness broke down over this case: {said}"));
    result.cure = Some("this is a defect of the harness; please report it".to_owned());
    result.blame = Some(Blame::Harness);
    Report {
        result,
        varying: VaryingCase::default(),
        accepted: Vec::new(),
        trouble: None,
        skips: false,
    }
}

fn cannot_reset(
    planned: &Planned,
    why: &str,
    redactor: &Redactor,
    events: &UnboundedSender<RunEvent>,
) {
    let mut result = CaseResult::of(&planned.case, Verdict::Error);
    let why = format!("the target could not be reset before this case: {why}");
    result.reason = Some(redactor.stable_text(&why));
    result.blame = Some(Blame::Network);
    done(result, VaryingCase::default(), events);
}

fn done(result: CaseResult, varying: VaryingCase, events: &UnboundedSender<RunEvent>) {
    let _ = events.send(RunEvent::CaseDone {
        result: Box::new(result),
        varying: Box::new(varying),
    });
}

fn is_failure(event: &RunEvent, known: &BTreeSet<String>) -> bool {
    match event {
        RunEvent::CaseDone { result, .. } => {
            matches!(result.verdict, Verdict::Failed | Verdict::Error)
                && !known.contains(&result.id)
        }
        _ => false,
    }
}

/// Making the unknown key takes a while: begun now, it is there when a case needs it.
fn prepare_unknown_key(planned: &[PlannedScenario]) {
    let cases = planned.iter().flat_map(|one| &one.scenario.cases);
    let jwts = cases.flat_map(|case| case.change.jwts());
    if jwts
        .flat_map(JwtMutation::signers)
        .any(|signer| signer == SignWith::UnknownKey)
    {
        tokio::task::spawn_blocking(unknown_key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::PlannedCase;

    #[tokio::test]
    async fn a_panic_makes_an_error_of_one_case() {
        let case = PlannedCase {
            id: "s/c".into(),
            scenario: "s".into(),
            title: "A title".into(),
            resource_type: crate::result::ResourceType::None,
            covers: Vec::new(),
            source: "s.yaml:1".parse().unwrap(),
            change: None,
        };
        let planned = Planned {
            case,
            lack: None,
            exclusive: false,
        };
        let error = tokio::spawn(async { panic!("at the disco") })
            .await
            .unwrap_err();
        let result = panicked(&planned, error).result;
        assert_eq!(
            (result.verdict, result.blame),
            (Verdict::Error, Some(Blame::Harness))
        );
        let reason = result.reason.unwrap();
        assert!(reason.contains("at the disco"), "{reason}");
    }
}
