//! A run from its announcement to its end.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;

use super::invariants::Watch;
use super::ledger::{PATIENCE, PATIENCE_WHEN_INTERRUPTED, RunLedger};
use super::meanwhile::{self, Meanwhile};
use super::options::{AtEnd, OUT_OF_REQUESTS, RunOptions};
use super::preflight;
use super::probe::probe;
use super::schedule::Schedule;
use super::shared::Shared;
use super::sign_ins::SignIns;
use super::tape::Tape;
use crate::cassette::{RunOf, WhichOrg};
use crate::evidence::{Budget, Public, Redactor};
use crate::exchange::{Exchange, RequestSpec};
use crate::forge::fresh;
use crate::plan::{self, Planned, PlannedScenario, announced, plan, sign_ins};
use crate::preflight::tls::mistake_of;
use crate::requirement::Catalogue;
use crate::result::{
    Blame, CaseResult, EventSink, Incomplete, Misconfiguration, PlannedCase, ResourceType,
    RunEvent, SignInsNeeded, StopCause, TargetInfo, VaryingCase, Verdict,
};
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, ServerRole};
use crate::secret::Salt;
use crate::targets::{Deployment, Lack, Listener, Target, Trouble};

/// Runs scenarios against a target and reports everything that happens to `sink`.
pub async fn run(
    scenarios: Vec<Scenario>,
    catalogue: &Catalogue,
    target: &Target,
    options: &RunOptions,
    sink: &mut dyn EventSink,
) {
    let started = Instant::now();
    let deployment = target.deployment();
    let catalogue = catalogue.clone().under(&deployment.profiles);
    let planned = plan(scenarios, &catalogue, deployment, options.edition);
    let watch = Arc::new(Watch::new(&options.invariants, &catalogue, deployment));
    let mut cases = announced(&planned);
    cases.extend(watch.announced());
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let recorded = RunOf {
        started_at: options.tape.started_at(),
        edition: options.edition,
        planned: cases.iter().map(|case| case.id.clone()).collect(),
    };
    let redactor = redactor_for(target, options, &planned);
    sink.on_event(&announcement(
        deployment,
        options,
        &redactor,
        recorded.started_at.clone(),
        cases,
    ));
    if let Some(needed) = sign_ins_needed(&planned, target, options.edition) {
        sink.on_event(&RunEvent::SignInsNeeded(needed));
    }
    let (events, asked) = unbounded_channel();
    let permits = Arc::new(Semaphore::new(options.jobs.max(1)));
    let budget = Arc::new(Budget::default());
    let newest = target.newest_refresh_token().await;
    let is_asked = deployment.is_real() && !target.is_offline();
    let ledger = is_asked.then(|| Arc::new(RunLedger::new(deployment, newest)));
    let shared = |target: &Target, redactor: Redactor, on: WhichOrg| Shared {
        target: target
            .within(options.allowances)
            .heard_by(Arc::new(Learner::new(redactor.clone(), ledger.clone()))),
        catalogue: catalogue.clone(),
        edition: options.edition,
        names: Arc::new(target.deployment().names(options.edition)),
        redactor,
        watch: watch.clone(),
        patience: options.patience,
        consent_within: options.consent_within,
        evidence: options.evidence,
        budget: budget.clone(),
        tape: options.tape.clone(),
        on,
        other_way: false,
        sign_ins: SignIns::new(&options.asking, &events, &permits, ledger.as_ref()).into(),
        rehearses: false,
    };
    let not_entered = not_entered(&planned, &redactor);
    let spare = options.spare.as_ref().map(|spare| {
        let mut redactor = redactor.at(&issuer_of(spare.deployment()));
        know(&mut redactor, spare.deployment());
        shared(spare, redactor, WhichOrg::Spare)
    });
    let shared = shared(target, redactor.clone(), WhichOrg::Target);
    let run_target = shared.target.clone();
    let (to, waits) = unbounded_channel();
    target.pacer().report_waits_to(to);
    let mut meanwhile = Meanwhile {
        waits,
        asked,
        redactor: redactor.clone(),
    };
    let org = Org {
        shared,
        spare,
        permits,
    };
    let carried_out = carried_out(planned, org, options, &mut meanwhile, sink);
    let incomplete = Box::pin(carried_out).await;
    let is_whole = incomplete.is_none();
    for (result, varying) in watch.results(is_whole, &catalogue, deployment, &redactor) {
        report_case(result, varying, sink);
    }
    if let Some(ledger) = ledger {
        settle(&ledger, &run_target, options, &mut meanwhile, sink).await;
        let ledger = ledger.redacted(&redactor);
        sink.on_event(&RunEvent::Obtained { ledger });
    }
    close(options, recorded, deployment, &redactor);
    sink.on_event(&RunEvent::CredentialsKnown { redactor });
    let what = target.left_behind().await;
    if !what.is_empty() {
        sink.on_event(&RunEvent::LeftBehind { what });
    }
    meanwhile::conclude(target.pacer().waited(), sink);
    sink.on_event(&RunEvent::RunDone {
        incomplete: incomplete.or(not_entered),
        milliseconds: started.elapsed().as_secs_f64() * 1000.0,
    });
}

/// The sign-ins that a run needs. Nobody signs in for a recording.
fn sign_ins_needed(
    planned: &[PlannedScenario],
    target: &Target,
    edition: Edition,
) -> Option<SignInsNeeded> {
    let needed = sign_ins(planned, target.deployment(), edition, target.now());
    needed.filter(|_| !target.is_offline())
}

/// Who is asked in a run.
struct Org {
    shared: Shared,
    spare: Option<Shared>,
    permits: Arc<Semaphore>,
}

/// Checks the target and runs all cases; why not all of them, if they are not.
async fn carried_out(
    planned: Vec<PlannedScenario>,
    org: Org,
    options: &RunOptions,
    meanwhile: &mut Meanwhile,
    sink: &mut dyn EventSink,
) -> Option<Incomplete> {
    let sign_ins = org.shared.sign_ins.clone();
    let incomplete = Box::pin(checked_and_run(planned, org, options, meanwhile, sink)).await;
    sign_ins.settled().await;
    incomplete
}

async fn checked_and_run(
    planned: Vec<PlannedScenario>,
    org: Org,
    options: &RunOptions,
    meanwhile: &mut Meanwhile,
    sink: &mut dyn EventSink,
) -> Option<Incomplete> {
    let Org {
        shared,
        spare,
        permits,
    } = org;
    let refused = not_for_tests(&planned, shared.target.deployment());
    if refused.is_some() {
        return refused;
    }
    let redactor = shared.redactor.clone();
    if !shared.target.is_offline() {
        // Whoever interrupts need not wait for a target that hangs; the schedule sees that it is cancelled.
        let probed = probe(&shared.target, options.preflight);
        let probed = options.cancel.run_until_cancelled(probed);
        if let Some(Err(trouble)) = meanwhile.reporting(probed, sink).await {
            return Some(not_measured(&planned, &trouble, &redactor, options, sink));
        }
    }
    let checked = Box::pin(mistakes(&planned, &shared, &shared.catalogue, options));
    match meanwhile.reporting(checked, sink).await {
        Err(trouble) => Some(not_measured(&planned, &trouble, &redactor, options, sink)),
        Ok(Some(mistakes)) => Some(Incomplete::misconfigured(mistakes)),
        Ok(None) => {
            report_skipped(&planned, sink);
            let schedule = Schedule::new(shared, spare, permits, options);
            schedule.all(planned, meanwhile, sink).await
        }
    }
}

/// What is said before the first request.
fn announcement(
    deployment: &Deployment,
    options: &RunOptions,
    redactor: &Redactor,
    started_at: String,
    cases: Vec<PlannedCase>,
) -> RunEvent {
    RunEvent::RunStarted {
        target: TargetInfo {
            name: redactor.text(&deployment.name),
            kind: deployment.kind,
            profiles: deployment.profiles.iter().collect(),
        },
        edition: options.edition.to_string(),
        org_issuer: redactor.text(&issuer_of(deployment)),
        spare_issuer: (options.spare.as_ref())
            .map(|spare| redactor.text(&issuer_of(spare.deployment()))),
        started_at,
        cases,
    }
}

/// Why nothing is sent but requests for metadata and keys, where something else would be.
fn not_for_tests(planned: &[PlannedScenario], deployment: &Deployment) -> Option<Incomplete> {
    let why = plan::refused(planned, deployment)?;
    let why = format!("{why}: {}", why.cure());
    Some(Incomplete::new(StopCause::Preflight, why))
}

/// Revokes what was issued during the run, as far as that is asked for.
async fn settle(
    ledger: &RunLedger,
    target: &Target,
    options: &RunOptions,
    meanwhile: &mut Meanwhile,
    sink: &mut dyn EventSink,
) {
    let tokens = ledger.revocable_tokens(target);
    if tokens == 0 {
        return;
    }
    if options.at_end == AtEnd::KeepTokens {
        ledger.leave(target, "--keep-tokens was given");
        return;
    }
    sink.on_event(&RunEvent::Revoking { tokens });
    let interrupted = async {
        options.cancel.cancelled().await;
        tokio::time::sleep(PATIENCE_WHEN_INTERRUPTED).await;
    };
    let revoked = Box::pin(async {
        tokio::select! {
            () = ledger.revoke(target, options.edition, PATIENCE) => {}
            () = interrupted => ledger.leave(target, "the run was interrupted"),
        }
    });
    meanwhile.reporting(revoked, sink).await;
}

/// Lets whoever records the run know that it is over, and what is secret of it.
fn close(options: &RunOptions, run: RunOf, deployment: &Deployment, redactor: &Redactor) {
    if let Tape::Record(recorder) = &options.tape {
        let spare = options.spare.as_ref().map(Target::deployment);
        recorder.close(run, deployment, spare, redactor.clone());
    }
}

/// What a preflight finds, if there is one and it finds something.
async fn mistakes(
    planned: &[PlannedScenario],
    shared: &Shared,
    catalogue: &Catalogue,
    options: &RunOptions,
) -> Result<Option<Vec<Misconfiguration>>, Trouble> {
    if !options.preflight {
        return Ok(None);
    }
    let deployment = shared.target.deployment();
    let shared = Shared {
        // What the preflight sees is seen again by the cases, and counted there.
        watch: Arc::new(Watch::new(&Arc::default(), catalogue, deployment)),
        evidence: false,
        tape: Tape::Off,
        rehearses: true,
        ..shared.clone()
    };
    let checked = Box::pin(preflight::check(planned, &shared));
    let found = options.cancel.run_until_cancelled(checked).await;
    let found = found.transpose()?;
    Ok(found.filter(|found| !found.is_empty()))
}

/// Why a resource type that the target describes is not tested at all.
fn not_entered(planned: &[PlannedScenario], redactor: &Redactor) -> Option<Incomplete> {
    let (of, lack) = plan::not_entered(planned)?;
    let why = describe_not_entered(of, lack);
    Some(Incomplete::new(
        StopCause::NotEntered,
        redactor.stable_text(&why),
    ))
}

/// "secret could not be tested: …".
fn describe_not_entered(of: ResourceType, lack: &Lack) -> String {
    let Lack { reason, cure, .. } = lack;
    format!("{} could not be tested: {reason}; {cure}", of.as_str())
}

/// Learns the credentials that are sent and received, in whatever case, before anything of it is recorded.
pub(super) struct Learner {
    redactor: Redactor,
    /// Keeps account of what is issued, where that is done.
    ledger: Option<Arc<RunLedger>>,
}

impl Learner {
    pub(super) const fn new(redactor: Redactor, ledger: Option<Arc<RunLedger>>) -> Self {
        Self { redactor, ledger }
    }
}

impl Listener for Learner {
    fn sends(&self, request: &RequestSpec) {
        self.redactor.learn_request(request);
    }

    fn received(&self, exchange: &Exchange) {
        self.redactor.learn_response(&exchange.response);
        if let Some(ledger) = &self.ledger {
            ledger.note(exchange);
        }
    }
}

/// The issuer of the org, if there is one.
fn issuer_of(deployment: &Deployment) -> String {
    let org = deployment.org();
    org.map(|org| org.issuer.clone()).unwrap_or_default()
}

/// Knows the secrets of a target and of the run.
fn redactor_for(target: &Target, options: &RunOptions, planned: &[PlannedScenario]) -> Redactor {
    let deployment = target.deployment();
    let salt = Salt::new(fresh().into_bytes());
    let public = public(deployment, options.edition, planned);
    let mut redactor = Redactor::new(salt, public, &issuer_of(deployment));
    know(&mut redactor, deployment);
    redactor.know_all(options.redact.iter().cloned());
    redactor
}

pub(super) fn know(redactor: &mut Redactor, deployment: &Deployment) {
    redactor.know_all(deployment.credentials());
    for part in deployment.private_parts() {
        redactor.know_bytes(&part);
    }
}

/// What everybody may read: the scenarios, and what the target file says besides its secrets.
fn public(deployment: &Deployment, edition: Edition, planned: &[PlannedScenario]) -> Public {
    let scenarios = planned.iter().map(|one| one.scenario.source.text.clone());
    let names = deployment.names(edition).into_values().map(Arc::from);
    Public::new(scenarios.chain(names).collect())
}

fn report_skipped(planned: &[PlannedScenario], sink: &mut dyn EventSink) {
    for one in all(planned) {
        if let Some(lack) = &one.lack {
            let mut result = CaseResult::of(&one.case, Verdict::Skipped);
            result.reason = Some(lack.reason.clone());
            result.cure = Some(lack.cure.clone());
            report_case(result, VaryingCase::default(), sink);
        }
    }
}

/// Why nothing can be tested, in one sentence, and what becomes of the cases.
fn not_measured(
    planned: &[PlannedScenario],
    trouble: &Trouble,
    redactor: &Redactor,
    options: &RunOptions,
    sink: &mut dyn EventSink,
) -> Incomplete {
    if trouble.is_own_limit() {
        report_skipped(planned, sink);
        return Incomplete::new(StopCause::MaxRequests, OUT_OF_REQUESTS);
    }
    sink.on_event(&RunEvent::NotMeasured);
    let sentence = Some(redactor.stable_text(&trouble.sentence()));
    let mistake = options
        .preflight
        .then(|| mistake_of(trouble, ServerRole::Org));
    if let Some(mistake) = mistake.flatten() {
        return Incomplete {
            trouble: sentence,
            ..Incomplete::misconfigured(vec![mistake])
        };
    }
    report_skipped(planned, sink);
    let lead = if trouble.is_unreachable() {
        "the target cannot be reached"
    } else {
        "the target cannot be tested"
    };
    let reason = redactor.stable_text(&format!("{lead}: {trouble}"));
    for one in all(planned).filter(|one| one.lack.is_none()) {
        let mut result = CaseResult::of(&one.case, Verdict::Error);
        result.reason = Some(reason.clone());
        result.cure = trouble.cure().map(str::to_owned);
        result.blame = Some(Blame::Network);
        report_case(result, VaryingCase::default(), sink);
    }
    Incomplete {
        trouble: sentence,
        ..Incomplete::new(StopCause::TargetUnreachable, reason)
    }
}

fn all(planned: &[PlannedScenario]) -> impl Iterator<Item = &Planned> {
    planned
        .iter()
        .flat_map(|one| std::iter::once(&one.base).chain(&one.cases))
}

fn report_case(result: CaseResult, varying: VaryingCase, sink: &mut dyn EventSink) {
    sink.on_event(&RunEvent::CaseDone {
        result: Box::new(result),
        varying: Box::new(varying),
    });
}
