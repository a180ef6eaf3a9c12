//! What the org's management API says of agents and servers, as far as a target file needs it.

use std::fmt::Write as _;

use crate::management::{Connection, ConnectionKind, Listed, Management, ManagementError};

/// Servers whose access policies are read: each costs a request.
const MOST_SERVERS: usize = 10;

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
    /// Active connections with other resources: the role in scenarios, and the resource indicator or ORN.
    pub resources: Vec<(&'static str, String)>,
    /// What could not be read, each with the reason and what to do.
    pub unread: Vec<String>,
}

/// A connection with a custom authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedServer {
    /// Its issuer.
    pub issuer: String,
    /// Scopes of the server that the connection allows.
    pub allowed: Vec<String>,
    /// Scopes of the server that it does not allow.
    pub others: Vec<String>,
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
    for server in &directory.servers {
        let leads_to = |connection: &&Connection| {
            connection.kind == ConnectionKind::CustomServer && connection.leads_to(&server.issuer)
        };
        if let Some(connection) = connections.iter().find(leads_to) {
            let scopes = kept(management.scopes(&server.id).await, &mut details.unread);
            let own = scopes.into_iter().filter(|scope| !scope.system);
            let (allowed, others) = own
                .map(|scope| scope.name)
                .partition(|scope| connection.allows(scope) == Some(true));
            details.servers.push(ConnectedServer {
                issuer: server.issuer.clone(),
                allowed,
                others,
            });
        }
    }
    for server in directory.servers.iter().take(MOST_SERVERS) {
        let policies = kept(management.policies(&server.id).await, &mut details.unread);
        let mut policies = policies.iter().filter(|policy| !policy.status.is_off());
        if policies.any(|policy| policy.is_for(agent)) {
            details.named_by.push(server.issuer.clone());
        }
    }
    let mut agents = directory.agents.iter();
    let app = agents
        .find(|one| one.id == agent)
        .and_then(|one| one.app.as_ref());
    if let Some(app) = app {
        match management.app(app).await {
            Ok(app) => details.redirect_uris = app.redirect_uris().to_vec(),
            Err(error) => details.unread.push(told(&error)),
        }
    }
    details
}

/// The first connections of each kind, by their role in scenarios.
fn resources(connections: &[Connection]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (kind, roles) in [
        (ConnectionKind::Secret, &["secret", "other_secret"][..]),
        (ConnectionKind::ServiceAccount, &["service_account"]),
        (ConnectionKind::Brokered, &["resource_server"]),
    ] {
        let of_kind = connections.iter().filter(|one| one.kind == kind);
        let names = of_kind.filter_map(|one| one.names().next());
        found.extend(roles.iter().copied().zip(names.map(str::to_owned)));
    }
    found
}

/// The entries of a list; where there are none to be had, why is noted.
fn kept<T>(listed: Result<Listed<T>, ManagementError>, unread: &mut Vec<String>) -> Vec<T> {
    match listed {
        Ok(listed) => listed.items,
        Err(error) => {
            unread.push(told(&error));
            Vec::new()
        }
    }
}

fn told(error: &ManagementError) -> String {
    let mut text = error.to_string();
    let _ = write!(text, "; {}", error.cure());
    text
}
