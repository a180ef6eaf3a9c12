//! The ID-JAGs that a run may have issued. Where the cases need more, the first of them run and the others say that they did
//! not. An ID-JAG is used once (RFC 7523 section 3), so no two cases can share one.

use std::collections::BTreeMap;

use super::cost::cost;
use super::{Planned, PlannedScenario};
use crate::scenario::Case;
use crate::scenario::model::{Edition, ResourceType, UserRole};
use crate::targets::{Deployment, Lack};

/// ID-JAGs that are left, by user.
struct IdJagsLeft {
    budget: usize,
    used: BTreeMap<Option<UserRole>, usize>,
}

impl IdJagsLeft {
    /// Takes what a case needs, if it is left; otherwise the user who has no more.
    fn take(&mut self, needed: &BTreeMap<Option<UserRole>, usize>) -> Result<(), Option<UserRole>> {
        let used = |left: &Self, user| left.used.get(user).copied().unwrap_or_default();
        for (user, count) in needed {
            if used(self, user) + count > self.budget {
                return Err(*user);
            }
        }
        for (user, count) in needed {
            *self.used.entry(*user).or_default() += count;
        }
        Ok(())
    }
}

/// Skips what comes too late. Base flows come first, so that each flow is entered, then the cases, both by their ids.
pub(super) fn apply(planned: &mut [PlannedScenario], deployment: &Deployment, edition: Edition) {
    let Some(budget) = deployment.id_jag_budget() else {
        return;
    };
    let mut left = IdJagsLeft {
        budget,
        used: BTreeMap::new(),
    };
    let is_entered = |one: &PlannedScenario| {
        one.base.lack.is_none() && one.scenario.resource_type == ResourceType::AuthorizationServer
    };
    if planned.iter().any(is_entered) {
        // The check of the target file before the run makes an exchange of its own.
        left.used.insert(Some(UserRole::Ada), 1);
    }
    let needs = |one: &PlannedScenario, case: Option<&Case>| {
        cost(&one.scenario, case, deployment, edition).id_jags
    };
    for one in planned.iter_mut().filter(|one| one.base.lack.is_none()) {
        let Err(user) = left.take(&needs(one, None)) else {
            continue;
        };
        for planned in std::iter::once(&mut one.base).chain(&mut one.cases) {
            skip(planned, user, budget);
        }
    }
    for one in planned {
        let scenario = one.scenario.clone();
        for (index, case) in scenario.cases.iter().enumerate() {
            if one.cases[index].lack.is_some() {
                continue;
            }
            if let Err(user) = left.take(&needs(one, Some(case))) {
                skip(&mut one.cases[index], user, budget);
            }
        }
    }
}

fn skip(planned: &mut Planned, user: Option<UserRole>, budget: usize) {
    let whose = user.map_or_else(String::new, |user| format!(" of `{user}`"));
    planned.lack.get_or_insert_with(|| Lack {
        reason: format!(
            "the {budget} ID-JAGs{whose} that this run may have issued go to the cases before it"
        ),
        cure:
            "run it alone; or, where the org issues more, raise `id_jag_budget` in the target file"
                .to_owned(),
        blocks: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::requirement::Catalogue;
    use crate::scenario::embedded;
    use crate::targets::{Permissions, sample};

    fn planned(budget: Option<usize>) -> Vec<PlannedScenario> {
        let mut deployment = sample::deployment("https://a.example");
        deployment.permissions = Permissions {
            id_jag_budget: budget,
            ..Permissions::default()
        };
        let mut scenarios = embedded().unwrap();
        scenarios.retain(|one| one.resource_type == ResourceType::AuthorizationServer);
        plan(
            scenarios,
            Catalogue::embedded(),
            &deployment,
            Edition::E2026_10,
        )
    }

    fn runs(planned: &[PlannedScenario]) -> Vec<String> {
        let all = planned
            .iter()
            .flat_map(|one| std::iter::once(&one.base).chain(&one.cases));
        let run = all.filter(|one| one.lack.is_none());
        run.map(|one| one.case.id.clone()).collect()
    }

    /// ID-JAGs that those which run have issued, with the one before the run.
    fn issued(planned: &[PlannedScenario]) -> usize {
        let deployment = sample::deployment("https://a.example");
        let of = |one: &PlannedScenario, case: Option<&Case>| {
            let cost = cost(&one.scenario, case, &deployment, Edition::E2026_10);
            cost.id_jags
                .get(&Some(UserRole::Ada))
                .copied()
                .unwrap_or_default()
        };
        let mut issued = 1;
        for one in planned.iter().filter(|one| one.base.lack.is_none()) {
            issued += of(one, None);
            for (planned, case) in one.cases.iter().zip(&one.scenario.cases) {
                if planned.lack.is_none() {
                    issued += of(one, Some(case));
                }
            }
        }
        issued
    }

    #[test]
    fn a_run_stays_within_its_budget_and_uses_it() {
        let whole = planned(None);
        let all = issued(&whole);
        assert!(all > 100, "{all}");
        assert_eq!(runs(&planned(Some(all))), runs(&whole));
        for budget in [30, 60, 100] {
            let some = planned(Some(budget));
            assert!(issued(&some) <= budget);
            assert!(issued(&some) + 5 > budget, "{}", issued(&some));
            let skipped = some
                .iter()
                .flat_map(|one| &one.cases)
                .filter_map(|case| case.lack.as_ref())
                .find(|lack| lack.reason.contains("ID-JAGs"))
                .unwrap();
            assert_eq!(
                skipped.reason,
                format!(
                    "the {budget} ID-JAGs of `ada` that this run may have issued go to the cases before it"
                )
            );
        }
    }

    #[test]
    fn what_needs_no_id_jag_runs_whatever_is_left() {
        let none = planned(Some(0));
        assert_eq!(issued(&none), 1);
        assert!(!runs(&none).is_empty());
    }
}
