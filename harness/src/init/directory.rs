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
    /// Scopes of the server that the connection does not allow.
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
    for server in directory.servers.iter().take(MOST_SERVERS) {
        let rules = rules_for(management, server, agent, &mut details.unread).await;
        if rules.as_ref().is_some_and(|rules| !rules.is_empty()) {
            details.named_by.push(server.issuer.clone());
        }
        let leads_to = |connection: &&Connection| {
            connection.kind == ConnectionKind::CustomServer && connection.leads_to(&server.issuer)
        };
        let Some(connection) = connections.iter().find(leads_to) else {
            continue;
        };
        let scopes = kept(management.scopes(&server.id).await, &mut details.unread);
        let own = scopes.into_iter().filter(|scope| !scope.system);
        let (granted, ungranted): (Vec<String>, Vec<String>) = own
            .map(|scope| scope.name)
            .partition(|scope| connection.allows(scope) == Some(true));
        let by_rule = |scope: &String| {
            // Where the rules cannot be read, the connection alone says it.
            let rules = rules.as_ref();
            rules.is_none_or(|rules| rules.iter().any(|rule| rule.allows_scope(scope)))
        };
        let (allowed, forbidden) = granted.into_iter().partition(by_rule);
        details.servers.push(ConnectedServer {
            issuer: server.issuer.clone(),
            allowed,
            forbidden,
            ungranted,
        });
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

/// The active rules of policies for the agent that allow it to redeem an ID-JAG. `None` where the policies cannot be read.
async fn rules_for(
    management: &Management,
    server: &ServerEntry,
    agent: &str,
    unread: &mut Vec<String>,
) -> Option<Vec<PolicyRule>> {
    let policies = match management.policies(&server.id).await {
        Ok(policies) => policies.items,
        Err(error) => {
            unread.push(told(&error));
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
                (rules.items.into_iter())
                    .filter(|rule| !rule.status.is_off() && rule.allows_grant(JWT_BEARER)),
            ),
            Err(error) => {
                unread.push(told(&error));
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::secret::Secret;
    use crate::targets::ManagementToken;

    async fn org(answers: &[(&str, Value)]) -> (MockServer, Management) {
        let server = MockServer::start().await;
        for (at, body) in answers {
            let answer = ResponseTemplate::new(200).set_body_json(body);
            Mock::given(path(*at))
                .respond_with(answer)
                .mount(&server)
                .await;
        }
        let token = ManagementToken::Api(Secret::new("00secret-token"));
        let management = Management::at(&server.uri(), token, None).unwrap();
        (server, management)
    }

    #[tokio::test]
    async fn agents_servers_and_what_belongs_to_an_agent_are_found() {
        let agent = "/workload-principals/api/v1/ai-agents/wlp1";
        let servers = "/api/v1/authorizationServers";
        let rules = json!([
            { "id": "r1", "status": "ACTIVE", "conditions": {
                "grantTypes": { "include": [JWT_BEARER] }, "scopes": { "include": ["read"] } } },
            { "id": "r2", "status": "INACTIVE", "conditions": {
                "grantTypes": { "include": [JWT_BEARER] }, "scopes": { "include": ["*"] } } },
            { "id": "r3", "status": "ACTIVE", "conditions": {
                "grantTypes": { "include": ["password"] }, "scopes": { "include": ["*"] } } },
        ]);
        let connections = json!({ "data": [
            { "id": "mcn1", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "ACTIVE",
              "authorizationServer": { "orn": "orn:okta:idp:00o1:authorization_servers:aus1" },
              "scopeCondition": "EXCLUDE", "scopes": ["write"] },
            { "id": "mcn2", "connectionType": "STS_VAULT_SECRET", "status": "ACTIVE", "secret": { "orn": "orn:1" } },
            { "id": "mcn3", "connectionType": "STS_VAULT_SECRET", "status": "INACTIVE", "secret": { "orn": "orn:2" } },
            { "id": "mcn4", "connectionType": "STS_ACCESS_TOKEN", "status": "ACTIVE", "resourceIndicator": "https://t" },
        ] });
        let (_server, management) = org(&[
            (
                "/workload-principals/api/v1/ai-agents",
                json!({ "data": [{ "id": "wlp1", "status": "ACTIVE", "profile": { "name": "Chat" },
                    "signOnProvider": { "appInstanceId": "0oa1" } }] }),
            ),
            (
                servers,
                json!([
                    { "id": "aus1", "name": "Chat", "issuer": "https://o/oauth2/aus1", "status": "ACTIVE" },
                    { "id": "aus2", "name": "Old", "issuer": "https://o/oauth2/aus2", "status": "INACTIVE" },
                ]),
            ),
            (
                &format!("{agent}/credentials/jwks"),
                json!({ "data": [{ "kid": "k1", "status": "ACTIVE" }, { "kid": "k2", "status": "INACTIVE" }] }),
            ),
            (&format!("{agent}/connections"), connections),
            (
                &format!("{servers}/aus1/scopes"),
                json!([{ "name": "openid", "system": true }, { "name": "read" }, { "name": "admin" }, { "name": "write" }]),
            ),
            (
                &format!("{servers}/aus1/policies"),
                json!([{ "id": "p1", "status": "ACTIVE", "conditions": { "clients": { "include": ["wlp1"] } } }]),
            ),
            (&format!("{servers}/aus1/policies/p1/rules"), rules),
            (
                "/api/v1/apps/0oa1",
                json!({ "id": "0oa1", "settings": { "oauthClient": { "redirect_uris": ["http://localhost:1/c"] } } }),
            ),
        ])
        .await;
        let directory = directory(&management).await;
        assert_eq!(directory.unread, Vec::<String>::new());
        assert_eq!(directory.agents[0].name, "Chat");
        let ids: Vec<&str> = directory
            .servers
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        assert_eq!(ids, ["aus1"], "an inactive server is no choice");

        let details = agent_details(&management, &directory, "wlp1").await;
        assert_eq!(details.unread, Vec::<String>::new());
        let texts =
            |texts: &[&str]| -> Vec<String> { texts.iter().map(|one| (*one).to_owned()).collect() };
        assert_eq!(details.kids, ["k1"]);
        assert_eq!(details.redirect_uris, ["http://localhost:1/c"]);
        assert_eq!(details.named_by, ["https://o/oauth2/aus1"]);
        assert_eq!(
            details.servers,
            [ConnectedServer {
                issuer: "https://o/oauth2/aus1".to_owned(),
                allowed: texts(&["read"]),
                forbidden: texts(&["admin"]),
                ungranted: texts(&["write"]),
            }]
        );
        let names: Vec<(&str, &str)> = details
            .resources
            .iter()
            .map(|one| (one.role, one.name.as_str()))
            .collect();
        assert_eq!(
            names,
            [("secret", "orn:1"), ("resource_server", "https://t")]
        );
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_said_and_nothing_is_made_up() {
        let (_server, management) = org(&[]).await;
        let directory = directory(&management).await;
        assert!(directory.agents.is_empty() && directory.servers.is_empty());
        assert_eq!(directory.unread.len(), 2, "{:?}", directory.unread);
        assert!(
            directory.unread[0].contains("404"),
            "{:?}",
            directory.unread
        );
    }
}
