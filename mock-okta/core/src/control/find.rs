//! Finds what a command names, or says what there is instead.

use std::collections::BTreeSet;

use super::error::ControlError;
use crate::issuers::Issuers;
use crate::keys::ServerName;
use crate::org::{Client, ConnectionId, ConnectionTarget, Org, ResourceConnection, User};

/// By id, by login, or by the part of the login before its `@` where only one user has it.
pub(super) fn user<'o>(org: &'o Org, name: &str) -> Result<&'o User, ControlError> {
    let found = org.user_named(name);
    found.ok_or_else(|| {
        let ids = org.users.values().map(|user| user.id.as_str());
        let logins = org.users.values().map(|user| user.login.as_str());
        ControlError::not_found("user", name, ids.chain(logins))
    })
}

pub(super) fn agent<'o>(org: &'o Org, id: &str) -> Result<&'o Client, ControlError> {
    let agents = || org.clients.values().filter(|client| client.is_agent());
    agents()
        .find(|agent| agent.id.as_str() == id)
        .ok_or_else(|| {
            let known: Vec<&str> = agents().map(|agent| agent.id.as_str()).collect();
            ControlError::not_found("agent", id, known)
        })
}

pub(super) fn connection<'o>(
    org: &'o Org,
    id: &str,
) -> Result<&'o ResourceConnection, ControlError> {
    org.connections.get(id).ok_or_else(|| {
        let known = org.connections.keys().map(ConnectionId::as_str);
        ControlError::not_found("connection", id, known)
    })
}

/// The connection of an agent that `resource` names: as the agent itself would, or by id.
pub(super) fn connection_of<'o>(
    org: &'o Org,
    issuers: Issuers<'_>,
    agent: &Client,
    resource: &str,
) -> Result<&'o ResourceConnection, ControlError> {
    let mut known = BTreeSet::new();
    for connection in org.connections_of(&agent.id) {
        let names = names(org, issuers, connection);
        if names.iter().any(|name| name == resource) {
            return Ok(connection);
        }
        known.extend(names);
    }
    let what = format!("connection of {} to", agent.id);
    let known = known.iter().map(String::as_str);
    Err(ControlError::not_found(&what, resource, known))
}

/// The authorization server of an issuer.
pub(super) fn server(
    org: &Org,
    issuers: Issuers<'_>,
    issuer: &str,
) -> Result<ServerName, ControlError> {
    issuers.server(org, issuer).ok_or_else(|| {
        let known = all(org, issuers);
        ControlError::not_found("issuer", issuer, known.iter().map(String::as_str))
    })
}

/// Issuers of all servers of the org.
fn all(org: &Org, issuers: Issuers<'_>) -> Vec<String> {
    let custom = org.custom_servers.keys().cloned().map(ServerName::Custom);
    std::iter::once(ServerName::Org)
        .chain(custom)
        .map(|name| issuers.of(&name))
        .collect()
}

/// What a connection may be called by.
fn names(org: &Org, issuers: Issuers<'_>, connection: &ResourceConnection) -> Vec<String> {
    let own = match &connection.target {
        ConnectionTarget::CustomServer { server, .. } => {
            Some(issuers.of(&ServerName::Custom(server.clone())))
        }
        ConnectionTarget::Secret { secret } => {
            org.secrets.get(secret).map(|found| found.orn.clone())
        }
        ConnectionTarget::ServiceAccount { service_account } => org
            .service_accounts
            .get(service_account)
            .map(|found| found.orn.clone()),
        ConnectionTarget::ThirdParty { .. } => None,
    };
    let mut names = vec![connection.id.as_str().to_owned()];
    names.extend(own);
    names.extend(connection.resource_indicator.clone());
    names
}
