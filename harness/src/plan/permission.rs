//! What a target file has to allow before it is sent: anything but reading at a real org, and what changes an org.

use super::{Planned, PlannedScenario};
use crate::scenario::case_step::{CaseStep, case_steps};
use crate::scenario::step::Action;
use crate::scenario::{Case, Scenario, state_changes};
use crate::targets::{Deployment, NotForTests};

/// Nothing, or why these scenarios are not run at all: they send more than requests for metadata and keys, to an org of which
/// the target file does not say that it is meant for tests.
pub fn refused(planned: &[PlannedScenario], deployment: &Deployment) -> Option<NotForTests> {
    let why = deployment.not_for_tests()?;
    let mut runs = planned.iter().flat_map(|one| {
        let cases = one.cases.iter().zip(one.scenario.cases.iter().map(Some));
        let all = std::iter::once((&one.base, None)).chain(cases);
        all.filter(|(planned, _)| planned.lack.is_none())
            .map(|(_, case)| (one.scenario.as_ref(), case))
    });
    runs.any(|(scenario, case)| !reads_only(scenario, case))
        .then_some(why)
}

/// Skips what changes more than the target file allows. What the base flow may not do its cases may not do.
pub(super) fn apply(one: &mut PlannedScenario, deployment: &Deployment) {
    let forbids = |case| deployment.forbids(&state_changes(&one.scenario, case));
    let skip = |planned: &mut Planned, lack| {
        if planned.lack.is_none() {
            planned.lack = lack;
        }
    };
    let of_base = forbids(None);
    skip(&mut one.base, of_base.clone());
    for (planned, case) in one.cases.iter_mut().zip(&one.scenario.cases) {
        skip(planned, of_base.clone().or_else(|| forbids(Some(case))));
    }
}

/// Whether a base flow or a case asks for metadata and keys and for nothing else.
fn reads_only(scenario: &Scenario, case: Option<&Case>) -> bool {
    case_steps(scenario, case).iter().all(reads)
}

fn reads(case_step: &CaseStep<'_>) -> bool {
    let method = case_step.change.and_then(|change| change.method.as_deref());
    let is_document = matches!(case_step.step.action, Action::Metadata(_) | Action::Keys(_));
    is_document && matches!(method, None | Some("GET" | "HEAD"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::requirement::Catalogue;
    use crate::scenario::embedded;
    use crate::scenario::model::{Edition, StateChange, UserRole};
    use crate::targets::{Environment, Permissions, TargetKind, sample};

    fn real(permissions: Permissions) -> Deployment {
        let mut deployment = sample::deployment("https://a.example");
        let password = deployment.users[&UserRole::Ada].password.clone();
        for user in deployment.users.values_mut() {
            user.password.clone_from(&password);
        }
        Deployment {
            kind: TargetKind::Okta,
            control: None,
            permissions,
            ..deployment
        }
    }

    fn planned(deployment: &Deployment, prefix: &str) -> Vec<PlannedScenario> {
        let mut scenarios = embedded().unwrap();
        scenarios.retain(|one| one.id.starts_with(prefix));
        assert!(!scenarios.is_empty());
        plan(
            scenarios,
            Catalogue::embedded(),
            deployment,
            Edition::E2026_10,
        )
    }

    #[test]
    fn metadata_and_keys_are_read_anywhere_and_nothing_else_is_sent() {
        let unknown = real(Permissions::default());
        for (prefix, is_refused) in [
            ("metadata/org", false),
            ("metadata/keys", false),
            ("sign-in/code-flow", true),
            ("authorization-server/", true),
        ] {
            let refused = refused(&planned(&unknown, prefix), &unknown);
            assert_eq!(refused.is_some(), is_refused, "{prefix}");
        }
        let ours = real(Permissions {
            owned: true,
            environment: Some(Environment::Test),
            ..Permissions::default()
        });
        assert_eq!(refused(&planned(&ours, "sign-in/"), &ours), None);
        let mock = sample::deployment("https://a.example");
        assert_eq!(refused(&planned(&mock, "sign-in/"), &mock), None);
    }

    #[test]
    fn what_changes_an_org_is_skipped_until_the_file_allows_it() {
        let lacks = |allow: &[StateChange]| {
            let permissions = Permissions {
                allow: allow.iter().copied().collect(),
                ..Permissions::default()
            };
            let planned = planned(&real(permissions), "sign-in/logout");
            let one = &planned[0];
            let cases = one.cases.iter().map(|case| case.lack.clone());
            std::iter::once(one.base.lack.clone())
                .chain(cases)
                .collect::<Vec<_>>()
        };
        for lack in lacks(&[]) {
            let lack = lack.unwrap();
            assert!(lack.cure.contains("`allow: [logout]`"), "{}", lack.cure);
            assert!(!lack.blocks, "a run without it is whole");
        }
        assert!(lacks(&[StateChange::Logout]).iter().all(Option::is_none));
    }
}
