//! One case: prepare, send, record, judge, save; step by step until the end or until it makes no sense to go on.

mod person;
mod record;
mod trouble;

use crate::result::Aspect;
use std::time::{Duration, Instant};

use person::{AskedConsent, already_consented};

use super::conclude::{Report, Stop, blame_of, conclude, in_trouble, not_signed_in, stopped};
use super::patience::{self, Waits};
use super::perform::{Performed, Unsent, take};
use super::reached::Reached;
use super::shared::Shared;
use super::success::{is_refusal, unfinished_sign_in, unsuccessful, wants_redirect};
use super::tape::{CaseTape, Label};
use super::trace::Steps;
use super::vars::Vars;
use super::{finding, keys, race, save};
use crate::check::{self, Finding, Outcome, evaluate, expects_refusal, unjudgeable};
use crate::evidence::{RecordedStep, Redactor};
use crate::exchange::{Exchange, Response};
use crate::forge::{Forge, Signed};
use crate::invariant::Lineage;
use crate::plan::Planned;
use crate::result::{Against, Blame, BrokenCheck, FindingRecord, Trace, VaryingCase, Verdict};
use crate::scenario::case_step::{CaseStep, case_steps};
use crate::scenario::step::{Effect, Redirects};
use crate::scenario::{Case, Scenario};
use crate::targets::{Browsers, Held};

/// Runs a base flow, or one of its cases.
pub(super) async fn run_case(
    shared: &Shared,
    planned: &Planned,
    scenario: &Scenario,
    case: Option<&Case>,
) -> Report {
    let held = Held::default();
    let running = Box::pin(run_held(shared, planned, scenario, case, &held));
    held.during(running).await
}

async fn run_held(
    shared: &Shared,
    planned: &Planned,
    scenario: &Scenario,
    case: Option<&Case>,
    held: &Held,
) -> Report {
    let started = Instant::now();
    let mut redactor = shared.redactor.clone();
    let label = Label {
        case: &planned.case.id,
        other_way: shared.other_way,
        on: shared.on,
    };
    let (tape, vars) = CaseTape::open(&shared.tape, label, shared.names.clone(), &redactor);
    redactor.know(vars.verifier());
    let mut run = CaseRun {
        shared,
        file: &scenario.source.name,
        id: &planned.case.id,
        has_twin: case.is_some(),
        shares_sign_ins: scenario.can_share_sign_ins(case),
        deadline: started + shared.patience,
        held,
        before_refusal: Duration::ZERO,
        consent: None,
        vars,
        tape,
        redactor,
        browsers: Browsers::default(),
        findings: Vec::new(),
        exchanges: Vec::new(),
        steps: Steps::default(),
        reached: Reached::default(),
        lineage: Lineage::default(),
        made: 0,
        worst: None,
    };
    let mut accepted = Vec::new();
    let mut stop = None;
    for case_step in case_steps(scenario, case) {
        match run.take(&case_step).await {
            Ok(held) => accepted.push(held),
            Err(early) => {
                stop = Some(early);
                break;
            }
        }
    }
    let CaseRun {
        redactor,
        findings,
        mut exchanges,
        steps,
        worst,
        tape,
        before_refusal,
        ..
    } = run;
    let trouble = stop.as_ref().and_then(|stop| stop.trouble.clone());
    let skips = stop.as_ref().is_some_and(|stop| stop.skips);
    let mut result = conclude(planned, findings, stop, worst, &redactor);
    let waits = Waits {
        total: held.total(),
        before_refusal,
    };
    patience::doubt(&mut result, waits);
    tape.close(result.verdict, redactor);
    let deviates = result.verdict > Verdict::Observed;
    shared.budget.admit(&mut exchanges, deviates);
    Report {
        trouble,
        skips,
        result,
        varying: VaryingCase {
            milliseconds: started.elapsed().as_secs_f64() * 1000.0,
            exchanges,
            trace: Trace {
                steps: steps.into_taken(),
                other_way: None,
            },
        },
        accepted,
    }
}

struct CaseRun<'r> {
    shared: &'r Shared,
    file: &'r str,
    /// Id of the case.
    id: &'r str,
    /// The same without the change was accepted in this run.
    has_twin: bool,
    /// Whether its sign-ins may be those of other cases.
    shares_sign_ins: bool,
    deadline: Instant,
    /// How long its requests were held back.
    held: &'r Held,
    /// The longest that one was whose refusal is expected.
    before_refusal: Duration,
    /// The consent that a person was asked for and may not have given yet.
    consent: Option<AskedConsent>,
    vars: Vars,
    tape: CaseTape,
    redactor: Redactor,
    browsers: Browsers,
    findings: Vec<FindingRecord>,
    exchanges: Vec<RecordedStep>,
    /// What each step asked for, used and broke.
    steps: Steps,
    /// Who has answered so far.
    reached: Reached,
    /// Which credentials go back to whose sign-in.
    lineage: Lineage,
    /// Exchanges so far.
    made: usize,
    /// The worst finding that does not hold, and who has to act.
    worst: Option<(Verdict, Blame)>,
}

impl CaseRun<'_> {
    /// Takes one step. `Ok(false)` when something that was expected of it does not hold.
    async fn take(&mut self, case_step: &CaseStep<'_>) -> Result<bool, Stop> {
        let step = &case_step.step.id;
        let target = &self.shared.target;
        self.tape.begin(case_step, target).map_err(|why| Stop {
            skips: true,
            ..stopped(step, &why, Blame::Harness)
        })?;
        // What is read between two steps is read to judge.
        self.vars.take_read();
        if self.is_for_a_person(case_step) {
            // A recording shows in its next step what the person did.
            let asked = if self.tape.is_replay() {
                Ok(())
            } else {
                self.ask_for_consent(case_step)
            };
            self.steps.begin(case_step, &self.vars.take_read());
            // Whether the person has consented is what the next step shows.
            return asked.map(|()| true);
        }
        let performed = match self.consent.take() {
            Some(asked) => Box::pin(self.perform_after_consent(case_step, &asked)).await,
            None => self.perform(case_step).await,
        };
        self.steps.begin(case_step, &self.vars.take_read());
        let performed = performed?;
        self.tape.performed(&performed, target);
        self.learn(&performed);
        for secret in &performed.secrets {
            self.redactor.know(secret);
        }
        self.record(case_step, &performed);
        let mut exchanges = performed.exchanges.iter();
        let in_answer = exchanges.find_map(|one| self.trouble_in(case_step, one));
        let on_the_way = performed.trouble.as_ref().map(|(_, trouble, _)| trouble);
        if let Some(trouble) = in_answer.or_else(|| on_the_way.cloned()) {
            return Err(in_trouble(step, &trouble));
        }
        if let Some(why) = &performed.recorded_trouble {
            return Err(stopped(step, why, Blame::Network));
        }
        if let Some(error) = &performed.not_signed_in {
            return Err(not_signed_in(step, error));
        }
        if let Some(unforgeable) = &performed.unforgeable {
            return Err(stopped(step, &unforgeable.to_string(), Blame::Harness));
        }
        let winner = race::winners(&performed.exchanges).next();
        let answer = winner
            .filter(|_| case_step.is_race())
            .or(performed.judged());
        let Some(answer) = answer else {
            return Err(stopped(step, "it had no answer", Blame::Harness));
        };
        if self.has_consented_before(case_step, answer) {
            return Err(already_consented(step));
        }
        let deployment = self.shared.target.deployment();
        self.steps.answered(answer, deployment, &self.redactor);
        if !self.tape.is_replay() {
            self.follow_up(case_step, answer).await;
        }
        self.tape.judging(target);
        let held = self.judge(case_step, answer, &performed.exchanges).await?;
        self.save(case_step, answer)?;
        Ok(held)
    }

    async fn perform(&mut self, case_step: &CaseStep<'_>) -> Result<Performed, Stop> {
        let step = &case_step.step.id;
        let target = &self.shared.target;
        let published = keys::for_forging(case_step.change, target, &self.tape).await;
        let forge = Forge {
            deployment: target.deployment(),
            edition: self.shared.edition,
            names: &self.vars,
            now: self.tape.now(target),
            published: &published,
            signed: &Signed::default(),
        };
        // A replay finds the shared sign-in as each case recorded it.
        let shared = self.shared_sign_in(case_step, &forge)?;
        if let Some(prepared) = shared.filter(|_| !self.tape.is_replay()) {
            let since = Instant::now();
            let performed = Box::pin(self.sign_in(prepared, &forge)).await;
            // What a sign-in for all takes is not this case's time.
            self.deadline += since.elapsed();
            return Ok(performed);
        }
        let taken = Box::pin(take(case_step, target, &forge, &self.browsers, &self.tape));
        let taken = patience::until(self.deadline, self.held, taken).await;
        let Some(performed) = taken else {
            let limit = self.shared.patience.as_secs();
            let why = format!("the case took longer than {limit} s");
            return Err(stopped(step, &why, Blame::Network));
        };
        performed.map_err(|unsent| match unsent {
            Unsent::Impossible(why) => stopped(step, &why, Blame::Harness),
            Unsent::Lacking(why) => Stop {
                skips: true,
                ..stopped(step, &why, Blame::Harness)
            },
        })
    }

    /// Learns the credentials of a recording; those of a live run were learnt as they went over the wire.
    fn learn(&self, performed: &Performed) {
        for exchange in performed.exchanges.iter().filter(|_| self.tape.is_replay()) {
            self.redactor.learn_request(&exchange.request);
            self.redactor.learn_response(&exchange.response);
        }
    }

    /// Lets the target know what a command changed: its clock, its keys.
    async fn follow_up(&self, case_step: &CaseStep<'_>, answer: &Exchange) {
        let target = &self.shared.target;
        match case_step.step.action.kind().effect() {
            Some(Effect::ClockMoved) => {
                let shown = target.note_clock(answer.response.json.as_ref());
                if !shown {
                    target.read_clock().await;
                }
            }
            Some(Effect::KeysRotated(server)) => {
                target.refreshed_keys_of(server).await;
            }
            None => {}
        }
    }

    /// Whether a redirect from this address is the server's own answer.
    fn redirects_count(&self, case_step: &CaseStep<'_>, url: &str) -> bool {
        match case_step.step.action.kind().redirects() {
            Redirects::Always => true,
            Redirects::WhereExpected if wants_redirect(case_step.expect) => true,
            // A server that has answered here before sends elsewhere by itself: no proxy or sign-in wall does it.
            Redirects::WhereExpected | Redirects::Never => {
                case_step.part.is_judged() && self.reached.is_open(url)
            }
        }
    }

    /// Judges an answer. A step before the varied one that does not hold means that the case cannot be judged.
    async fn judge(
        &mut self,
        case_step: &CaseStep<'_>,
        answer: &Exchange,
        all: &[Exchange],
    ) -> Result<bool, Stop> {
        let step = &case_step.step.id;
        let response = &answer.response;
        let blame = blame_of(answer.request.party);
        if case_step.expect.is_empty() {
            return self.prepares(case_step, response, blame);
        }
        let judged_by = race::expectations(case_step, answer);
        let ring = keys::for_judging(judged_by, response, &self.shared.target, &self.tape).await;
        let cx = check::Context {
            names: &self.vars,
            keys: &ring,
            now: self.tape.now(&self.shared.target),
            shows_internal_codes: self.shared.target.deployment().shows_internal_codes,
        };
        let wait = self.wait_before_refusal(case_step, &cx);
        self.before_refusal = self.before_refusal.max(wait);
        let redirects_count = self.redirects_count(case_step, &answer.request.url);
        let answers = race::answers(case_step, answer, all);
        let judged = |one: &Exchange| {
            one.response.status == 500
                && case_step.part.is_judged()
                && self.is_up(case_step, one, &cx)
        };
        let cause = answers.iter().filter(|one| !judged(one)).find_map(|one| {
            unjudgeable(
                &one.response,
                race::expectations(case_step, one),
                redirects_count,
                &cx,
            )
        });
        if let Some(cause) = cause {
            return Err(stopped(step, &cause, blame));
        }
        // A varied request may rightly be refused with a page; its twin got through.
        if case_step.change.is_none()
            && let Some(cause) =
                unfinished_sign_in(case_step, answer, self.shared.target.deployment())
        {
            return Err(stopped(step, &cause, blame));
        }
        let findings = if case_step.is_race() {
            race::judge(case_step, all, &cx)
        } else {
            evaluate(case_step.expect, answer, &cx)
        };
        let records = findings.iter().map(|finding| {
            finding::record(
                step,
                finding,
                self.file,
                &self.shared.catalogue,
                &self.shared.target.deployment().profiles,
                &self.redactor,
            )
        });
        let mut records: Vec<_> = records.collect();
        let against = match expects_refusal(case_step.expect, &cx) {
            false if is_refusal(response) => Against::Refused,
            true if !is_refusal(response) && response.status < 400 => Against::Accepted,
            _ => Against::Nothing,
        };
        self.trace(&findings, &records, against);
        if case_step.part.is_judged() {
            // What is not judged proves nothing, but another status or redirect there was not the accepted answer either.
            let unlike = |(finding, record): (&Finding, &FindingRecord)| {
                let accepts = matches!(
                    finding.check,
                    Aspect::Status | Aspect::RedirectTo | Aspect::RedirectParameter(_)
                );
                record.not_judged.is_some() && accepts && finding.outcome != Outcome::Held
            };
            let held = records.iter().all(|record| record.verdict < Verdict::Error)
                && !findings.iter().zip(&records).any(unlike);
            for record in &records {
                self.weigh(record.verdict, blame);
            }
            self.findings.append(&mut records);
            return Ok(held);
        }
        let Some(mut broken) = records
            .into_iter()
            .find(|record| record.verdict >= Verdict::Error)
        else {
            return Ok(true);
        };
        let reason = format!(
            "a step before the changed one did not succeed: {}: expected {}, found {}",
            broken.check,
            broken.expected,
            broken.actual.as_deref().unwrap_or("something else"),
        );
        broken.verdict = Verdict::Error;
        // The exchange that broke the case is the one to look at.
        if let Some(recorded) = self.exchanges.last_mut() {
            recorded.judged = true;
        }
        self.findings.push(broken);
        Err(stopped(step, &reason, blame))
    }

    /// A step without expectations only has to succeed.
    fn prepares(
        &mut self,
        case_step: &CaseStep<'_>,
        response: &Response,
        blame: Blame,
    ) -> Result<bool, Stop> {
        let Some(why) = unsuccessful(case_step.step, response) else {
            return Ok(true);
        };
        if is_refusal(response) {
            self.steps.decided(Against::Refused);
        }
        Err(stopped(&case_step.step.id, &why, blame))
    }

    /// Keeps what does not hold, for whoever looks for the cause.
    fn trace(&mut self, findings: &[Finding], records: &[FindingRecord], against: Against) {
        let checks = findings.iter().zip(records);
        let broken = checks.filter(|(finding, _)| finding.outcome != Outcome::Held);
        self.steps
            .broke(broken.clone().map(|(finding, record)| BrokenCheck {
                finding: record.clone(),
                is_absent: finding.is_absent(),
                rule: None,
                token: None,
            }));
        let mut decisions = broken.filter(|(finding, _)| {
            matches!(
                finding.check.of_any(),
                Aspect::Status | Aspect::RedirectTo | Aspect::RedirectParameter(_)
            )
        });
        if decisions.next().is_some() {
            self.steps.decided(against);
        }
    }

    /// Whether a server that answers 500 was seen to be up and reachable, so that its 500 is an answer: it accepted
    /// the twin of what it fails on, or it should refuse here and has answered at the same address before.
    fn is_up(&self, case_step: &CaseStep<'_>, answer: &Exchange, cx: &check::Context<'_>) -> bool {
        let has_answered = || self.reached.has_answered(&answer.request.url);
        self.has_twin || (expects_refusal(case_step.expect, cx) && has_answered())
    }

    fn save(&mut self, case_step: &CaseStep<'_>, answer: &Exchange) -> Result<(), Stop> {
        for save in case_step.save {
            let value = match save::extract(save, &answer.response, &self.vars) {
                Ok(value) => save::resolved(save, answer).unwrap_or(value),
                Err(_) if case_step.saves_are_optional || save.optional => continue,
                Err(why) => {
                    return Err(stopped(
                        &case_step.step.id,
                        &why,
                        blame_of(answer.request.party),
                    ));
                }
            };
            for secret in save::secrets(save, &value) {
                self.redactor.know(&secret);
            }
            self.vars.save(&save.name, value);
            self.steps.saved(save);
        }
        Ok(())
    }

    fn weigh(&mut self, verdict: Verdict, blame: Blame) {
        let is_worse = self.worst.is_none_or(|(worst, _)| verdict > worst);
        if verdict > Verdict::Observed && is_worse {
            self.worst = Some((verdict, blame));
        }
    }
}
