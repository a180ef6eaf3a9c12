//! A small set of cases that together cite every requirement which the chosen ones cite: for a first look at an org, or where
//! it limits how often it is asked.

use std::collections::BTreeSet;

use super::cost::cost;
use super::{Planned, PlannedScenario};
use crate::scenario::Scenario;
use crate::scenario::model::Edition;
use crate::targets::Deployment;

/// One base flow or case that may be taken.
struct Candidate<'p> {
    planned: &'p Planned,
    /// The base flow that comes with it: the position of its candidate.
    base: usize,
    id_jags: usize,
}

/// The scenarios with the cases of the sample alone. What runs at the target is preferred; a requirement that only skipped
/// cases cite has one of them, so that the report says why it was not tested.
#[must_use]
pub fn sample(
    planned: &[PlannedScenario],
    deployment: &Deployment,
    edition: Edition,
) -> Vec<Scenario> {
    let candidates = candidates(planned, deployment, edition);
    let mut taken = BTreeSet::new();
    let runs = |candidate: &Candidate<'_>| candidate.planned.lack.is_none();
    cover(&candidates, &mut taken, &runs);
    cover(&candidates, &mut taken, &|_| true);
    drop_needless(&candidates, &mut taken);
    let ids: BTreeSet<&str> = taken
        .iter()
        .map(|index| candidates[*index].planned.case.id.as_str())
        .collect();
    let scenarios = planned.iter().filter_map(|one| {
        let mut scenario = (*one.scenario).clone();
        let mut cases = one.cases.iter();
        scenario.cases.retain(|_| {
            let planned = cases.next();
            planned.is_some_and(|planned| ids.contains(planned.case.id.as_str()))
        });
        ids.contains(one.base.case.id.as_str()).then_some(scenario)
    });
    scenarios.collect()
}

fn candidates<'p>(
    planned: &'p [PlannedScenario],
    deployment: &Deployment,
    edition: Edition,
) -> Vec<Candidate<'p>> {
    let mut candidates = Vec::new();
    for one in planned {
        let base = candidates.len();
        let cases = one.cases.iter().zip(one.scenario.cases.iter().map(Some));
        for (planned, case) in std::iter::once((&one.base, None)).chain(cases) {
            let cost = cost(&one.scenario, case, deployment, edition);
            candidates.push(Candidate {
                planned,
                base,
                id_jags: cost.id_jags.values().sum(),
            });
        }
    }
    candidates
}

/// Takes candidates until those that may be taken can add nothing: each time the one that adds most for each case that it
/// brings, of these the one with fewest ID-JAGs, of these the first.
fn cover(
    candidates: &[Candidate<'_>],
    taken: &mut BTreeSet<usize>,
    may_be_taken: &dyn Fn(&Candidate<'_>) -> bool,
) {
    let mut covered: BTreeSet<&str> = taken
        .iter()
        .flat_map(|index| cited(&candidates[*index]))
        .collect();
    loop {
        let mut best: Option<(usize, usize, usize)> = None;
        for (index, candidate) in candidates.iter().enumerate() {
            if taken.contains(&index) || !may_be_taken(candidate) {
                continue;
            }
            let brings_base = index != candidate.base && !taken.contains(&candidate.base);
            let of_base = brings_base.then(|| cited(&candidates[candidate.base]));
            let added: BTreeSet<&str> = cited(candidate)
                .chain(of_base.into_iter().flatten())
                .filter(|id| !covered.contains(id))
                .collect();
            let (gain, cases) = (added.len(), 1 + usize::from(brings_base));
            let is_better = best.is_none_or(|(other, other_gain, other_cases)| {
                let (here, there) = (gain * other_cases, other_gain * cases);
                here > there || (here == there && candidate.id_jags < candidates[other].id_jags)
            });
            if gain > 0 && is_better {
                best = Some((index, gain, cases));
            }
        }
        let Some((index, ..)) = best else {
            return;
        };
        let candidate = &candidates[index];
        for index in [index, candidate.base] {
            taken.insert(index);
            covered.extend(cited(&candidates[index]));
        }
    }
}

/// What was taken early may have become needless by what came later. What only a skipped case cites as well is still needed.
fn drop_needless(candidates: &[Candidate<'_>], taken: &mut BTreeSet<usize>) {
    let in_order: Vec<usize> = taken.iter().rev().copied().collect();
    for index in in_order {
        let candidate = &candidates[index];
        let is_needed_base = index == candidate.base
            && taken
                .iter()
                .any(|other| *other != index && candidates[*other].base == index);
        let runs = candidate.planned.lack.is_none();
        let others: BTreeSet<&str> = taken
            .iter()
            .filter(|other| **other != index)
            .filter(|other| !runs || candidates[**other].planned.lack.is_none())
            .flat_map(|other| cited(&candidates[*other]))
            .collect();
        if !is_needed_base && cited(candidate).all(|id| others.contains(id)) {
            taken.remove(&index);
        }
    }
}

fn cited<'p>(candidate: &Candidate<'p>) -> impl Iterator<Item = &'p str> + use<'p> {
    candidate.planned.case.covers.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{aside, plan};
    use crate::requirement::Catalogue;
    use crate::scenario::embedded;
    use crate::targets::sample as target;

    fn planned(scenarios: Vec<Scenario>) -> Vec<PlannedScenario> {
        let deployment = target::deployment("https://a.example");
        plan(
            scenarios,
            Catalogue::embedded(),
            &deployment,
            Edition::E2026_10,
        )
    }

    fn all(planned: &[PlannedScenario]) -> Vec<&Planned> {
        let all = planned.iter();
        all.flat_map(|one| std::iter::once(&one.base).chain(&one.cases))
            .collect()
    }

    /// What is cited; or what is cited by those that run, but for what the profiles set aside.
    fn requirements(planned: &[PlannedScenario], runs: bool) -> BTreeSet<String> {
        let deployment = target::deployment("https://a.example");
        let all = all(planned).into_iter();
        let some = all.filter(|one| !runs || one.lack.is_none());
        let cited = some.flat_map(|one| one.case.covers.clone());
        let is_judged = |id: &String| {
            let id = std::slice::from_ref(id);
            !runs || aside(id, Catalogue::embedded(), &deployment).is_none()
        };
        cited.filter(is_judged).collect()
    }

    fn sampled(scenarios: Vec<Scenario>) -> (Vec<PlannedScenario>, Vec<PlannedScenario>) {
        let whole = planned(scenarios);
        let deployment = target::deployment("https://a.example");
        let some = planned(sample(&whole, &deployment, Edition::E2026_10));
        (whole, some)
    }

    #[test]
    fn a_sample_cites_all_that_the_whole_cites_with_far_fewer_cases() {
        let (whole, some) = sampled(embedded().unwrap());
        assert_eq!(requirements(&some, false), requirements(&whole, false));
        // What can be tested at the target is tested in the sample.
        assert_eq!(requirements(&some, true), requirements(&whole, true));
        let (few, many) = (all(&some).len(), all(&whole).len());
        assert!(few * 2 < many, "{few} of {many}");
    }

    #[test]
    fn a_sample_is_the_same_each_time_and_of_what_was_chosen() {
        let of_secrets = || {
            let mut scenarios = embedded().unwrap();
            scenarios.retain(|one| one.id.starts_with("secret/"));
            scenarios
        };
        let ids = |planned: &[PlannedScenario]| -> Vec<String> {
            all(planned).iter().map(|one| one.case.id.clone()).collect()
        };
        let (whole, some) = sampled(of_secrets());
        assert_eq!(ids(&some), ids(&sampled(of_secrets()).1));
        assert_eq!(requirements(&some, false), requirements(&whole, false));
        assert!(ids(&some).iter().all(|id| id.starts_with("secret/")));
    }

    #[test]
    fn no_case_of_a_sample_is_needless() {
        let (_, some) = sampled(embedded().unwrap());
        for one in &some {
            for case in &one.cases {
                // Beside one that runs, those that are skipped do not count: a requirement that only they cite is not tested.
                let counts = |other: &&Planned| case.lack.is_some() || other.lack.is_none();
                let others: BTreeSet<&String> = all(&some)
                    .into_iter()
                    .filter(|other| other.case.id != case.case.id)
                    .filter(counts)
                    .flat_map(|other| &other.case.covers)
                    .collect();
                let is_needless = case.case.covers.iter().all(|id| others.contains(id));
                assert!(!is_needless, "{}", case.case.id);
            }
        }
    }
}
