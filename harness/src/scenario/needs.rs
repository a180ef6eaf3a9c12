//! What a target must be able to do and to know, derived from the steps.

use std::collections::BTreeSet;

use super::model::{
    Action, Capability, Change, ClientRole, Configured, ControlCommand, JwtMutation, SignWith,
    Template, UserRole,
};
use super::step::roles;

/// Scopes that a target which is given an ID token is taken to have asked for.
const PLAIN_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Adds what an action needs, its templates aside.
pub(crate) fn of_action(action: &Action, needs: &mut BTreeSet<Capability>) {
    let (server, client) = roles(action);
    if let Some(server) = server {
        needs.insert(Capability::Knows(format!("{server}.issuer")));
    }
    match action {
        Action::SignIn {
            client,
            user,
            scope,
            nonce,
        } => {
            needs.insert(Capability::UserSignIn);
            // A token that was given to the target is ada's, from the client that signs users in.
            let given = *user == UserRole::Ada
                && matches!(client, ClientRole::UserClient | ClientRole::Agent);
            if !given || nonce.is_some() || !scope.as_ref().is_none_or(is_plain) {
                needs.insert(Capability::SignInPage);
                knows_user(*user, needs);
                knows_client(*client, needs);
            }
        }
        Action::Authorize { user, client, .. } => {
            needs.insert(Capability::SignInPage);
            if let Some(user) = user {
                knows_user(*user, needs);
            }
            knows_client(*client, needs);
        }
        Action::Visit { .. } => {
            needs.insert(Capability::SignInPage);
        }
        Action::Consent { user, .. } => {
            needs.insert(Capability::ConsentPage);
            if let Some(user) = user {
                knows_user(*user, needs);
            }
        }
        Action::Control(command) => {
            needs.insert(Capability::Control);
            of_command(command, needs);
        }
        Action::Sign { .. } => {
            needs.insert(Capability::Forge);
        }
        Action::AdvanceClock(_) => {
            needs.insert(Capability::Clock);
        }
        _ => client
            .iter()
            .for_each(|client| knows_client(*client, needs)),
    }
}

/// Adds what a change needs, its templates aside.
pub(crate) fn of_change(change: &Change, needs: &mut BTreeSet<Capability>) {
    change
        .client
        .iter()
        .for_each(|client| knows_client(*client, needs));
    if let Some(server) = change.at {
        needs.insert(Capability::Knows(format!("{server}.issuer")));
    }
    for signer in change.jwts().flat_map(JwtMutation::signers) {
        match signer {
            SignWith::Client(client) => knows_client(client, needs),
            SignWith::Server(server) => {
                needs.insert(Capability::Forge);
                needs.insert(Capability::Knows(format!("{server}.issuer")));
            }
            _ => {}
        }
    }
}

/// Whether what the step does changes what others would see, so that it must run alone.
pub(crate) fn is_exclusive(action: &Action) -> bool {
    matches!(
        action,
        Action::Control(_) | Action::AdvanceClock(_) | Action::Consent { .. }
    )
}

fn is_plain(scope: &Template) -> bool {
    scope
        .as_literal()
        .is_some_and(|scope| scope.split(' ').all(|one| PLAIN_SCOPES.contains(&one)))
}

fn of_command(command: &ControlCommand, needs: &mut BTreeSet<Capability>) {
    match command {
        ControlCommand::SuspendUser(user) | ControlCommand::RestoreUser(user) => {
            knows_user(*user, needs);
        }
        ControlCommand::DeactivateAgent(agent)
        | ControlCommand::ActivateAgent(agent)
        | ControlCommand::DeactivateConnection(agent, _)
        | ControlCommand::ActivateConnection(agent, _) => knows_client(*agent, needs),
        ControlCommand::GrantConsent(user, agent, _)
        | ControlCommand::RefuseConsent(user, agent, _)
        | ControlCommand::WithdrawConsent(user, agent, _) => {
            knows_user(*user, needs);
            knows_client(*agent, needs);
        }
        ControlCommand::RotateKey(server)
        | ControlCommand::Configure(Configured::Server(server), _) => {
            needs.insert(Capability::Knows(format!("{server}.issuer")));
        }
        ControlCommand::Configure(Configured::Client(client), _) => knows_client(*client, needs),
        ControlCommand::PublishKeys { of, .. } => {
            if let Some(client) = of {
                knows_client(*client, needs);
            }
        }
        ControlCommand::Configure(Configured::Behaviours, _) => {}
    }
}

fn knows_user(user: UserRole, needs: &mut BTreeSet<Capability>) {
    needs.insert(Capability::Knows(format!("{user}.login")));
}

fn knows_client(client: ClientRole, needs: &mut BTreeSet<Capability>) {
    needs.insert(Capability::Knows(format!("{client}.client_id")));
}
