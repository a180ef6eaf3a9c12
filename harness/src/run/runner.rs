//! A run from its announcement to its end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::invariants::Watch;
use super::preflight;
use super::probe::probe;
use super::schedule::Schedule;
use super::shared::Shared;
use super::tape::Tape;
use crate::cassette::{RunOf, Whose};
use crate::evidence::{Budget, Public, Redactor};
use crate::exchange::{RequestSpec, Response};
use crate::forge::fresh;
use crate::plan::{self, Planned, PlannedScenario, announced, plan};
use crate::preflight::tls::mistake_of;
use crate::requirement::Catalogue;
use crate::result::{
    Blame, CaseResult, EventSink, Incomplete, Misconfiguration, ResourceType, RunEvent, StopCause,
    TargetInfo, VaryingCase, Verdict,
};
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, Invariants, ServerRole};
use crate::secret::{Salt, Secret};
use crate::targets::{Allowances, Deployment, Lack, Listener, Target, Trouble};

/// A run takes seconds, or minutes where an org limits how often it is asked. What takes longer than this hangs.
pub const DEADLINE: Duration = Duration::from_mins(15);

/// How to run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Edition of the guide to follow.
    pub edition: Edition,
    /// How many cases may run at once.
    pub jobs: usize,
    /// Stop at the first case that fails or cannot be judged.
    pub fail_fast: bool,
    /// Cases that are known to deviate: they are no reason to stop.
    pub known: BTreeSet<String>,
    /// Longest time a case may take.
    pub patience: Duration,
    /// Longest time the run may take.
    pub deadline: Duration,
    /// What the target may take of it, before it is given up.
    pub allowances: Allowances,
    /// Whether the target file is checked before the run, with the first request of each flow.
    pub preflight: bool,
    /// Whether what went over the wire is kept, redacted, for whoever reads the result.
    pub evidence: bool,
    /// Rules that every exchange is held against.
    pub invariants: Arc<Invariants>,
    /// A second target like the first, which nobody else uses: cases that change a target run there, beside the others.
    pub spare: Option<Target>,
    /// Values besides the target's secrets that nothing may show.
    pub redact: Vec<Secret>,
    /// Whether it is recorded, or was.
    pub tape: Tape,
    /// Cancelled from outside (Ctrl-C), it ends the run; what was measured is reported all the same.
    pub cancel: CancellationToken,
}

impl RunOptions {
    /// Eight cases at once, each at most 30 s and all at most 15 min, to the end, without rules that hold for every answer.
    pub fn new(edition: Edition) -> Self {
        Self {
            edition,
            jobs: 8,
            fail_fast: false,
            known: BTreeSet::new(),
            patience: Duration::from_secs(30),
            deadline: DEADLINE,
            allowances: Allowances::of(8),
            preflight: false,
            evidence: true,
            invariants: Arc::default(),
            spare: None,
            redact: Vec::new(),
            tape: Tape::Off,
            cancel: CancellationToken::new(),
        }
    }
}

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
        started_at: Timestamp::now().to_string(),
        edition: options.edition,
        planned: cases.iter().map(|case| case.id.clone()).collect(),
    };
    let org_issuer = issuer_of(deployment);
    let redactor = redactor_for(target, options, &planned);
    sink.on_event(&RunEvent::RunStarted {
        target: TargetInfo {
            name: redactor.text(&deployment.name),
            kind: deployment.kind,
            profiles: deployment.profiles.iter().collect(),
        },
        edition: options.edition.to_string(),
        org_issuer: redactor.text(&org_issuer),
        spare_issuer: (options.spare.as_ref())
            .map(|spare| redactor.text(&issuer_of(spare.deployment()))),
        started_at: recorded.started_at.clone(),
        cases,
    });
    let budget = Arc::new(Budget::default());
    let shared = |target: &Target, redactor: Redactor, on: Whose| Shared {
        target: target
            .within(options.allowances)
            .heard_by(Arc::new(Learner(redactor.clone()))),
        catalogue: catalogue.clone(),
        edition: options.edition,
        names: Arc::new(target.deployment().names(options.edition)),
        redactor,
        watch: watch.clone(),
        patience: options.patience,
        evidence: options.evidence,
        budget: budget.clone(),
        tape: options.tape.clone(),
        on,
        other_way: false,
    };
    let not_entered = plan::not_entered(&planned).map(|(of, lack)| {
        let why = describe_not_entered(of, lack);
        Incomplete::new(StopCause::NotEntered, redactor.stable_text(&why))
    });
    let spare = options.spare.as_ref().map(|spare| {
        let mut redactor = redactor.at(&issuer_of(spare.deployment()));
        know(&mut redactor, spare.deployment());
        shared(spare, redactor, Whose::Spare)
    });
    let shared = shared(target, redactor.clone(), Whose::Target);
    // Whoever interrupts need not wait for a target that hangs; the schedule sees that it is cancelled.
    let probed = options.cancel.run_until_cancelled(probe(target)).await;
    let mistake = match &probed {
        Some(Err(trouble)) if options.preflight => mistake_of(trouble, ServerRole::Org),
        _ => None,
    };
    let incomplete = if let Some(mistake) = mistake {
        Some(Incomplete::misconfigured(vec![mistake]))
    } else if let Some(Err(trouble)) = probed {
        report_skipped(&planned, sink);
        Some(report_unreachable(
            &planned,
            &trouble,
            &shared.redactor,
            sink,
        ))
    } else {
        let mistakes = Box::pin(mistakes(&planned, &shared, &catalogue, options)).await;
        if let Some(mistakes) = mistakes {
            Some(Incomplete::misconfigured(mistakes))
        } else {
            report_skipped(&planned, sink);
            let schedule = Schedule::new(shared, spare, options);
            schedule.all(planned, sink).await
        }
    };
    let is_whole = incomplete.is_none();
    for (result, varying) in watch.results(is_whole, &catalogue, deployment, &redactor) {
        report_case(result, varying, sink);
    }
    close(options, recorded, deployment, &redactor);
    sink.on_event(&RunEvent::CredentialsKnown { redactor });
    let what = target.left_behind().await;
    if !what.is_empty() {
        sink.on_event(&RunEvent::LeftBehind { what });
    }
    sink.on_event(&RunEvent::RunDone {
        incomplete: incomplete.or(not_entered),
        milliseconds: started.elapsed().as_secs_f64() * 1000.0,
    });
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
) -> Option<Vec<Misconfiguration>> {
    if !options.preflight {
        return None;
    }
    let deployment = shared.target.deployment();
    let shared = Shared {
        // What the preflight sees is seen again by the cases, and counted there.
        watch: Arc::new(Watch::new(&Arc::default(), catalogue, deployment)),
        evidence: false,
        tape: Tape::Off,
        ..shared.clone()
    };
    let checked = Box::pin(preflight::check(planned, &shared));
    let found = options.cancel.run_until_cancelled(checked).await;
    found.filter(|found| !found.is_empty())
}

/// "secret could not be tested: …".
fn describe_not_entered(of: ResourceType, lack: &Lack) -> String {
    let Lack { reason, cure, .. } = lack;
    format!("{} could not be tested: {reason}; {cure}", of.as_str())
}

/// Learns the credentials that are sent and received, in whatever case, before anything of it is recorded.
struct Learner(Redactor);

impl Listener for Learner {
    fn sends(&self, request: &RequestSpec) {
        self.0.learn_request(request);
    }

    fn received(&self, answer: &Response) {
        self.0.learn_response(answer);
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

fn know(redactor: &mut Redactor, deployment: &Deployment) {
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

fn report_unreachable(
    planned: &[PlannedScenario],
    trouble: &Trouble,
    redactor: &Redactor,
    sink: &mut dyn EventSink,
) -> Incomplete {
    let reason = redactor.stable_text(&format!("the target cannot be reached: {trouble}"));
    for one in all(planned).filter(|one| one.lack.is_none()) {
        let mut result = CaseResult::of(&one.case, Verdict::Error);
        result.reason = Some(reason.clone());
        result.blame = Some(Blame::Network);
        report_case(result, VaryingCase::default(), sink);
    }
    Incomplete::new(StopCause::TargetUnreachable, reason)
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
