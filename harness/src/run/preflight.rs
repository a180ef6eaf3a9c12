//! What `atx doctor` checks with few requests, before a run: the file itself, where its servers are, one sign-in, and the first
//! exchange of each resource type that is to be tested.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::conclude::misconfiguration;
use super::doctor::{Asking, Reply, SignedIn, exchange_mistake, sign_in_mistake};
use super::shared::Shared;
use crate::plan::PlannedScenario;
use crate::preflight::{Misconfiguration, local, servers};
use crate::result::ResourceType;
use crate::scenario::Scenario;
use crate::scenario::model::ServerRole;
use crate::scenario::step::{Action, Request};
use crate::sign_in::SignInError;
use crate::targets::Trouble;

/// What is wrong with the target file, as far as it can be seen before a run; nothing where all is well.
///
/// # Errors
/// The trouble on the way that a first request met.
pub(super) async fn check(
    planned: &[PlannedScenario],
    shared: &Shared,
) -> Result<Vec<Misconfiguration>, Trouble> {
    let deployment = shared.target.deployment();
    let found = local::check(deployment, shared.edition, shared.target.now());
    if !found.is_empty() {
        return Ok(found);
    }
    let types = resource_types(planned);
    let mut roles = BTreeSet::from([ServerRole::Org]);
    if types.contains(&ResourceType::AuthorizationServer) {
        roles.insert(ServerRole::CustomAs);
    }
    let found = servers::check(&shared.target, &roles).await;
    if !found.is_empty() || types.is_empty() {
        return Ok(found);
    }
    let asking = Asking::new(
        &shared.target,
        shared.edition,
        shared.redactor.clone(),
        shared.sign_ins.clone(),
    );
    let id_token = match asking.sign_in().await {
        SignedIn::With(id_token) => id_token,
        SignedIn::Refused(SignInError::Trouble(trouble))
        | SignedIn::Not(Reply::Unanswered(trouble)) => return Err(trouble),
        SignedIn::Refused(error) => return Ok(vec![misconfiguration(&error)]),
        SignedIn::Not(Reply::Answered(last)) => {
            return Ok(sign_in_mistake(&asking, &last).into_iter().collect());
        }
        // What could not be sent has words of its own in every case.
        SignedIn::Not(Reply::Unsent(_)) => return Ok(Vec::new()),
    };
    let asked = types.iter().map(|of| asking.exchange(*of, &id_token));
    let mut found: Vec<Misconfiguration> = Vec::new();
    for exchanged in join_all(asked).await.into_iter().flatten() {
        if let Reply::Unanswered(trouble) = exchanged.reply {
            return Err(trouble);
        }
        let Some(mistake) = exchange_mistake(&asking, &exchanged) else {
            continue;
        };
        // One setting breaks every exchange in the same way.
        let is_known = |known: &Misconfiguration| {
            known.setting == mistake.setting && known.cure == mistake.cure
        };
        if !found.iter().any(is_known) {
            found.push(mistake);
        }
    }
    Ok(found)
}

/// The resource types of which some flow is a sign-in and an exchange, and can be entered.
fn resource_types(planned: &[PlannedScenario]) -> BTreeSet<ResourceType> {
    let planned = planned.iter().filter(|one| one.base.lack.is_none());
    planned
        .filter(|one| one.scenario.resource_type != ResourceType::None)
        .filter(|one| begins_with_exchange(&one.scenario))
        .map(|one| one.scenario.resource_type)
        .collect()
}

fn begins_with_exchange(scenario: &Scenario) -> bool {
    let [first, second, ..] = scenario.steps.as_slice() else {
        return false;
    };
    let signs_in = matches!(first.action, Action::SignIn(_));
    let exchanges =
        matches!(&second.action, Action::FormPost(form) if form.request == Request::Exchange);
    signs_in && exchanges
}
