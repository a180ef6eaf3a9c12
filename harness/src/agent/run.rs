//! A run from its announcement to its end: the undisturbed task of each resource type first, then everything else beside it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Map, Value};
use strict_yaml::{Problem, Problems};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::case::{CaseTrouble, Conducted, conduct};
use super::judge;
use super::plan::{AgentOptions, SignIn};
use super::settings::Settings;
use super::verdict::{self, Rules};
use crate::requirement::Catalogue;
use crate::result::{
    CaseResult, EventSink, Incomplete, PlannedCase, ResourceType, RunEvent, SourceLine, StopCause,
    TargetInfo, TargetKind, Trace, VaryingCase, Verdict,
};
use crate::scenario::agent::AgentLibrary;
use crate::scenario::agent::model::{AgentCase, AgentScenario, Need};
use crate::targets::AgentOrg;

/// What keeps a run from beginning, or from going on.
#[derive(Debug, thiserror::Error)]
pub enum AgentStop {
    /// The command cannot be started.
    #[error("{0}")]
    Command(String),
    /// Scenarios that ask the mock for what it does not know.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Scenarios(Vec<Problems>),
    /// The kit itself: its org, its files.
    #[error("{0}")]
    Kit(String),
}

/// The settings of an example: what an agent would get for its first task.
pub async fn example(options: &AgentOptions) -> Result<Settings, AgentStop> {
    let task = options
        .tasks()
        .first()
        .copied()
        .unwrap_or(ResourceType::None);
    let settings = super::case::example(task, options).await;
    settings.map_err(|trouble| AgentStop::Kit(trouble.to_string()))
}

/// A case and what it belongs to.
#[derive(Clone)]
struct Planned {
    scenario: Arc<AgentScenario>,
    /// Position among the cases; `None` for the base.
    index: Option<usize>,
    announced: PlannedCase,
    task: ResourceType,
    /// Why it is skipped, and what to do about it.
    lack: Option<(String, String)>,
}

impl Planned {
    fn case(&self) -> &AgentCase {
        match self.index {
            Some(index) => &self.scenario.cases[index],
            None => &self.scenario.base,
        }
    }
}

/// What an undisturbed task showed.
struct Base {
    conducted: Conducted,
    result: CaseResult,
    varying: VaryingCase,
}

/// What all tasks of a run share.
struct Shared {
    options: AgentOptions,
    catalogue: Catalogue,
    rules: Rules,
    permits: Semaphore,
}

/// What a task reports.
enum Message {
    Started(String),
    Done(Box<CaseResult>, Box<VaryingCase>),
    Stop(AgentStop),
}

/// Judges an agent and reports everything that happens to `sink`.
pub async fn run(
    library: &AgentLibrary,
    catalogue: &Catalogue,
    options: &AgentOptions,
    name: &str,
    sink: &mut dyn EventSink,
) -> Result<(), AgentStop> {
    let started = Instant::now();
    let catalogue = catalogue.clone().under(&options.profiles);
    check_setups(library)?;
    let planned = plan(library, options);
    let rules = Rules::new(&library.rules, &catalogue);
    let mut cases: Vec<PlannedCase> = planned
        .iter()
        .flatten()
        .map(|one| one.announced.clone())
        .collect();
    cases.extend(rules.announced());
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    sink.on_event(&RunEvent::RunStarted {
        target: TargetInfo {
            name: name.to_owned(),
            kind: TargetKind::Agent,
            profiles: options.profiles.iter().collect(),
        },
        edition: options.edition.to_string(),
        org_issuer: String::new(),
        spare_issuer: None,
        started_at: Timestamp::now().to_string(),
        cases,
    });
    let shared = Arc::new(Shared {
        permits: Semaphore::new(options.jobs.max(1)),
        options: options.clone(),
        catalogue,
        rules,
    });
    let mut stop = None;
    let mut failed = false;
    // The undisturbed tasks: where one does not reach its purpose, nothing else can be said of it.
    let (mut first, rest): (Vec<_>, Vec<_>) =
        planned.into_iter().partition(|group| is_whole_flow(group));
    first.sort_by_key(|group| group.first().map(|one| one.task));
    let mut tasks: BTreeMap<ResourceType, Reached> = BTreeMap::new();
    for (groups, is_first) in [(first, true), (rest, false)] {
        let mut running = JoinSet::new();
        let (sender, mut receiver) = mpsc::unbounded_channel();
        for group in groups {
            let group = if is_first {
                group
            } else {
                retargeted(group, &tasks)
            };
            let blocked = tasks
                .get(&task_of(&group))
                .and_then(|one| one.blocked.clone());
            running.spawn(run_group(shared.clone(), group, blocked, sender.clone()));
        }
        drop(sender);
        loop {
            let message = options.cancel.run_until_cancelled(receiver.recv()).await;
            let Some(Some(message)) = message else { break };
            match message {
                Message::Started(id) => sink.on_event(&RunEvent::CaseStarted { id }),
                Message::Done(result, varying) => {
                    failed |= matches!(result.verdict, Verdict::Failed | Verdict::Error);
                    sink.on_event(&RunEvent::CaseDone { result, varying });
                }
                Message::Stop(why) => stop = Some(why),
            }
            if stop.is_some() || (failed && options.fail_fast) {
                break;
            }
        }
        let is_over =
            stop.is_some() || options.cancel.is_cancelled() || (failed && options.fail_fast);
        if is_over {
            running.abort_all();
        }
        while let Some(ended) = running.join_next().await {
            if let Ok((task, reached)) = ended
                && is_first
            {
                tasks.insert(task, reached);
            }
        }
        if is_over {
            break;
        }
    }
    if let Some(stop) = stop {
        return Err(stop);
    }
    let incomplete = if options.cancel.is_cancelled() {
        Some(Incomplete::new(
            StopCause::Interrupted,
            "the run was interrupted",
        ))
    } else if failed && options.fail_fast {
        Some(Incomplete::new(
            StopCause::FailFast,
            "stopped at the first failure",
        ))
    } else {
        None
    };
    for (result, varying) in
        shared
            .rules
            .results(incomplete.is_none(), &shared.catalogue, &options.profiles)
    {
        sink.on_event(&RunEvent::CaseDone {
            result: Box::new(result),
            varying: Box::new(varying),
        });
    }
    sink.on_event(&RunEvent::RunDone {
        incomplete,
        milliseconds: started.elapsed().as_secs_f64() * 1000.0,
    });
    Ok(())
}

/// Whether an undisturbed task reached its purpose.
#[derive(Debug, Clone, Default)]
struct Reached {
    /// What its case did, where it did not.
    blocked: Option<Trace>,
}

/// Where any task will do and the first one does not work, one that works.
fn retargeted(mut group: Vec<Planned>, tasks: &BTreeMap<ResourceType, Reached>) -> Vec<Planned> {
    let works = |task: ResourceType| tasks.get(&task).is_some_and(|one| one.blocked.is_none());
    let is_for_any = group.first().is_some_and(|base| base.case().task.is_none());
    if is_for_any && !works(task_of(&group)) {
        let working = tasks.keys().find(|task| works(**task)).copied();
        for one in &mut group {
            one.task = working.unwrap_or(one.task);
        }
    }
    group
}

/// Every mistake in what scenarios say of the mock, before anything is run.
fn check_setups(library: &AgentLibrary) -> Result<(), AgentStop> {
    let mut failures = Vec::new();
    for scenario in &library.scenarios {
        let source = &scenario.source;
        let mut problems = Problems::new(source.name.as_str(), source.text.clone());
        for case in std::iter::once(&scenario.base).chain(&scenario.cases) {
            let setup = &case.setup;
            let faults = setup.faults.iter().map(|fault| match fault.to_json() {
                Value::Object(fault) => fault,
                _ => Map::new(),
            });
            let faults: Vec<_> = faults.collect();
            let unknown =
                AgentOrg::unknown(&setup.defects, &setup.variations, &setup.switches, &faults);
            if let Some(unknown) = unknown {
                problems.push(Problem::new(case.place, unknown));
            }
        }
        if !problems.is_empty() {
            failures.push(problems);
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(AgentStop::Scenarios(failures))
    }
}

fn task_of(group: &[Planned]) -> ResourceType {
    group.first().map_or(ResourceType::None, |one| one.task)
}

/// `agent/secret` is the whole flow of its resource type.
fn is_whole_flow(group: &[Planned]) -> bool {
    let first = group.first();
    first.is_some_and(|one| one.scenario.id.strip_prefix("agent/") == Some(one.task.as_str()))
}

/// Every scenario with its cases: which run, and why others do not.
fn plan(library: &AgentLibrary, options: &AgentOptions) -> Vec<Vec<Planned>> {
    let tasks = options.tasks();
    let scenarios = library
        .scenarios
        .iter()
        .map(|scenario| Arc::new(scenario.clone()));
    scenarios
        .map(|scenario| {
            let cases = std::iter::once(None).chain((0..scenario.cases.len()).map(Some));
            cases
                .map(|index| planned(&scenario, index, &tasks, options))
                .collect()
        })
        .collect()
}

fn planned(
    scenario: &Arc<AgentScenario>,
    index: Option<usize>,
    tasks: &[ResourceType],
    options: &AgentOptions,
) -> Planned {
    let case = index.map_or(&scenario.base, |index| &scenario.cases[index]);
    let first = tasks.first().copied().unwrap_or(ResourceType::None);
    let id = match &case.id {
        Some(own) => format!("{}/{own}", scenario.id),
        None => scenario.id.clone(),
    };
    let mut covers: Vec<String> = case
        .observe
        .iter()
        .flat_map(|one| &one.covers)
        .chain(&case.covers)
        .map(ToString::to_string)
        .collect();
    covers.sort();
    covers.dedup();
    Planned {
        announced: PlannedCase {
            id,
            scenario: scenario.id.clone(),
            title: case.title.clone(),
            resource_type: case.task.unwrap_or(ResourceType::None),
            covers,
            source: SourceLine::new(&scenario.source.name, case.place.line),
            change: None,
        },
        index,
        task: case.task.unwrap_or(first),
        lack: lack(case, tasks, options),
        scenario: scenario.clone(),
    }
}

/// Why a case cannot be run with this agent as it is run here.
fn lack(
    case: &AgentCase,
    tasks: &[ResourceType],
    options: &AgentOptions,
) -> Option<(String, String)> {
    if let Some(task) = case.task.filter(|task| !tasks.contains(task)) {
        return Some((
            format!("the agent does not support {} (--only)", task.as_str()),
            format!("add {} to --only", task.as_str()),
        ));
    }
    if let Some(client) = case
        .setup
        .client
        .filter(|client| !options.clients.contains(client))
    {
        let word = client.as_str();
        return Some((
            format!("the agent is no client with {word} (--client-auth)"),
            format!("if it can be one, add {word} to --client-auth"),
        ));
    }
    if let Some(profile) = case
        .profile
        .filter(|profile| !options.profiles.has(*profile))
    {
        return Some((
            format!("it holds under profile {profile} only"),
            format!("judge by it: --profile {profile}"),
        ));
    }
    if !case.editions.is_empty() && !case.editions.contains(&options.edition) {
        let editions: Vec<_> = case.editions.iter().map(ToString::to_string).collect();
        let editions = editions.join(", ");
        return Some((
            format!("it belongs to edition {editions}"),
            format!("run it with --edition {editions}"),
        ));
    }
    let needs = |need: &Need| match need {
        Need::SignIn => (!options.sign_in.is_by_agent()).then_some((
            "the ID token is handed over, so the agent signs nobody in",
            "let the agent sign the user in: --sign-in browser",
        )),
        Need::Browser => (!options.sign_in.has_browser()).then_some((
            "no page is shown to the user",
            "let the agent open a browser: --sign-in browser",
        )),
        Need::Tls => (!options.tls).then_some(("the org speaks http", "let it speak https: --tls")),
        Need::GivenIdToken => (options.sign_in != SignIn::Given).then_some((
            "the agent signs the user in itself",
            "hand the ID token over: --sign-in given",
        )),
    };
    let of_setup = case.setup.client.is_some() && options.command.is_none();
    let of_setup = of_setup.then_some((
        "an agent that runs already is always the same client",
        "let atx start the agent",
    ));
    let missing = case.needs.iter().find_map(needs).or(of_setup)?;
    Some((missing.0.to_owned(), missing.1.to_owned()))
}

/// Runs the base of a scenario, then its cases. What comes back is whether the base reached its purpose. `blocked` is what the
/// whole flow of the task did, where that did not.
async fn run_group(
    shared: Arc<Shared>,
    group: Vec<Planned>,
    blocked: Option<Trace>,
    sender: mpsc::UnboundedSender<Message>,
) -> (ResourceType, Reached) {
    let task = task_of(&group);
    let send = |result: CaseResult, varying: VaryingCase| {
        // Nobody listens any more once the run was broken off.
        drop(sender.send(Message::Done(Box::new(result), Box::new(varying))));
    };
    let mut group = group.into_iter();
    let Some(base) = group.next() else {
        return (task, Reached::default());
    };
    if let Some((reason, cure)) = &base.lack {
        send(
            skipped(&base.announced, reason, cure),
            VaryingCase::default(),
        );
        for case in group {
            send(
                skipped(&case.announced, reason, cure),
                VaryingCase::default(),
            );
        }
        return (task, Reached::default());
    }
    let why = format!(
        "the undisturbed task (agent/{}) does not reach its purpose",
        task.as_str()
    );
    let behind = |trace: &Trace| VaryingCase {
        trace: trace.clone(),
        ..VaryingCase::default()
    };
    if let Some(trace) = blocked {
        for case in std::iter::once(base).chain(group) {
            send(unjudged(&case.announced, &why), behind(&trace));
        }
        return (task, Reached::default());
    }
    let done = match run_one(&shared, &base, &sender).await {
        Ok(done) => done,
        Err(stop) => {
            drop(sender.send(Message::Stop(stop)));
            return (task, Reached::default());
        }
    };
    send(done.result.clone(), done.varying.clone());
    let has_reached = done.conducted.reached_purpose();
    let done = Arc::new(done);
    let mut cases = JoinSet::new();
    for case in group {
        if let Some((reason, cure)) = &case.lack {
            send(
                skipped(&case.announced, reason, cure),
                VaryingCase::default(),
            );
            continue;
        }
        if !has_reached {
            let why = format!(
                "the undisturbed task ({}) does not reach its purpose",
                base.announced.id
            );
            send(unjudged(&case.announced, &why), behind(&done.varying.trace));
            continue;
        }
        if let Some(why) = not_applicable(case.case(), &done.conducted) {
            let mut result = CaseResult::of(&case.announced, Verdict::NotApplicable);
            result.reason = Some(why.to_owned());
            send(result, VaryingCase::default());
            continue;
        }
        let (shared, sender) = (shared.clone(), sender.clone());
        cases.spawn(async move {
            let message = match run_one(&shared, &case, &sender).await {
                Ok(done) => Message::Done(Box::new(done.result), Box::new(done.varying)),
                Err(stop) => Message::Stop(stop),
            };
            drop(sender.send(message));
        });
    }
    while cases.join_next().await.is_some() {}
    let blocked = (!has_reached).then(|| done.varying.trace.clone());
    (task, Reached { blocked })
}

async fn run_one(
    shared: &Shared,
    planned: &Planned,
    sender: &mpsc::UnboundedSender<Message>,
) -> Result<Base, AgentStop> {
    // Nobody closes the semaphore.
    let _permit = shared.permits.acquire().await.ok();
    drop(sender.send(Message::Started(planned.announced.id.clone())));
    let started = Instant::now();
    let conducted = conduct(planned.case(), planned.task, &shared.options).await;
    let conducted = conducted.map_err(|trouble| match trouble {
        CaseTrouble::Command { .. } => AgentStop::Command(trouble.to_string()),
        other => AgentStop::Kit(format!("{}: {other}", planned.announced.id)),
    })?;
    let (result, varying) = verdict::of(&verdict::Judging {
        planned: &planned.announced,
        case: planned.case(),
        is_base: planned.index.is_none(),
        file: &planned.scenario.source.name,
        conducted: &conducted,
        catalogue: &shared.catalogue,
        profiles: &shared.options.profiles,
        rules: &shared.rules,
        milliseconds: started.elapsed().as_secs_f64() * 1000.0,
    });
    Ok(Base {
        conducted,
        result,
        varying,
    })
}

/// Why a case says nothing of this agent, by what it does undisturbed.
fn not_applicable(case: &AgentCase, undisturbed: &Conducted) -> Option<&'static str> {
    let evidence = undisturbed.evidence();
    let shows = |selector| judge::any(selector, &evidence);
    if !case.applies_if.iter().all(shows) || case.unless.iter().any(shows) {
        return Some("undisturbed, the agent makes no request that this is about");
    }
    let touched = &undisturbed.touched_by;
    let is_met = case
        .touched_by
        .as_ref()
        .is_none_or(|id| touched.contains(id));
    (!is_met).then_some("undisturbed, the agent gets no answer that this changes")
}

fn skipped(planned: &PlannedCase, reason: &str, cure: &str) -> CaseResult {
    let mut result = CaseResult::of(planned, Verdict::Skipped);
    result.reason = Some(reason.to_owned());
    result.cure = Some(cure.to_owned());
    result
}

fn unjudged(planned: &PlannedCase, reason: &str) -> CaseResult {
    let mut result = CaseResult::of(planned, Verdict::Error);
    result.reason = Some(reason.to_owned());
    result.blame = Some(crate::result::Blame::Agent);
    result
}
