//! The first request of each base flow, made once before a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::join_all;

use super::case::run_case;
use super::shared::Shared;
use crate::plan::PlannedScenario;
use crate::preflight::{Misconfiguration, local, refusal, servers};
use crate::result::{Answer, Asked, ResourceType};
use crate::scenario::Scenario;
use crate::scenario::model::ServerRole;
use crate::scenario::step::{Action, Request};

/// What is wrong with the target file, as far as it can be seen before a run; nothing where all is well.
pub(super) async fn check(planned: &[PlannedScenario], shared: &Shared) -> Vec<Misconfiguration> {
    let deployment = shared.target.deployment();
    let found = local::check(deployment, shared.edition, shared.target.now());
    if !found.is_empty() {
        return found;
    }
    let flows = flows(planned);
    let mut roles = BTreeSet::from([ServerRole::Org]);
    if flows.contains_key(&ResourceType::AuthorizationServer) {
        roles.insert(ServerRole::CustomAs);
    }
    let found = servers::check(&shared.target, &roles).await;
    if !found.is_empty() {
        return found;
    }
    let asked = flows.into_values().map(|(one, scenario)| async move {
        let report = run_case(shared, &one.base, &scenario, None).await;
        mistake(&report, &scenario, shared)
    });
    let mut found: Vec<Misconfiguration> = Vec::new();
    for mistake in join_all(asked).await.into_iter().flatten() {
        // One setting breaks every flow in the same way.
        let is_known = |known: &Misconfiguration| {
            known.setting == mistake.setting && known.cure == mistake.cure
        };
        if !found.iter().any(is_known) {
            found.push(mistake);
        }
    }
    found
}

/// For each resource type the flow that is asked first, up to its first exchange.
fn flows(planned: &[PlannedScenario]) -> BTreeMap<ResourceType, (&PlannedScenario, Arc<Scenario>)> {
    let mut flows: BTreeMap<ResourceType, (&PlannedScenario, Arc<Scenario>)> = BTreeMap::new();
    for one in planned.iter().filter(|one| one.base.lack.is_none()) {
        let of = one.scenario.resource_type;
        if of == ResourceType::None {
            continue;
        }
        let Some(scenario) = up_to_exchange(&one.scenario) else {
            continue;
        };
        let is_shorter =
            |known: &(&PlannedScenario, Arc<Scenario>)| scenario.steps.len() < known.1.steps.len();
        if flows.get(&of).is_none_or(is_shorter) {
            flows.insert(of, (one, Arc::new(scenario)));
        }
    }
    flows
}

/// A sign-in and the exchange behind it, with nothing else.
fn up_to_exchange(scenario: &Scenario) -> Option<Scenario> {
    let [first, second, ..] = scenario.steps.as_slice() else {
        return None;
    };
    let signs_in = matches!(first.action, Action::SignIn(_));
    let exchanges =
        matches!(&second.action, Action::FormPost(form) if form.request == Request::Exchange);
    (signs_in && exchanges).then(|| Scenario {
        steps: scenario.steps[..2].to_vec(),
        cases: Vec::new(),
        ..scenario.clone()
    })
}

/// What is probably wrong in the target file, if the flow did not get as far as it should for such a reason.
fn mistake(
    report: &super::conclude::Report,
    scenario: &Scenario,
    shared: &Shared,
) -> Option<Misconfiguration> {
    let accepted = &report.accepted;
    if accepted.len() == scenario.steps.len() && accepted.iter().all(|accepted| *accepted) {
        return None;
    }
    let deployment = shared.target.deployment();
    let last = report.varying.trace.steps.last()?;
    let answer = last.answer.as_ref();
    // A sign-in is refused with a page.
    let is_refusal = |answer: &&Answer| match answer.status {
        400 | 401 | 403 | 404 if accepted.is_empty() => true,
        ..404 => refusal::is_by_settings(answer),
        _ => false,
    };
    if let Some(answer) = answer.filter(is_refusal) {
        let asked = match last.asked {
            Asked::Other => Asked::Code,
            asked => asked,
        };
        return Some(refusal::explain(asked, answer, deployment, shared.edition));
    }
    // The token endpoint shows no page: an answer of it that cannot be used is no mistake of the file.
    let in_browser = !matches!(last.asked, Asked::Tokens | Asked::RefreshedTokens);
    let is_page = in_browser && answer.is_some_and(|answer| answer.status < 400);
    (accepted.is_empty() && is_page && !report.unreachable)
        .then(|| refusal::unfinished(deployment, shared.edition))
}
