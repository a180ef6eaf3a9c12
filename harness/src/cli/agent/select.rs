//! Which cases of the scenarios for agents a run is about.

use crate::baseline::Known;
use crate::cli::Trouble;
use crate::cli::load::Library;
use crate::cli::select::{begins, glob};
use crate::requirement::ResourceType;
use crate::result::INVARIANTS;
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
    let names_rule = |filter: &String| {
        let mut rules = library.rules.rules.iter();
        rules.any(|rule| *filter == format!("{INVARIANTS}/{}", rule.observe.id))
    };
    let of_rules = filters.iter().any(names_rule);
    let names_case = |filter: &String| {
        let mut scenarios = library.scenarios.iter();
        scenarios.any(|scenario| named(filter, scenario))
    };
    if let Some(filter) = filters
        .iter()
        .find(|filter| !names_case(filter) && !names_rule(filter))
    {
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
        // A rule is judged in every case; the whole flows show it.
        let is_flow = scenario.id.matches('/').count() == 1 && scenario.base.task.is_some();
        let base = wanted(&scenario.base, &scenario) || (of_rules && is_flow);
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

/// The names a baseline may use: all there are, whatever a run is about.
pub(super) fn known(agents: &AgentLibrary, library: &Library) -> Known {
    let cases = agents.scenarios.iter().flat_map(|scenario| {
        let cases = std::iter::once(&scenario.base).chain(&scenario.cases);
        cases.map(|case| id(scenario, case))
    });
    let rules = agents.rules.rules.iter();
    Known {
        cases: cases
            .chain(rules.map(|rule| format!("{INVARIANTS}/{}", rule.observe.id)))
            .collect(),
        requirements: library.known().requirements,
    }
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
    let task = case.task.map(ResourceType::as_str);
    begins(&id, filter, '/')
        || task == Some(filter)
        || cited.any(|requirement| begins(requirement.as_str(), filter, '.'))
}
