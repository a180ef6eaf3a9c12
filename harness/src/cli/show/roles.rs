//! The roles of a scenario, explained: a reader need not know them by heart.

use std::collections::BTreeSet;

use crate::scenario::model::{Capability, UserRole, all_roles};
use crate::scenario::{Case, Scenario};

/// The roles of a case, with what each stands for.
pub(super) fn roles(
    scenario: &Scenario,
    case: Option<&Case>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let needs = scenario
        .needs
        .iter()
        .chain(case.iter().flat_map(|case| &case.needs));
    let named: BTreeSet<String> = needs
        .filter_map(|need| match need {
            Capability::Knows(name) => Some(name.split('.').next()?.to_owned()),
            Capability::UserSignIn => Some(UserRole::Ada.to_string()),
            _ => None,
        })
        .collect();
    all_roles().filter(move |(role, _)| named.contains(*role))
}
