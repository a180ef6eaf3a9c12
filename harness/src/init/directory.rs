//! What the org's management API says of agents and servers, as far as a target file needs it.

use std::fmt::Write as _;

use crate::management::{
    Connection, ConnectionKind, Listed, Management, ManagementError, PolicyRule,
};

/// Servers whose access policies are read: each costs some requests.
const MOST_SERVERS: usize = 10;

/// The grant by which an ID-JAG is redeemed (RFC 7523 §2.1).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Agents and custom authorization servers of an org. Empty where there is no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Agents.
    pub agents: Vec<AgentEntry>,
    /// Custom authorization servers.
    pub servers: Vec<ServerEntry>,
    /// What could not be read, each with the reason and what to do.
    pub unread: Vec<String>,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentEntry {
    /// Its id, which is its `client_id`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it may act, as Okta says it.
    pub status: String,
    /// The app that is bound to it.
    pub app: Option<String>,
}

/// A custom authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// `aud` of its access tokens.
    pub audience: Option<String>,
}

/// What belongs to one agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentDetails {
    /// Redirect URIs of its app.
    pub redirect_uris: Vec<String>,
    /// `kid` of its active keys.
    pub kids: Vec<String>,
    /// Active connections with custom authorization servers.
    pub servers: Vec<ConnectedServer>,
    /// Issuers of servers with an access policy that names the agent.
    pub named_by: Vec<String>,
    /// Active connections with other resources.
    pub resources: Vec<ConnectedResource>,
    /// What could not be read, each with the reason and what to do.
    pub unread: Vec<String>,
}

/// A connection with a custom authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedServer {
    /// Its issuer.
    pub issuer: String,
    /// Scopes that the connection allows and a rule of an access policy too.
    pub allowed: Vec<String>,
    /// Scopes that the connection allows and no rule.
    pub forbidden: Vec<String>,
    /// Scopes of the server that the connection does not allow. Of those on which it says nothing that is known, none is here.
    pub ungranted: Vec<String>,
}

/// A connection with something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedResource {
    /// Its role in scenarios.
    pub role: &'static str,
    /// Its resource indicator or ORN.
    pub name: String,
}

/// Reads agents and servers.
pub async fn directory(management: &Management) -> Directory {
    let mut directory = Directory::default();
    let agents = kept(management.agents().await, &mut directory.unread);
    directory.agents = agents
        .into_iter()
        .map(|agent| AgentEntry {
            status: agent.status.as_str().to_owned(),
            id: agent.id,
            name: agent.name,
            app: agent.app_id,
        })
        .collect();
    let servers = kept(management.servers().await, &mut directory.unread);
    directory.servers = servers
        .into_iter()
        .filter(|server| !server.status.is_off())
        .map(|server| ServerEntry {
            id: server.id,
            name: server.name,
            issuer: server.issuer,
            // There is exactly one (okta.md (a)).
            audience: server.audiences.into_iter().next(),
        })
        .collect();
    directory
}

/// Reads what belongs to an agent.
pub async fn agent_details(
    management: &Management,
    directory: &Directory,
    agent: &str,
) -> AgentDetails {
    let mut details = AgentDetails::default();
    let keys = kept(management.agent_keys(agent).await, &mut details.unread);
    let keys = keys.into_iter().filter(|key| !key.status.is_off());
    details.kids = keys.filter_map(|key| key.kid).collect();

    let connections = kept(management.connections(agent).await, &mut details.unread);
    let connections: Vec<Connection> = connections
        .into_iter()
        .filter(|connection| !connection.status.is_off())
        .collect();
    details.resources = resources(&connections);
    let connection_with = |server: &ServerEntry| {
        connections.iter().find(|connection| {
            connection.kind == ConnectionKind::CustomServer && connection.leads_to(&server.issuer)
        })
    };
    let mut servers: Vec<&ServerEntry> = directory.servers.iter().collect();
    // Those that the agent is connected with come first.
    servers.sort_by_key(|server| connection_with(server).is_none());
    if let Some(left_out) = servers.get(MOST_SERVERS..).filter(|rest| !rest.is_empty()) {
        details.unread.push(format!(
            "the access policies of {MOST_SERVERS} custom authorization servers were read, and not those of {} others: name the agent's with --server if it is one of them",
            left_out.len()
        ));
    }
    for server in servers.into_iter().take(MOST_SERVERS) {
        let rules = rules_for(management, server, agent, &mut details.unread).await;
        if rules.as_ref().is_some_and(|rules| !rules.is_empty()) {
            details.named_by.push(server.issuer.clone());
        }
        if let Some(connection) = connection_with(server) {
            let scopes = kept(management.scopes(&server.id).await, &mut details.unread);
            let own = scopes.into_iter().filter(|scope| !scope.system);
            let scopes = own.map(|scope| scope.name).collect();
            let connected = connected(server, connection, scopes, rules.as_deref());
            details.servers.push(connected);
        }
    }
    let mut agents = directory.agents.iter();
    let app = agents
        .find(|one| one.id == agent)
        .and_then(|one| one.app.as_ref());
    if let Some(app) = app {
        match management.app(app).await {
            Ok(app) => details.redirect_uris = app.redirect_uris().to_vec(),
            Err(error) => details.unread.push(describe_error(&error)),
        }
    }
    details
}

/// What a connection and the rules of a server say of the server's scopes.
fn connected(
    server: &ServerEntry,
    connection: &Connection,
    scopes: Vec<String>,
    rules: Option<&[PolicyRule]>,
) -> ConnectedServer {
    let mut found = ConnectedServer {
        issuer: server.issuer.clone(),
        allowed: Vec::new(),
        forbidden: Vec::new(),
        ungranted: Vec::new(),
    };
    for scope in scopes {
        // Where the rules cannot be read, the connection alone says it.
        let by_rule =
            || rules.is_none_or(|rules| rules.iter().any(|rule| rule.allows_scope(&scope)));
        let list = match connection.allows(&scope) {
            Some(true) if by_rule() => &mut found.allowed,
            Some(true) => &mut found.forbidden,
            Some(false) => &mut found.ungranted,
            // It may be granted or not.
            None => continue,
        };
        list.push(scope);
    }
    found
}

/// The id of a user, or why it is not known.
///
/// # Errors
/// With words for whoever is asked.
pub async fn user_id(management: &Management, login: &str) -> Result<String, String> {
    let user = management.user(login).await;
    user.map(|user| user.id)
        .map_err(|error| format!("the id of {login} is not known: {}", describe_error(&error)))
}

/// The active rules of policies for the agent that allow it to redeem an ID-JAG. `None` where the policies cannot be read.
async fn rules_for(
    management: &Management,
    server: &ServerEntry,
    agent: &str,
    unread: &mut Vec<String>,
) -> Option<Vec<PolicyRule>> {
    let policies = match management.policies(&server.id).await {
        Ok(policies) => whole(policies, unread),
        Err(error) => {
            unread.push(describe_error(&error));
            return None;
        }
    };
    let mut found = Vec::new();
    for policy in policies {
        if policy.status.is_off() || !policy.is_for(agent) {
            continue;
        }
        match management.rules(&server.id, &policy.id).await {
            Ok(rules) => found.extend(
                (whole(rules, unread).into_iter())
                    .filter(|rule| !rule.status.is_off() && rule.allows_grant(JWT_BEARER)),
            ),
            Err(error) => {
                unread.push(describe_error(&error));
                return None;
            }
        }
    }
    Some(found)
}

/// What is connected beside authorization servers.
fn resources(connections: &[Connection]) -> Vec<ConnectedResource> {
    let resource = |connection: &Connection| {
        let role = match connection.kind {
            ConnectionKind::Secret => "secret",
            ConnectionKind::ServiceAccount => "service_account",
            ConnectionKind::Brokered => "resource_server",
            _ => return None,
        };
        let name = connection.names().next()?.to_owned();
        Some(ConnectedResource { role, name })
    };
    connections.iter().filter_map(resource).collect()
}

/// The entries of a list; where there are none to be had, why is noted.
fn kept<T>(listed: Result<Listed<T>, ManagementError>, unread: &mut Vec<String>) -> Vec<T> {
    match listed {
        Ok(listed) => whole(listed, unread),
        Err(error) => {
            unread.push(describe_error(&error));
            Vec::new()
        }
    }
}

/// The entries of a list; that there are more is noted.
fn whole<T>(listed: Listed<T>, unread: &mut Vec<String>) -> Vec<T> {
    if !listed.is_whole {
        unread.push(format!(
            "a list of the org was not read to its end, and only its first {} entries are known",
            listed.items.len()
        ));
    }
    listed.items
}

fn describe_error(error: &ManagementError) -> String {
    let mut text = error.to_string();
    let _ = write!(text, "; {}", error.cure());
    text
}

#[cfg(test)]
mod tests;
