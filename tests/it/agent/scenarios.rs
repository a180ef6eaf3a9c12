//! The scenarios for agents and the registry of changes, as files.

use std::collections::BTreeSet;

use conformance_tests::repo;
use harness::requirement::{Catalogue, Excluded, Role};
use mock_okta::{Defect, FaultKind, Variation};

use super::library;

/// Requirements that a case or a rule for agents cites.
fn cited() -> BTreeSet<String> {
    let library = library();
    let cases = library.scenarios.iter().flat_map(|scenario| {
        let cases = std::iter::once(&scenario.base).chain(&scenario.cases);
        cases.flat_map(|case| {
            case.covers
                .iter()
                .chain(case.observe.iter().flat_map(|one| &one.covers))
        })
    });
    let rules = library
        .rules
        .rules
        .iter()
        .flat_map(|rule| &rule.observe.covers);
    cases.chain(rules).map(ToString::to_string).collect()
}

#[test]
fn every_requirement_of_a_client_is_tested_or_left_out_for_a_reason() {
    let cited = cited();
    let excluded = Excluded::embedded();
    let mut open = Vec::new();
    for requirement in Catalogue::embedded() {
        if requirement.role != Role::Client {
            continue;
        }
        let id = requirement.id.as_str();
        let reason = excluded.reason(id);
        let is_for_agents =
            reason.is_some_and(|reason| reason.starts_with("It asks something of the agent"));
        if cited.contains(id) != is_for_agents || reason.is_none() {
            open.push(format!(
                "{id}: tested {}, excluded because {reason:?}",
                cited.contains(id)
            ));
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}

#[test]
fn the_registry_says_of_every_change_what_a_client_can_notice() {
    let text = repo::read("scenarios/agent/changes.yaml");
    let names = text.lines().filter(|line| !line.starts_with([' ', '#']));
    let said: BTreeSet<&str> = names
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let bends = Defect::all().filter_map(|defect| match defect {
        Defect::Bend(_) => Some(defect.to_string()),
        Defect::Mute(_) => None,
    });
    let variations = Variation::ALL.iter().map(|variation| variation.id());
    let faults = FaultKind::ALL
        .iter()
        .map(|kind| format!("fault/{}", kind.id()));
    let known: BTreeSet<String> = bends.chain(variations).chain(faults).collect();
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    assert_eq!(said, known);
}

#[test]
fn the_guides_count_what_there_is() {
    let library = library();
    let cases: usize = library
        .scenarios
        .iter()
        .map(|scenario| 1 + scenario.cases.len())
        .sum();
    let rules = library.rules.rules.len();
    let clients = Catalogue::embedded()
        .iter()
        .filter(|one| one.role == Role::Client)
        .count();
    for (file, words) in [
        ("docs/agents.md", format!("{cases} cases and {rules} rules")),
        ("README.md", format!("each of {cases} cases")),
        ("README.md", format!("beside {rules} rules")),
        (
            "scenarios/README.md",
            format!("{clients} of them for clients"),
        ),
    ] {
        let text = repo::read(file).replace('\n', " ");
        assert!(text.contains(&words), "{file} does not say `{words}`");
    }
}
