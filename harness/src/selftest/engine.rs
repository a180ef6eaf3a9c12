//! Runs: once without defects, then once a defect, on as many orgs at once as there are.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::clean::{run_some, traced};
use super::control::{ControlError, Defect, list, rotate, switch};
use super::judge::{Clean, judge};
use super::matrix::{Fate, Row};
use super::promising::Promise;
use super::registry::Registry;
use super::subset::subset;
use super::trace::{Met, Trace};
use crate::requirement::Catalogue;
use crate::result::RunResult;
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, Invariants};
use crate::targets::Target;

/// What is run, and how.
#[derive(Debug, Clone)]
pub struct Input {
    /// The scenarios whose checks are tested.
    pub scenarios: Vec<Scenario>,
    /// Rules that every exchange is held against, in the clean run and under each defect.
    pub invariants: Arc<Invariants>,
    /// The requirements that they cite.
    pub catalogue: Catalogue,
    /// What defects break.
    pub registry: Registry,
    /// Edition of the guide to follow.
    pub edition: Edition,
    /// How many cases run at once on one org.
    pub jobs: usize,
    /// Which cases are run under a defect.
    pub choice: Choice,
    /// Cancelled from outside, it ends the selftest; defects that were not run are listed as not run.
    pub cancel: CancellationToken,
}

/// Which cases are run under a defect. Their twins always are.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Those that meet it in the clean run.
    Touched,
    /// All.
    Full,
    /// One a defect, as [`super::Catch::to_run`] names it; defects that are not named here are not run.
    Named(BTreeMap<String, String>),
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'e> {
    /// The clean run is over, and so many defects are to be run.
    Clean {
        /// Cases that ran.
        cases: usize,
        /// Defects to come.
        defects: usize,
    },
    /// A defect is judged.
    Judged(&'e Row),
}

/// Why there is no selftest.
#[derive(Debug, Error)]
pub enum SelftestError {
    /// Test control does not do its part.
    #[error("{0}")]
    Control(#[from] ControlError),
    /// Without a defect something already fails, or cannot be judged.
    #[error(
        "without any defect the run is not clean, so nothing it shows would be owed to a defect"
    )]
    NotClean(Box<RunResult>),
}

/// Every defect a target can have, ordered by id.
///
/// # Errors
/// Test control does not answer.
pub async fn defects(target: &Target) -> Result<Vec<Defect>, ControlError> {
    list(target).await
}

/// Judges these defects on orgs that are alike; the first one also has the clean run. Rows come in no order.
///
/// # Errors
/// There is no org, the first one has no test control, or its clean run is not clean.
pub async fn selftest(
    targets: &[Target],
    defects: Vec<Defect>,
    input: Input,
    report: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Vec<Row>, SelftestError> {
    let first = targets.first().ok_or(ControlError::Missing)?;
    let input = Arc::new(input);
    for target in targets {
        rotate(target).await?;
    }
    let (clean, trace, promise) = clean(first, &input).await?;
    let mut jobs: Vec<Job> = defects
        .into_iter()
        .filter_map(|defect| Job::new(defect, &trace, &promise, &input))
        .collect();
    // The long ones first, so that all orgs end at about the same time.
    jobs.sort_by(|a, b| {
        b.cases
            .len()
            .cmp(&a.cases.len())
            .then(a.defect.id.cmp(&b.defect.id))
    });
    report(Event::Clean {
        cases: clean.1,
        defects: jobs.len(),
    });
    let queue = Arc::new(Mutex::new(VecDeque::from(jobs)));
    let clean = Arc::new(clean.0);
    let (rows, mut judged) = unbounded_channel();
    let mut workers = JoinSet::new();
    for target in targets {
        let worker = Worker {
            target: target.clone(),
            input: input.clone(),
            clean: clean.clone(),
            queue: queue.clone(),
            rows: rows.clone(),
        };
        workers.spawn(worker.work());
    }
    drop(rows);
    let mut all = Vec::new();
    while let Some(row) = judged.recv().await {
        report(Event::Judged(&row));
        all.push(row);
    }
    workers.join_all().await;
    Ok(all)
}

/// The clean run: what every check says without a defect, how many cases ran, and which of them meet what.
async fn clean(
    target: &Target,
    input: &Input,
) -> Result<((Clean, usize), Trace, Promise), SelftestError> {
    let scenarios = match &input.choice {
        Choice::Touched | Choice::Full => input.scenarios.clone(),
        Choice::Named(cases) => {
            let ids = cases.values().map(String::as_str).collect();
            subset(&input.scenarios, &ids)
        }
    };
    let (result, trace) = traced(target, scenarios, input).await?;
    let deployment = target.deployment();
    let clean = Clean::new(&result, deployment, &input.scenarios, &input.catalogue);
    let promise = Promise::new(&result, &input.scenarios);
    Ok(((clean, result.varying.cases.len()), trace, promise))
}

/// A defect and the cases to run under it.
struct Job {
    defect: Defect,
    met: Met,
    /// All cases that are to be run under it.
    cases: BTreeSet<String>,
    /// Those of them that are run before the others, which are run only where these do not catch it.
    first: BTreeSet<String>,
}

impl Job {
    fn new(defect: Defect, trace: &Trace, promise: &Promise, input: &Input) -> Option<Self> {
        let met = trace.touched(&defect);
        let cases: BTreeSet<String> = match &input.choice {
            Choice::Touched => met.keys().cloned().collect(),
            Choice::Full => all(&input.scenarios),
            Choice::Named(cases) => BTreeSet::from([cases.get(&defect.id)?.clone()]),
        };
        let first = match &input.choice {
            Choice::Touched => promise.first(&met, input.registry.breaks(&defect.id)),
            Choice::Full | Choice::Named(_) => cases.clone(),
        };
        Some(Self {
            defect,
            met,
            cases,
            first,
        })
    }
}

pub(super) fn all(scenarios: &[Scenario]) -> BTreeSet<String> {
    let ids = scenarios.iter().flat_map(|scenario| {
        let cases = scenario.cases.iter();
        let cases = cases.map(|case| format!("{}/{}", scenario.id, case.id));
        cases.chain([scenario.id.clone()])
    });
    ids.collect()
}

/// One org, which has one defect at a time.
struct Worker {
    target: Target,
    input: Arc<Input>,
    clean: Arc<Clean>,
    queue: Arc<Mutex<VecDeque<Job>>>,
    rows: UnboundedSender<Row>,
}

impl Worker {
    async fn work(self) {
        while let Some(job) = self.next() {
            let judged = if self.input.cancel.is_cancelled() {
                Err("interrupted".to_owned())
            } else {
                self.under(&job).await
            };
            // Nobody listens any more when the selftest is dropped.
            let _ = self
                .rows
                .send(judged.unwrap_or_else(|why| not_run(&job, why)));
        }
        // Whoever uses the org next finds it as it was.
        let _ = switch(&self.target, None).await;
        let _ = self.target.reset().await;
        self.target.forget_keys().await;
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pop_front()
    }

    /// Runs what can notice a defect while it is on: first a few cases, then all that meet it.
    async fn under(&self, job: &Job) -> Result<Row, String> {
        let row = self.noticed(job, &job.first).await?;
        if row.fate == Fate::Caught || job.first.len() == job.cases.len() {
            return Ok(row);
        }
        self.noticed(job, &job.cases).await
    }

    /// Runs some cases under a defect. What a case notices only because of what others did meanwhile is luck, so the case
    /// that noticed is tried again alone, with its twin.
    async fn noticed(&self, job: &Job, cases: &BTreeSet<String>) -> Result<Row, String> {
        let ids = cases.iter().map(String::as_str).collect();
        let mut result = self.run(job, &ids).await?;
        loop {
            let row = self.judge(job, &result);
            let Some(catch) = row.catch.as_ref().filter(|_| ids.len() > 1) else {
                return Ok(row);
            };
            let alone = self.run(job, &BTreeSet::from([catch.to_run()])).await?;
            if self.judge(job, &alone).fate == row.fate {
                return Ok(row);
            }
            result.results.retain(|case| case.id != catch.case);
        }
    }

    fn judge(&self, job: &Job, result: &RunResult) -> Row {
        let registry = &self.input.registry;
        judge(&job.defect, &job.met, &self.clean, result, registry)
    }

    /// Runs some cases and their twins under a defect, on an org as it was at the start.
    async fn run(&self, job: &Job, ids: &BTreeSet<&str>) -> Result<RunResult, String> {
        let Self { target, input, .. } = self;
        let scenarios = subset(&input.scenarios, ids);
        target.reset().await?;
        target.forget_keys().await;
        let on = switch(target, Some(&job.defect.id)).await;
        on.map_err(|error| error.to_string())?;
        // Only verdicts count here: to redact what was sent would take a fifth of the time.
        let result = run_some(target, scenarios, input, false).await?;
        match result.incomplete {
            Some(incomplete) => Err(incomplete.reason),
            None => Ok(result),
        }
    }
}

fn not_run(job: &Job, why: String) -> Row {
    Row {
        reason: Some(why),
        ..Row::new(&job.defect.id, &job.defect.summary, Fate::NotRun)
    }
}
