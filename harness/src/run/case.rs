//! One case: prepare, send, record, judge, save; step by step until the end or until it makes no sense to go on.

mod judge;
mod person;
mod record;
mod trouble;

use std::time::Instant;

use person::{AskedConsent, already_consented};

use super::conclude::{Report, Stop, blame_of, conclude, in_trouble, not_signed_in, stopped};
use super::patience::{self, Waits};
use super::perform::{Performed, Unsent, take};
use super::reached::Reached;
use super::shared::Shared;
use super::tape::{CaseTape, Label};
use super::trace::Steps;
use super::vars::Vars;
use super::{keys, race, save};
use crate::evidence::{RecordedStep, Redactor};
use crate::exchange::Exchange;
use crate::forge::{Forge, Signed};
use crate::invariant::Lineage;
use crate::plan::Planned;
use crate::result::{Blame, FindingRecord, Trace, VaryingCase, Verdict};
use crate::scenario::case_step::{CaseStep, case_steps};
use crate::scenario::step::Effect;
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
        waits: Waits::default(),
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
        waits,
        ..
    } = run;
    let trouble = stop.as_ref().and_then(|stop| stop.trouble.clone());
    let skips = stop.as_ref().is_some_and(|stop| stop.skips);
    let mut result = conclude(planned, findings, stop, worst, &redactor);
    let waits = Waits {
        total: held.total(),
        ..waits
    };
    patience::doubt(&mut result, tape.held_back(waits));
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
    /// Which of them may have been answered for their age.
    waits: Waits,
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
        let performed = performed.inspect_err(|stop| self.tape.broken_off(stop))?;
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
        if let Some((why, blame)) = &performed.recorded_stop {
            return Err(stopped(step, why, *blame));
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
        self.tape.begin_judging(target);
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
        let taken = Box::pin(self.with_password(case_step, taken));
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
