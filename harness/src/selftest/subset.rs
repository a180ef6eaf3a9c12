//! Some cases of all scenarios, with their twins.

use std::collections::BTreeSet;

use crate::scenario::Scenario;

/// The scenarios that have one of these results, with those cases only. A case never stands alone: the base flow of its
/// scenario is its twin, and comes along.
pub(super) fn subset(scenarios: &[Scenario], ids: &BTreeSet<&str>) -> Vec<Scenario> {
    let kept = scenarios.iter().filter_map(|scenario| {
        let wanted = |case: &str| ids.contains(format!("{}/{case}", scenario.id).as_str());
        let some = ids.contains(scenario.id.as_str())
            || scenario.cases.iter().any(|case| wanted(&case.id));
        some.then(|| {
            let mut kept = scenario.clone();
            kept.cases.retain(|case| wanted(&case.id));
            kept
        })
    });
    kept.collect()
}
