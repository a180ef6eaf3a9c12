//! The cases of a run: which there are, which of them are run, and why the others are not.

use std::sync::Arc;

use serde_json::{Map, Value};
use strict_yaml::{Problem, Problems};

use super::case::Conducted;
use super::judge;
use super::plan::{AgentOptions, SignIn};
use super::run::AgentStop;
use crate::result::{Blame, CaseResult, PlannedCase, ResourceType, SourceLine, Verdict};
use crate::scenario::agent::AgentLibrary;
use crate::scenario::agent::model::{AgentCase, AgentScenario, Need};
use crate::targets::AgentOrg;

/// A case and what it belongs to.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) scenario: Arc<AgentScenario>,
    /// Position among the cases; `None` for the base.
    pub(super) index: Option<usize>,
    pub(super) announced: PlannedCase,
    pub(super) task: ResourceType,
    /// Why it is skipped, and what to do about it.
    pub(super) lack: Option<(String, String)>,
}

impl Planned {
    pub(super) fn case(&self) -> &AgentCase {
        match self.index {
            Some(index) => &self.scenario.cases[index],
            None => &self.scenario.base,
        }
    }
}

/// Every mistake in what scenarios say of the mock, before anything is run.
pub(super) fn check_setups(library: &AgentLibrary) -> Result<(), AgentStop> {
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

pub(super) fn task_of(group: &[Planned]) -> ResourceType {
    group.first().map_or(ResourceType::None, |one| one.task)
}

/// `agent/secret` is the whole flow of its resource type.
pub(super) fn is_whole_flow(group: &[Planned]) -> bool {
    let first = group.first();
    first.is_some_and(|one| one.scenario.id.strip_prefix("agent/") == Some(one.task.as_str()))
}

/// Every scenario with its cases: which run, and why others do not.
pub(super) fn plan(library: &AgentLibrary, options: &AgentOptions) -> Vec<Vec<Planned>> {
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

/// Why a case says nothing of this agent, by what it does undisturbed.
pub(super) fn not_applicable(case: &AgentCase, undisturbed: &Conducted) -> Option<&'static str> {
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

pub(super) fn skipped(planned: &PlannedCase, reason: &str, cure: &str) -> CaseResult {
    let mut result = CaseResult::of(planned, Verdict::Skipped);
    result.reason = Some(reason.to_owned());
    result.cure = Some(cure.to_owned());
    result
}

pub(super) fn unjudged(planned: &PlannedCase, reason: &str) -> CaseResult {
    let mut result = CaseResult::of(planned, Verdict::Error);
    result.reason = Some(reason.to_owned());
    result.blame = Some(Blame::Agent);
    result
}
