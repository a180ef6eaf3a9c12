//! Which cases of the scenarios for agents a run is about.

use crate::cli::Trouble;
use crate::cli::select::{begins, glob};
use crate::scenario::agent::AgentLibrary;
use crate::scenario::agent::model::{AgentCase, AgentScenario};

/// Keeps what the filters name; all of it without filters. A case never stands alone: the undisturbed task stays with it, and so
/// does that of its resource type.
pub(super) fn select(library: AgentLibrary, filters: &[String]) -> Result<AgentLibrary, Trouble> {
    if filters.is_empty() {
        return Ok(library);
    }
    let named = |filter: &String, scenario: &AgentScenario| {
        let mut cases = std::iter::once(&scenario.base).chain(&scenario.cases);
        cases.any(|case| names(filter, scenario, case))
    };
    if let Some(filter) = filters.iter().find(|filter| {
        !library
            .scenarios
            .iter()
            .any(|scenario| named(filter, scenario))
    }) {
        let ids = library
            .scenarios
            .iter()
            .map(|scenario| scenario.id.as_str());
        return Err(Trouble::Unknown {
            name: filter.clone(),
            near: strict_yaml::did_you_mean(filter, ids).map(str::to_owned),
        });
    }
    let keep = |mut scenario: AgentScenario| {
        let wanted = |case: &AgentCase, scenario: &AgentScenario| {
            filters.iter().any(|filter| names(filter, scenario, case))
        };
        let base = wanted(&scenario.base, &scenario);
        let cases = std::mem::take(&mut scenario.cases);
        let kept: Vec<AgentCase> = cases
            .into_iter()
            .filter(|case| wanted(case, &scenario))
            .collect();
        let some = base || !kept.is_empty();
        scenario.cases = kept;
        some.then_some(scenario)
    };
    Ok(AgentLibrary {
        scenarios: library.scenarios.into_iter().filter_map(keep).collect(),
        rules: library.rules,
    })
}

/// The id under which a case is reported.
pub(super) fn id(scenario: &AgentScenario, case: &AgentCase) -> String {
    match &case.id {
        Some(own) => format!("{}/{own}", scenario.id),
        None => scenario.id.clone(),
    }
}

fn names(filter: &str, scenario: &AgentScenario, case: &AgentCase) -> bool {
    let filter = filter.trim_end_matches('/');
    let id = id(scenario, case);
    let mut cited = case
        .observe
        .iter()
        .flat_map(|one| &one.covers)
        .chain(&case.covers);
    if filter.contains('*') {
        return glob(filter, &id) || cited.any(|requirement| glob(filter, requirement.as_str()));
    }
    let task = case.task.map(|task| task.as_str());
    begins(&id, filter, '/')
        || task == Some(filter)
        || cited.any(|requirement| begins(requirement.as_str(), filter, '.'))
}
