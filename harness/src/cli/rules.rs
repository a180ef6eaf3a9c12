//! Rules that hold for every answer of a kind, for commands: which of them filters name.

use std::sync::Arc;

use strict_yaml::did_you_mean;

use super::Trouble;
use super::select::{begins, begins_any, glob, names_any, select};
use crate::scenario::Scenario;
use crate::scenario::model::{Invariants, Rule};

/// What filters leave.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) invariants: Arc<Invariants>,
}

/// Keeps what the filters name. Rules have no requests of their own: filters that name cases only leave all rules, which
/// are then held against the exchanges of those cases; filters that name rules only leave all cases.
pub(super) fn choose(
    scenarios: Vec<Scenario>,
    invariants: Arc<Invariants>,
    filters: &[String],
) -> Result<Chosen, Trouble> {
    let filters = &completed(&scenarios, &invariants, filters);
    let (of_rules, of_cases) = parted(&scenarios, &invariants, filters);
    if let Some(unknown) = filters
        .iter()
        .find(|filter| !of_rules.contains(filter) && !of_cases.contains(filter))
    {
        return Err(unknown_filter(unknown, scenarios, &invariants));
    }
    let invariants = if of_rules.is_empty() {
        invariants
    } else {
        Arc::new(kept(&invariants, |rule| {
            of_rules.iter().any(|filter| names(filter, rule))
        }))
    };
    Ok(Chosen {
        scenarios: select(scenarios, &of_cases)?,
        invariants,
    })
}

/// What the filters name by themselves: no rules where they name cases only, no cases where they name rules only.
pub(super) fn named(
    scenarios: Vec<Scenario>,
    invariants: &Arc<Invariants>,
    filters: &[String],
) -> Result<Chosen, Trouble> {
    let filters = &completed(&scenarios, invariants, filters);
    let (of_rules, of_cases) = parted(&scenarios, invariants, filters);
    let mut chosen = choose(scenarios, invariants.clone(), filters)?;
    if of_cases.is_empty() && !filters.is_empty() {
        chosen.scenarios = Vec::new();
    }
    if of_rules.is_empty() && !filters.is_empty() {
        chosen.invariants = Arc::default();
    }
    Ok(chosen)
}

/// The filters, with `*` behind those that name nothing but are the beginning of an id. A filter that names something
/// stands for that alone: `sign-in/refresh` is not `sign-in/refresh-ends`.
fn completed(scenarios: &[Scenario], invariants: &Invariants, filters: &[String]) -> Vec<String> {
    let rules = || invariants.rules.iter();
    let complete = |filter: &String| {
        let names_something = rules().any(|rule| names(filter, rule))
            || scenarios.iter().any(|one| names_any(filter, one));
        let begins_id = || {
            rules().any(|rule| rule.result_id().starts_with(filter.as_str()))
                || scenarios.iter().any(|one| begins_any(filter, one))
        };
        if names_something || filter.is_empty() || !begins_id() {
            filter.clone()
        } else {
            format!("{filter}*")
        }
    };
    filters.iter().map(complete).collect()
}

/// The rules of which something holds.
pub(super) fn kept(invariants: &Invariants, keep: impl Fn(&Rule) -> bool) -> Invariants {
    Invariants {
        rules: invariants
            .rules
            .iter()
            .filter(|rule| keep(rule))
            .cloned()
            .collect(),
        source: invariants.source.clone(),
    }
}

/// The filters that name a rule, and those that name a case.
fn parted(
    scenarios: &[Scenario],
    invariants: &Invariants,
    filters: &[String],
) -> (Vec<String>, Vec<String>) {
    let of_rules = filters
        .iter()
        .filter(|filter| invariants.rules.iter().any(|rule| names(filter, rule)));
    let of_cases = filters
        .iter()
        .filter(|filter| scenarios.iter().any(|one| names_any(filter, one)));
    (of_rules.cloned().collect(), of_cases.cloned().collect())
}

fn names(filter: &str, rule: &Rule) -> bool {
    let filter = filter.trim_end_matches('/');
    let id = rule.result_id();
    let cited = rule.cited();
    if filter.contains('*') {
        return glob(filter, &id) || cited.iter().any(|requirement| glob(filter, requirement));
    }
    begins(&id, filter, '/')
        || cited
            .iter()
            .any(|requirement| begins(requirement, filter, '.'))
}

fn unknown_filter(filter: &str, scenarios: Vec<Scenario>, invariants: &Invariants) -> Trouble {
    let ids: Vec<String> = invariants.rules.iter().map(Rule::result_id).collect();
    match select(scenarios, &[filter.to_owned()]) {
        Err(Trouble::Unknown { name, near }) => {
            let of_rules = did_you_mean(filter, ids.iter().map(String::as_str));
            let near = near.or_else(|| of_rules.map(str::to_owned));
            Trouble::Unknown { name, near }
        }
        Err(other) => other,
        Ok(_) => Trouble::Unknown {
            name: filter.to_owned(),
            near: None,
        },
    }
}
