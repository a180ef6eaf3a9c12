//! Which cases run on a target. Every case is planned: one that cannot run is skipped with a reason and a cure, none is
//! left out.

mod acceptance;
mod address;
mod budget;
mod consent;
mod cost;
mod forecast;
mod permission;
mod sample;
mod sign_ins;

use crate::result::SourceLine;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::jwt;
use crate::requirement::{Catalogue, RequirementId, SetAside};
use crate::result::{ChangeNote, ChangedPart, PlannedCase, ResourceType};
use crate::scenario::case_step::case_steps;
use crate::scenario::describe;
use crate::scenario::model::{Capability, Edition, Expectation};
use crate::scenario::step::Action;
use crate::scenario::{Case, Scenario, Step};
use crate::targets::{Deployment, Lack};

pub use forecast::{
    Around, ChangeCount, Forecast, IdJagCount, RequestCount, SignInCount, SkippedCount, WalkCount,
    forecast,
};
pub use permission::refused;
pub use sample::sample;
pub use sign_ins::sign_ins;

/// A scenario with what becomes of its base flow and its cases.
#[derive(Debug, Clone)]
pub struct PlannedScenario {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The base flow.
    pub base: Planned,
    /// The cases, in written order.
    pub cases: Vec<Planned>,
}

/// A case, or a base flow, as planned.
#[derive(Debug, Clone)]
pub struct Planned {
    /// As announced.
    pub case: PlannedCase,
    /// What the target lacks for it; `None` when it runs.
    pub lack: Option<Lack>,
    /// Runs alone, on a reset target.
    pub exclusive: bool,
}

/// Plans all scenarios for a target and an edition. The catalogue knows the profiles of what they cite.
pub fn plan(
    scenarios: Vec<Scenario>,
    catalogue: &Catalogue,
    deployment: &Deployment,
    edition: Edition,
) -> Vec<PlannedScenario> {
    let mut planned: Vec<_> = scenarios
        .into_iter()
        .map(|scenario| {
            let mut base = base(&scenario, deployment, edition);
            let mut cases: Vec<_> = scenario
                .cases
                .iter()
                .map(|case| varied(&scenario, case, &base, deployment, edition))
                .collect();
            // A base flow that judges nothing itself still runs if a case needs it as its twin.
            for planned in &mut cases {
                set_aside(planned, catalogue, deployment);
            }
            if cases.iter().all(|case| case.lack.is_some()) {
                set_aside(&mut base, catalogue, deployment);
            }
            let mut planned = PlannedScenario {
                base,
                cases,
                scenario: Arc::new(scenario),
            };
            permission::apply(&mut planned, deployment);
            planned
        })
        .collect();
    planned.sort_by(|a, b| a.scenario.id.cmp(&b.scenario.id));
    budget::apply(&mut planned, deployment, edition);
    if deployment.asks_for_consent() {
        consent::by_person(&mut planned);
    }
    planned
}

/// A resource type that the target describes and no flow of which can be entered, with what is lacking. A run without it is
/// not complete, however well the rest does.
pub fn not_entered(planned: &[PlannedScenario]) -> Option<(ResourceType, &Lack)> {
    let mut types: BTreeMap<ResourceType, Vec<&Planned>> = BTreeMap::new();
    for one in planned {
        let flows = types.entry(one.scenario.resource_type).or_default();
        flows.push(&one.base);
    }
    let is_type = |of: &ResourceType| *of != ResourceType::None;
    types
        .into_iter()
        .filter(|(of, _)| is_type(of))
        .find_map(|(of, flows)| Some((of, blocked_by(&flows)?)))
}

/// What the flows of a resource type lack, if all of them lack something.
fn blocked_by<'p>(flows: &[&'p Planned]) -> Option<&'p Lack> {
    let lacks: Option<Vec<&Lack>> = flows.iter().map(|flow| flow.lack.as_ref()).collect();
    // The commonest of them says most.
    let mut lacks: Vec<&Lack> = lacks?.into_iter().filter(|lack| lack.blocks).collect();
    lacks.sort_by_key(|lack| &lack.reason);
    let groups = lacks.chunk_by(|one, next| one.reason == next.reason);
    groups.max_by_key(|group| group.len())?.first().copied()
}

/// Everything announced, ordered by id.
pub fn announced(planned: &[PlannedScenario]) -> Vec<PlannedCase> {
    let mut cases: Vec<_> = planned
        .iter()
        .flat_map(|one| std::iter::once(&one.base).chain(&one.cases))
        .map(|planned| planned.case.clone())
        .collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

fn base(scenario: &Scenario, deployment: &Deployment, edition: Edition) -> Planned {
    let expectations = scenario.steps.iter().flat_map(|step| &step.expect);
    let case = PlannedCase {
        id: scenario.id.clone(),
        scenario: scenario.id.clone(),
        title: scenario.title.clone(),
        resource_type: scenario.resource_type,
        covers: covers(&scenario.covers, expectations),
        source: SourceLine::new(scenario.source.name.as_str(), 1),
        change: None,
    };
    let lack = other_edition(&scenario.editions, edition)
        .or_else(|| lacking(&scenario.needs, deployment, edition))
        .or_else(|| lacking_sign_in(&scenario.steps, deployment, edition))
        .or_else(|| lacking_after_change(scenario, None, deployment));
    Planned {
        case,
        lack,
        exclusive: scenario.exclusive,
    }
}

/// What a case changes, as reports tell it.
fn change_note(scenario: &Scenario, case: &Case) -> ChangeNote {
    let describe::Difference { step, parts } = describe::difference(scenario, case);
    let part = |(name, how): (String, String)| ChangedPart {
        name,
        how: without_tokens(&how).into(),
    };
    ChangeNote {
        step,
        what: parts.into_iter().map(part).collect(),
    }
}

/// A token that a scenario spells out is nothing to read, and no report shows tokens.
fn without_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for stretch in jwt::stretches(text) {
        shown.push_str(&text[at..stretch.start]);
        shown.push_str("<a JWT that the scenario spells out>");
        at = stretch.end;
    }
    shown.push_str(&text[at..]);
    shown
}

fn varied(
    scenario: &Scenario,
    case: &Case,
    base: &Planned,
    deployment: &Deployment,
    edition: Edition,
) -> Planned {
    let added = case.before.iter().chain(&case.then);
    let expectations = added.flat_map(|step| &step.expect).chain(&case.expect);
    let announced = PlannedCase {
        id: format!("{}/{}", scenario.id, case.id),
        scenario: scenario.id.clone(),
        title: case.title.clone(),
        resource_type: scenario.resource_type,
        covers: covers(&case.covers, expectations),
        source: SourceLine::new(scenario.source.name.as_str(), case.place.line),
        change: Some(change_note(scenario, case)),
    };
    let lack = base
        .lack
        .clone()
        .or_else(|| other_edition(&case.editions, edition))
        .or_else(|| lacking(&case.needs, deployment, edition))
        .or_else(|| lacking_sign_in(&case.before, deployment, edition))
        .or_else(|| lacking_sign_in(&case.then, deployment, edition))
        .or_else(|| lacking_after_change(scenario, Some(case), deployment));
    Planned {
        case: announced,
        lack,
        exclusive: scenario.exclusive || case.exclusive,
    }
}

fn covers<'e>(
    own: &[RequirementId],
    expectations: impl Iterator<Item = &'e Expectation>,
) -> Vec<String> {
    let cited = expectations.flat_map(|block| &block.covers).chain(own);
    let ordered: BTreeSet<&str> = cited.map(RequirementId::as_str).collect();
    ordered.into_iter().map(str::to_owned).collect()
}

/// Skips what cites nothing but requirements that the target's profiles set aside.
fn set_aside(planned: &mut Planned, catalogue: &Catalogue, deployment: &Deployment) {
    if planned.lack.is_none() {
        planned.lack = aside(&planned.case.covers, catalogue, deployment);
    }
}

/// Why nothing that cites these requirements is judged: the target's profiles set all of them aside.
pub fn aside(cited: &[String], catalogue: &Catalogue, deployment: &Deployment) -> Option<Lack> {
    let why = |id: &String| {
        let requirement = catalogue.get(id)?;
        deployment.profiles.sets_aside(requirement)
    };
    let aside: Vec<SetAside> = cited.iter().filter_map(why).collect();
    let first = aside.first().filter(|_| aside.len() == cited.len())?;
    Some(Lack {
        reason: format!("it is not judged here: {first}"),
        cure: first.cure(),
        blocks: false,
    })
}

fn other_edition(editions: &[Edition], edition: Edition) -> Option<Lack> {
    if editions.is_empty() || editions.contains(&edition) {
        return None;
    }
    let names: Vec<_> = editions.iter().map(Edition::to_string).collect();
    Some(Lack {
        reason: format!("it belongs to edition {} of the guide", names.join(" and ")),
        cure: format!("run with --edition {}", names.join(" or ")),
        blocks: false,
    })
}

/// What a target lacks first. What it does not describe comes before what it cannot do: nobody asked for that.
fn lacking(
    needs: &BTreeSet<Capability>,
    deployment: &Deployment,
    edition: Edition,
) -> Option<Lack> {
    let mut lacks = needs
        .iter()
        .filter_map(|need| deployment.lacks(need, edition));
    let first = lacks.next()?;
    let undescribed = lacks.find(|lack| !lack.blocks).filter(|_| first.blocks);
    Some(undescribed.unwrap_or(first))
}

/// Whether the target's way to sign in gives this client this user.
fn lacking_sign_in(steps: &[Step], deployment: &Deployment, edition: Edition) -> Option<Lack> {
    steps.iter().find_map(|step| {
        let (client, user) = step.action.kind().signs_in()?;
        deployment.lacks_sign_in(client, user, edition)
    })
}

/// Whether what changes the org can have a sign-in that is made after that.
fn lacking_after_change(
    scenario: &Scenario,
    case: Option<&Case>,
    deployment: &Deployment,
) -> Option<Lack> {
    let steps = case_steps(scenario, case);
    let actions = || steps.iter().map(|case_step| &case_step.step.action);
    let signs_in = actions().any(|action| matches!(action, Action::SignIn(_)));
    // What a user consents to does not change the sign-in.
    let mut others = actions().filter(|action| !matches!(action, Action::Consent(_)));
    let changes_org = others.any(|action| action.kind().is_exclusive());
    (changes_org && signs_in)
        .then(|| deployment.lacks_sign_in_after_change())
        .flatten()
}

#[cfg(test)]
mod tests;
