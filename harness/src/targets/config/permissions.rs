//! The keys `owned`, `environment`, `allow` and `id_jag_budget`: whose a target is, and what a run may do there.

use std::collections::BTreeSet;

use strict_yaml::{FromNode, MapReader, Node, Problem, Problems};

use crate::scenario::model::StateChange;
use crate::targets::{Environment, Permissions};

/// Reads the keys of a target file.
pub(super) fn read(file: &mut MapReader<'_, '_>) -> Permissions {
    let owned = file.optional_bool("owned");
    let environment = file.optional_one_of("environment", &Environment::ALL);
    let allow = file
        .node("allow")
        .and_then(|node| changes(node, file.problems()));
    let budget = file
        .node("id_jag_budget")
        .and_then(|node| budget(node, file.problems()));
    Permissions {
        owned: owned.is_some_and(|owned| owned.value),
        environment: environment.map(|environment| environment.value),
        allow: allow.unwrap_or_default(),
        id_jag_budget: budget,
    }
}

/// A list of changes; each once.
fn changes(node: &Node, problems: &mut Problems) -> Option<BTreeSet<StateChange>> {
    let names: Vec<Node> = FromNode::from_node(node, problems)?;
    let mut allowed = BTreeSet::new();
    for name in &names {
        let Some(change) = name.one_of(StateChange::ALL, problems) else {
            continue;
        };
        if !allowed.insert(change) {
            let message = format!("`{change}` is named twice");
            problems.push(Problem::new(name.place, message));
        }
    }
    Some(allowed)
}

fn budget(node: &Node, problems: &mut Problems) -> Option<usize> {
    let budget: u64 = FromNode::from_node(node, problems)?;
    usize::try_from(budget).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;

    fn with(keys: &str) -> Result<Permissions, String> {
        let file = format!("{}{keys}", sample::file("http://127.0.0.1:7070"));
        let read = sample::parse(&file).map(|deployment| deployment.permissions);
        read.map_err(|problems| problems.to_string())
    }

    #[test]
    fn a_file_says_whose_it_is_and_what_may_happen() {
        assert_eq!(with("").unwrap(), Permissions::default());
        let all =
            "owned: true\nenvironment: test\nallow: [logout, wrong-password]\nid_jag_budget: 40\n";
        assert_eq!(
            with(all).unwrap(),
            Permissions {
                owned: true,
                environment: Some(Environment::Test),
                allow: BTreeSet::from([StateChange::Logout, StateChange::WrongPassword]),
                id_jag_budget: Some(40),
            }
        );
    }

    #[test]
    fn mistakes_are_shown_where_they_stand() {
        for (keys, said) in [
            ("allow: [logot]\n", "logout"),
            ("allow: [logout, logout]\n", "`logout` is named twice"),
            ("allow: logout\n", "list"),
            ("environment: prod\n", "production"),
            ("owned: please\n", "true or false"),
            ("id_jag_budget: -1\n", "id_jag_budget: -1"),
        ] {
            let problems = with(keys).unwrap_err();
            assert!(problems.contains(said), "{keys}{problems}");
        }
    }
}
