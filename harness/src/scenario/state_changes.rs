//! What a base flow or a case changes at an org, read off its steps.

use std::collections::BTreeSet;

use super::case_step::{CaseStep, case_steps};
use super::model::{Change, Mutation, StateChange, Template};
use super::step::{Action, Request};
use super::{Case, Scenario, visit};

/// The endpoint that ends a session, as templates name it.
const END_OF_SESSION: &str = "end_session_endpoint";
/// The parameter of a user's password, in whatever form it is sent.
const PASSWORD: &str = "password";

/// Everything that a base flow, or one of its cases, changes.
#[must_use]
pub fn state_changes(scenario: &Scenario, case: Option<&Case>) -> BTreeSet<StateChange> {
    let steps = case_steps(scenario, case);
    steps.iter().flat_map(of_step).collect()
}

fn of_step(case_step: &CaseStep<'_>) -> BTreeSet<StateChange> {
    let kind = case_step.step.action.kind();
    let mut changes: BTreeSet<_> = kind.state_changes().into_iter().collect();
    let nothing = Change::default();
    let change = case_step.change.unwrap_or(&nothing);
    let ends_a_session = |template: &Template| {
        let mut names = template.references();
        names.any(|name| name.ends_with(END_OF_SESSION))
    };
    let sent = kind.templates().into_iter().chain(visit::of_change(change));
    if sent.into_iter().any(ends_a_session) {
        changes.insert(StateChange::Logout);
    }
    if sends_a_password(case_step, change) {
        changes.insert(StateChange::WrongPassword);
    }
    changes
}

/// Whether a token request carries a user's password. Which users have is no business of scenarios: it is a made-up one.
fn sends_a_password(case_step: &CaseStep<'_>, change: &Change) -> bool {
    let Action::FormPost(form) = &case_step.step.action else {
        return false;
    };
    let is_token = !matches!(form.request, Request::Revoke | Request::Introspect);
    let written = form.params.iter().any(|(name, _)| name == PASSWORD);
    let changed = change.params.iter().any(|(name, mutation)| {
        name == PASSWORD && !matches!(mutation, Mutation::Drop | Mutation::Empty)
    });
    is_token && (written || changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::embedded;
    use crate::scenario::step::StepKind;

    /// The changes of a base flow or a case of the scenarios inside the program.
    fn of(id: &str) -> Vec<StateChange> {
        let scenarios = embedded().unwrap();
        let found = scenarios.iter().find_map(|scenario| {
            if scenario.id == id {
                return Some(state_changes(scenario, None));
            }
            let case = id.strip_prefix(&format!("{}/", scenario.id))?;
            let case = scenario.cases.iter().find(|one| one.id == case)?;
            Some(state_changes(scenario, Some(case)))
        });
        found.unwrap().into_iter().collect()
    }

    #[test]
    fn they_follow_from_the_steps() {
        use StateChange as Is;
        for (id, changes) in [
            ("sign-in/logout", &[Is::Logout][..]),
            ("sign-in/logout/unregistered-address", &[Is::Logout]),
            ("resource-server/revoke", &[Is::Revocation, Is::Consent]),
            (
                "resource-server/revoke/expired-token",
                &[Is::Revocation, Is::Consent, Is::Clock],
            ),
            ("sign-in/consent", &[Is::Consent, Is::Configuration]),
            ("sign-in/session/user-suspended-since", &[Is::Users]),
            ("authorization-server/password-grant", &[]),
            ("metadata/org", &[]),
            ("metadata/key-rotation", &[Is::KeyRotation]),
        ] {
            assert_eq!(of(id), changes, "{id}");
        }
        let scenarios = embedded().unwrap();
        let passwords = scenarios
            .iter()
            .find(|one| one.id == "authorization-server/password-grant")
            .unwrap();
        for case in &passwords.cases {
            let changes = state_changes(passwords, Some(case));
            assert!(changes.contains(&Is::WrongPassword), "{}", case.id);
        }
    }

    /// What runs alone does so because it changes something; a change that nobody derives would go unnoticed.
    #[test]
    fn every_step_that_runs_alone_changes_something() {
        for scenario in embedded().unwrap() {
            let cases = std::iter::once(None).chain(scenario.cases.iter().map(Some));
            for case in cases {
                let steps = case_steps(&scenario, case);
                let mut kinds = steps.iter().map(|one| one.step.action.kind());
                let alone = kinds.any(StepKind::is_exclusive);
                let changes = !state_changes(&scenario, case).is_empty();
                assert!(changes || !alone, "{}", scenario.id);
            }
        }
    }
}
