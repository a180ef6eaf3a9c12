//! What a target must be able to do and to know, derived from the steps.

mod authentication;
mod sign_in;

use std::collections::BTreeSet;

use super::case_step::CaseStep;
use super::model::{Capability, Change, JwtMutation, SignWith};
use super::step::Action;

/// Adds what an action needs, its templates aside.
pub(crate) fn of_action(action: &Action, needs: &mut BTreeSet<Capability>) {
    let kind = action.kind();
    needs.extend(kind.server().map(Capability::knows_server));
    kind.needs(needs);
}

/// Adds what a change needs, its templates aside.
pub(crate) fn of_change(change: &Change, needs: &mut BTreeSet<Capability>) {
    needs.extend(change.client.map(Capability::knows_client));
    needs.extend(change.at.map(Capability::knows_server));
    for signer in change.jwts().flat_map(JwtMutation::signers) {
        match signer {
            SignWith::Client(client) => {
                needs.insert(Capability::knows_client(client));
            }
            SignWith::Server(server) => {
                needs.insert(Capability::Forge);
                needs.insert(Capability::knows_server(server));
            }
            _ => {}
        }
    }
}

/// What the steps of a base flow or of a case need as a whole: what one does may depend on those before it.
pub(crate) fn of_flow(steps: &[CaseStep<'_>]) -> BTreeSet<Capability> {
    let mut needs = BTreeSet::new();
    authentication::of_flow(steps, &mut needs);
    sign_in::of_flow(steps, &mut needs);
    needs
}
