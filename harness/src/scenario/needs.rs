//! What a target must be able to do and to know, derived from the steps.

use std::collections::BTreeSet;

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
