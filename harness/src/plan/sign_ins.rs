//! How many sign-ins a run needs, by its plan.

use std::collections::BTreeMap;

use super::{Planned, PlannedScenario};
use crate::result::{SharedSignIn, SignInSource, SignInsNeeded};
use crate::scenario::Case;
use crate::scenario::case_step::case_steps;
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::scenario::step::{Action, SignIn};
use crate::targets::{DEFAULT_SCOPE, Deployment, SignInWay, acting};

/// What is needed; nothing of a target whose sign-in page is posted, where each case signs in for itself.
#[must_use]
pub fn sign_ins(
    planned: &[PlannedScenario],
    deployment: &Deployment,
    edition: Edition,
    now: i64,
) -> Option<SignInsNeeded> {
    let way = deployment.sign_in.as_ref()?;
    let source = match way {
        SignInWay::Page => return None,
        SignInWay::Given(_) => SignInSource::Given,
        SignInWay::Refresh(_) => SignInSource::Refresh,
        SignInWay::Browser(_) => SignInSource::Browser,
        SignInWay::Cache(_) => SignInSource::Cache,
        SignInWay::Session => SignInSource::Session,
    };
    let mut shared: BTreeMap<(UserRole, ClientRole, String), usize> = BTreeMap::new();
    let mut own = 0;
    for (one, flow, case) in flows(planned) {
        if flow.lack.is_some() {
            continue;
        }
        // What a person or `atx sign-in` signed in for serves whatever runs.
        let can_share =
            way.cache().is_some() || way.is_shared() && one.scenario.can_share_sign_ins(case);
        let mut keys = Vec::new();
        for case_step in case_steps(&one.scenario, case) {
            let Action::SignIn(sign_in) = &case_step.step.action else {
                continue;
            };
            if can_share || matches!(source, SignInSource::Given) {
                keys.push((
                    sign_in.user,
                    acting(sign_in.client, edition),
                    scope_of(sign_in, way),
                ));
            } else {
                own += 1;
            }
        }
        keys.sort();
        keys.dedup();
        for key in keys {
            *shared.entry(key).or_default() += 1;
        }
    }
    let is_cached = |user| deployment.usable_sign_in(user, edition, now).is_some();
    let shared = shared
        .into_iter()
        .map(|((user, client, scope), cases)| SharedSignIn {
            user: user.to_string(),
            client: client.to_string(),
            scope,
            cases,
            is_cached: is_cached(user),
        });
    Some(SignInsNeeded {
        source,
        shared: shared.collect(),
        own,
    })
}

fn flows(
    planned: &[PlannedScenario],
) -> impl Iterator<Item = (&PlannedScenario, &Planned, Option<&Case>)> {
    planned.iter().flat_map(|one| {
        let cases = one.cases.iter().zip(&one.scenario.cases);
        let cases = cases.map(move |(planned, case)| (one, planned, Some(case)));
        std::iter::once((one, &one.base, None)).chain(cases)
    })
}

/// What a sign-in is made for. Tokens that were obtained before the run have what all sign-ins have.
pub(super) fn scope_of(sign_in: &SignIn, way: &SignInWay) -> String {
    let written = sign_in.scope.as_ref().filter(|_| {
        matches!(
            way,
            SignInWay::Refresh(_) | SignInWay::Session | SignInWay::Page
        )
    });
    written.map_or_else(|| DEFAULT_SCOPE.to_owned(), ToString::to_string)
}
