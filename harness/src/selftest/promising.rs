//! Which cases are run first under a defect: a few that are likely to notice it. All that meet it are run only where
//! these do not catch it, since most defects of tokens and answers touch nearly every case.

use std::collections::{BTreeMap, BTreeSet};

use super::trace::Met;
use crate::requirement::RequirementId;
use crate::result::RunResult;
use crate::scenario::Scenario;

/// Cases tried first of a defect for which no requirement is named.
const FIRST: usize = 3;

/// What a case costs: whether it runs alone, then how many steps it takes.
type Cost = (bool, usize);

/// What cases cite, by the clean run, and what they cost.
#[derive(Debug)]
pub(super) struct Promise {
    cites: BTreeMap<String, BTreeSet<String>>,
    costs: BTreeMap<String, Cost>,
}

impl Promise {
    /// What is known of the cases of a clean run.
    pub(super) fn new(run: &RunResult, scenarios: &[Scenario]) -> Self {
        let cites = run.results.iter().map(|case| {
            let cited = case.covers.iter().cloned().collect();
            (case.id.clone(), cited)
        });
        let mut costs = BTreeMap::new();
        for scenario in scenarios {
            let steps = scenario.steps.len();
            costs.insert(scenario.id.clone(), (scenario.exclusive, steps));
            for case in &scenario.cases {
                let exclusive = scenario.exclusive || case.exclusive;
                let more = case.before.len() + case.then.len();
                let id = format!("{}/{}", scenario.id, case.id);
                // Its twin runs as well.
                costs.insert(id, (exclusive, 2 * steps + more));
            }
        }
        Self {
            cites: cites.collect(),
            costs,
        }
    }

    /// The cases to run first: for each requirement that the defect breaks the cheapest case that cites it, and the
    /// cheapest of all for the rules that hold for every answer. Those that meet it, where they are few.
    pub(super) fn first(&self, met: &Met, breaks: &[RequirementId]) -> BTreeSet<String> {
        let mut touched: Vec<&String> = met.keys().collect();
        touched.sort_by_key(|case| (self.costs.get(*case), *case));
        if touched.len() <= FIRST {
            return touched.into_iter().cloned().collect();
        }
        if breaks.is_empty() {
            return touched.into_iter().take(FIRST).cloned().collect();
        }
        let cites = |case: &String, requirement: &RequirementId| {
            let cited = self.cites.get(case);
            cited.is_some_and(|cited| cited.contains(requirement.as_str()))
        };
        let citing = breaks.iter().filter_map(|requirement| {
            touched
                .iter()
                .find(|case| cites(case, requirement))
                .copied()
        });
        citing.chain(touched.first().copied()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(cases: &[&str]) -> Met {
        let entry = |case: &&str| ((*case).to_owned(), BTreeSet::new());
        cases.iter().map(entry).collect()
    }

    #[test]
    fn the_cheapest_case_that_cites_what_is_broken_is_run_first() {
        let cited = |id: &str| BTreeSet::from([id.to_owned()]);
        let promise = Promise {
            cites: [
                ("a", "idjag.typ"),
                ("b", "idjag.aud"),
                ("c", "idjag.typ"),
                ("d", "token.x"),
            ]
            .map(|(case, id)| (case.to_owned(), cited(id)))
            .into(),
            costs: [
                ("a", (true, 1)),
                ("b", (false, 4)),
                ("c", (false, 6)),
                ("d", (false, 2)),
            ]
            .map(|(case, cost)| (case.to_owned(), cost))
            .into(),
        };
        let all = met(&["a", "b", "c", "d"]);
        let breaks =
            |ids: &[&str]| -> Vec<_> { ids.iter().map(|id| RequirementId::new(id)).collect() };
        let first = |met: &Met, ids: &[&str]| -> Vec<String> {
            promise.first(met, &breaks(ids)).into_iter().collect()
        };
        assert_eq!(first(&all, &["idjag.typ"]), ["c", "d"]);
        assert_eq!(first(&all, &["idjag.typ", "idjag.aud"]), ["b", "c", "d"]);
        assert_eq!(first(&all, &["never.cited"]), ["d"]);
        assert_eq!(first(&all, &[]), ["b", "c", "d"]);
        assert_eq!(first(&met(&["a", "c"]), &["idjag.aud"]), ["a", "c"]);
        assert!(first(&met(&[]), &["idjag.aud"]).is_empty());
    }
}
