//! A run from its announcement to its end: the undisturbed task of each resource type first, then everything else beside it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use strict_yaml::Problems;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::case::{CaseTrouble, Conducted, conduct};
use super::cases::{
    Planned, check_setups, is_whole_flow, not_applicable, plan, skipped, task_of, unjudged,
};
use super::plan::AgentOptions;
use super::rules::Rules;
use super::settings::Settings;
use super::verdict;
use crate::requirement::Catalogue;
use crate::result::{
    CaseResult, EventSink, Incomplete, PlannedCase, ResourceType, RunEvent, StopCause, TargetInfo,
    TargetKind, Trace, VaryingCase, Verdict,
};
use crate::scenario::agent::AgentLibrary;

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
    let rules = Rules::new(&library.rules);
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
    // The undisturbed tasks: where one does not reach its purpose, nothing else can be said of it.
    let (mut first, rest): (Vec<_>, Vec<_>) =
        planned.into_iter().partition(|group| is_whole_flow(group));
    first.sort_by_key(|group| group.first().map(|one| one.task));
    let mut stage = Stage::new(shared.clone());
    stage.run(first, sink).await?;
    let tasks = std::mem::take(&mut stage.tasks);
    if !stage.is_over() {
        let rest = rest.into_iter().map(|group| retargeted(group, &tasks));
        stage.blocked = tasks.clone();
        stage.run(rest.collect(), sink).await?;
    }
    let incomplete = stage.incomplete();
    let results = shared
        .rules
        .results(incomplete.is_none(), &shared.catalogue, &options.profiles);
    for (result, varying) in results {
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

/// Groups that are run beside each other.
struct Stage {
    shared: Arc<Shared>,
    /// Tasks that do not reach their purpose, from an earlier stage.
    blocked: BTreeMap<ResourceType, Reached>,
    /// What the groups of this stage found.
    tasks: BTreeMap<ResourceType, Reached>,
    failed: bool,
}

impl Stage {
    fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            blocked: BTreeMap::new(),
            tasks: BTreeMap::new(),
            failed: false,
        }
    }

    /// Whether nothing more is to be run.
    fn is_over(&self) -> bool {
        let options = &self.shared.options;
        options.cancel.is_cancelled() || (self.failed && options.fail_fast)
    }

    fn incomplete(&self) -> Option<Incomplete> {
        let options = &self.shared.options;
        if options.cancel.is_cancelled() {
            return Some(Incomplete::new(
                StopCause::Interrupted,
                "the run was interrupted",
            ));
        }
        let is_fail_fast = self.failed && options.fail_fast;
        is_fail_fast.then(|| Incomplete::new(StopCause::FailFast, "stopped at the first failure"))
    }

    async fn run(
        &mut self,
        groups: Vec<Vec<Planned>>,
        sink: &mut dyn EventSink,
    ) -> Result<(), AgentStop> {
        let mut running = JoinSet::new();
        let (sender, mut receiver) = mpsc::unbounded_channel();
        for group in groups {
            let blocked = self.blocked.get(&task_of(&group));
            let blocked = blocked.and_then(|one| one.blocked.clone());
            running.spawn(run_group(
                self.shared.clone(),
                group,
                blocked,
                sender.clone(),
            ));
        }
        drop(sender);
        let cancel = self.shared.options.cancel.clone();
        let mut stop = None;
        while let Some(Some(message)) = cancel.run_until_cancelled(receiver.recv()).await {
            match message {
                Message::Started(id) => sink.on_event(&RunEvent::CaseStarted { id }),
                Message::Done(result, varying) => {
                    self.failed |= matches!(result.verdict, Verdict::Failed | Verdict::Error);
                    sink.on_event(&RunEvent::CaseDone { result, varying });
                }
                Message::Stop(why) => stop = Some(why),
            }
            if stop.is_some() || self.is_over() {
                break;
            }
        }
        if stop.is_some() || self.is_over() {
            running.abort_all();
        }
        while let Some(ended) = running.join_next().await {
            if let Ok((task, reached)) = ended {
                self.tasks.insert(task, reached);
            }
        }
        stop.map_or(Ok(()), Err)
    }
}

/// Whether an undisturbed task reached its purpose.
#[derive(Debug, Clone, Default)]
struct Reached {
    /// What its case did, where it did not.
    blocked: Option<Blocked>,
}

/// What keeps a task from its purpose.
#[derive(Debug, Clone)]
struct Blocked {
    trace: Trace,
    /// In words, where no check says it.
    reason: Option<String>,
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

/// Runs the base of a scenario, then its cases. What comes back is whether the base reached its purpose. `blocked` is what the
/// whole flow of the task did, where that did not.
async fn run_group(
    shared: Arc<Shared>,
    group: Vec<Planned>,
    blocked: Option<Blocked>,
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
    if let Some(blocked) = blocked {
        let why = blocked.reason.unwrap_or(why);
        for case in std::iter::once(base).chain(group) {
            send(unjudged(&case.announced, &why), behind(&blocked.trace));
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
    let blocked = (!has_reached).then(|| Blocked {
        trace: done.varying.trace.clone(),
        reason: (done.result.findings.is_empty())
            .then(|| done.result.reason.clone())
            .flatten(),
    });
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
