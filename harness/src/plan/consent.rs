//! Which flow has a person consent at a third party. A consent stays, so one flow of a run can begin without one: the longest,
//! which goes on to the third party's API.

use super::{Planned, PlannedScenario};
use crate::scenario::Step;
use crate::scenario::step::Action;
use crate::targets::Lack;

/// Keeps one flow, which runs beside others while it waits, and says of the rest why not.
pub(super) fn by_person(planned: &mut [PlannedScenario]) {
    let is_possible = |one: &&PlannedScenario| {
        let mut consents = one.scenario.steps.iter().filter_map(consent);
        let is_once = consents.next() == Some(true) && consents.next().is_none();
        one.base.lack.is_none() && is_once
    };
    let chosen = planned.iter().filter(is_possible);
    let chosen = chosen.max_by_key(|one| one.scenario.steps.len());
    let chosen = chosen.map(|one| one.scenario.id.clone());
    for one in planned.iter_mut() {
        let in_flow = one
            .scenario
            .steps
            .iter()
            .any(|step| consent(step).is_some());
        let is_chosen = chosen.as_ref() == Some(&one.scenario.id);
        if in_flow && is_chosen {
            one.base.exclusive = false;
        } else if in_flow {
            skip(&mut one.base, chosen.as_deref());
        }
        for (planned, case) in one.cases.iter_mut().zip(&one.scenario.cases) {
            let mut own = case.before.iter().chain(&case.then);
            if in_flow || own.any(|step| consent(step).is_some()) {
                skip(planned, chosen.as_deref());
            }
        }
    }
}

/// What the user answers, if a step is a consent.
fn consent(step: &Step) -> Option<bool> {
    match &step.action {
        Action::Consent(consent) => Some(consent.allow),
        _ => None,
    }
}

fn skip(planned: &mut Planned, chosen: Option<&str>) {
    let once = chosen.map_or_else(String::new, |id| format!(", for {id}"));
    planned.lack.get_or_insert_with(|| Lack {
        reason: format!(
            "a person consents at the third party once in a run{once}, and the case needs a consent of its own"
        ),
        cure: "this needs a mock org: add `consent: page` and `control: {url: …}` to the target file"
            .to_owned(),
        blocks: true,
    });
}
