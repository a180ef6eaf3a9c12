//! Finds what a test names: by id, or by a name that is easier to remember.

use mock_okta_core::Snapshot;
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::org::{Client, ClientId, CustomServerId, Org, User, UserId};
use strict_yaml::did_you_mean;

use super::error::TokenError;
use crate::app::App;

/// By id, by login, or by the part of the login before its `@` where only one user has it.
pub(crate) fn user<'o>(snapshot: &'o Snapshot, name: &str) -> Result<&'o User, TokenError> {
    let org = &snapshot.org;
    org.user_named(name).ok_or_else(|| {
        let logins = || org.users.values().map(|user| user.login.as_str());
        let ids = org.users.keys().map(UserId::as_str);
        let names = logins()
            .chain(org.users.values().map(short_name))
            .chain(ids);
        not_found("user", name, names, logins())
    })
}

/// The one that there is; `None` where there are several.
fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn short_name(user: &User) -> &str {
    user.login.split('@').next().unwrap_or_default()
}

/// By id, by the role that it plays (`agent`, `web_app` …), or by its name where only one client has it.
pub(crate) fn client<'o>(
    app: &App,
    snapshot: &'o Snapshot,
    name: &str,
) -> Result<&'o Client, TokenError> {
    let clients = &snapshot.org.clients;
    client_in(&snapshot.org, &app.roles, name).ok_or_else(|| {
        let ids = || clients.keys().map(ClientId::as_str);
        let roles = app.roles.clients.keys().copied();
        not_found(
            "client",
            name,
            roles.clone().chain(ids()),
            roles.chain(ids()),
        )
    })
}

/// The same before there is an app.
pub(crate) fn client_in<'o>(org: &'o Org, roles: &TargetRoles, name: &str) -> Option<&'o Client> {
    let clients = &org.clients;
    let played = || clients.get(roles.clients.get(name)?);
    let named = || only(clients.values().filter(|client| client.name == name));
    clients.get(name).or_else(played).or_else(named)
}

/// A client that is an agent.
pub(super) fn agent<'o>(
    app: &App,
    snapshot: &'o Snapshot,
    name: &str,
) -> Result<&'o Client, TokenError> {
    let found = client(app, snapshot, name).ok();
    found.filter(|client| client.is_agent()).ok_or_else(|| {
        let clients = snapshot.org.clients.values();
        let agents = || clients.clone().filter(|client| client.is_agent());
        let ids = || agents().map(|agent| agent.id.as_str());
        let is_agent = |role: &str| {
            let id = app.roles.clients.get(role);
            id.is_some_and(|id| agents().any(|agent| agent.id == *id))
        };
        let roles = || {
            app.roles
                .clients
                .keys()
                .copied()
                .filter(|role| is_agent(role))
        };
        not_found("agent", name, roles().chain(ids()), roles().chain(ids()))
    })
}

/// By issuer, by id, by the role that it plays (`custom_as` …), or by its name where only one server has it. The org's own
/// server goes by its issuer.
pub(crate) fn server(app: &App, snapshot: &Snapshot, name: &str) -> Result<ServerName, TokenError> {
    if name == app.core.issuer(&ServerName::Org) {
        return Ok(ServerName::Org);
    }
    let servers = &snapshot.org.custom_servers;
    let by_issuer = || {
        let mut ids = servers.keys().cloned().map(ServerName::Custom);
        ids.find(|server| app.core.issuer(server) == name)
    };
    let by_name = || {
        let played = || servers.get(app.roles.servers.get(name)?);
        let named = || only(servers.values().filter(|server| server.name == name));
        let found = servers.get(name).or_else(played).or_else(named)?;
        Some(ServerName::Custom(found.id.clone()))
    };
    by_name().or_else(by_issuer).ok_or_else(|| {
        let ids = || servers.keys().map(CustomServerId::as_str);
        let roles = app.roles.servers.keys().copied();
        let names = roles.clone().chain(ids());
        not_found("authorization server", name, names, roles.chain(ids()))
    })
}

/// `names` are those that a slip of the pen is compared with, `known` those that the message lists.
fn not_found<'k>(
    what: &'static str,
    name: &str,
    names: impl IntoIterator<Item = &'k str>,
    known: impl IntoIterator<Item = &'k str>,
) -> TokenError {
    TokenError::NotFound {
        what,
        name: name.to_owned(),
        near: did_you_mean(name, names).map(str::to_owned),
        known: known.into_iter().map(str::to_owned).collect(),
    }
}
