//! AI agents: their keys, what they are connected with, and who may delegate to them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::part;
use super::values::{last_of_orn, or_default};
use super::{Lifecycle, Listed, Management, ManagementError};

/// Where the API for AI agents is.
pub(super) const PRINCIPALS: &str = "/workload-principals/api/v1";

/// An AI agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "WrittenAgent")]
pub struct Agent {
    /// `wlp…`, its client id as well.
    pub id: String,
    /// Whether it is in use.
    pub status: Lifecycle,
    /// What people call it.
    pub name: String,
    /// The OIDC app it is bound to, where the answer says so.
    pub app_id: Option<String>,
    /// What machines that call it name as `resource`.
    pub resource_url: Option<String>,
    /// Its ORN, where the answer has it.
    pub orn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenAgent {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    status: Lifecycle,
    #[serde(default, deserialize_with = "or_default")]
    profile: Named,
    app_id: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    sign_on_provider: SignOnProvider,
    resource_url: Option<String>,
    orn: Option<String>,
    #[serde(rename = "_links", default, deserialize_with = "or_default")]
    links: Map<String, Value>,
}

/// The app by which users sign in to it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignOnProvider {
    app_instance_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
}

impl From<WrittenAgent> for Agent {
    fn from(written: WrittenAgent) -> Self {
        // Orgs were seen to name the ORN in nothing but this link.
        let linked = written.links.get("delegationLinks");
        let linked = linked.and_then(|link| orn_in(link.get("href")?.as_str()?));
        Self {
            id: written.id,
            status: written.status,
            name: written.profile.name,
            app_id: written.sign_on_provider.app_instance_id.or(written.app_id),
            resource_url: written.resource_url,
            orn: written.orn.or(linked),
        }
    }
}

/// The ORN that the filter of an address compares with.
fn orn_in(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let filter = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "filter")?;
    let orn = filter.1.split('"').nth(1)?;
    orn.starts_with("orn:").then(|| orn.to_owned())
}

/// A public key registered for an agent.
#[derive(Debug, Clone, Deserialize)]
pub struct AgentKey {
    /// The name that assertions give it.
    pub kid: Option<String>,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    /// Every other member, those of the JWK among them.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

impl AgentKey {
    /// A member of the JWK.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

/// What kind of thing an agent is connected with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum ConnectionKind {
    /// A custom authorization server of the org.
    CustomServer,
    /// An application with an authorization server of its own.
    App,
    /// An agent.
    Agent,
    /// An MCP server.
    McpServer,
    /// What a third party issues tokens for.
    Brokered,
    /// A vaulted secret.
    Secret,
    /// A vaulted service account.
    ServiceAccount,
    /// Another word of the API.
    Other(String),
}

impl ConnectionKind {
    /// As the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::CustomServer => "IDENTITY_ASSERTION_CUSTOM_AS",
            Self::App => "IDENTITY_ASSERTION_APP_INSTANCE",
            Self::Agent => "IDENTITY_ASSERTION_A2A_SERVER",
            Self::McpServer => "IDENTITY_ASSERTION_MCP_SERVER",
            Self::Brokered => "STS_ACCESS_TOKEN",
            Self::Secret => "STS_VAULT_SECRET",
            Self::ServiceAccount => "STS_SERVICE_ACCOUNT",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for ConnectionKind {
    fn from(word: String) -> Self {
        let known = [
            Self::CustomServer,
            Self::App,
            Self::Agent,
            Self::McpServer,
            Self::Brokered,
            Self::Secret,
            Self::ServiceAccount,
        ];
        let kind = known.into_iter().find(|kind| kind.as_str() == word);
        kind.unwrap_or(Self::Other(word))
    }
}

/// How the scopes of a connection are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum ScopeCondition {
    /// Every scope of the server.
    All,
    /// Those on the list.
    Only,
    /// All but those on the list.
    Except,
    /// Another word of the API.
    Other(String),
    /// The answer does not say.
    #[default]
    Unsaid,
}

impl From<String> for ScopeCondition {
    fn from(word: String) -> Self {
        match word.as_str() {
            "ALL_SCOPES" => Self::All,
            "INCLUDE_ONLY" => Self::Only,
            "EXCLUDE" => Self::Except,
            _ => Self::Other(word),
        }
    }
}

/// What an agent may reach.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// `mcn…`.
    pub id: String,
    /// What is at its other end.
    #[serde(rename = "connectionType")]
    pub kind: ConnectionKind,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    /// How `scopes` is meant.
    #[serde(default, deserialize_with = "or_default")]
    pub scope_condition: ScopeCondition,
    /// The scopes it names.
    #[serde(default, deserialize_with = "or_default")]
    pub scopes: Vec<String>,
    /// What requests name as `resource`.
    pub resource_indicator: Option<String>,
    /// The authorization server at its other end.
    pub authorization_server: Option<LinkedServer>,
    secret: Option<ByOrn>,
    service_account: Option<ByOrn>,
    resource: Option<ByOrn>,
    app: Option<ByOrn>,
    issuer_url: Option<String>,
}

/// An authorization server, as a connection names it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedServer {
    /// Its ORN.
    pub orn: Option<String>,
    /// Its issuer.
    pub issuer_url: Option<String>,
    /// What people call it.
    pub name: Option<String>,
}

/// Something that is named by its ORN.
#[derive(Debug, Clone, Default, Deserialize)]
struct ByOrn {
    orn: Option<String>,
}

impl Connection {
    /// Whether a scope may be asked for over it; `None` where its condition is not one that is known.
    #[must_use]
    pub fn allows(&self, scope: &str) -> Option<bool> {
        let is_listed = self.scopes.iter().any(|one| one == scope);
        match self.scope_condition {
            ScopeCondition::All => Some(true),
            ScopeCondition::Only => Some(is_listed),
            ScopeCondition::Except => Some(!is_listed),
            ScopeCondition::Other(_) | ScopeCondition::Unsaid => None,
        }
    }

    /// Every name under which its other end may be asked for: the resource indicator, and the ORN of what it is.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let named = [
            &self.secret,
            &self.service_account,
            &self.resource,
            &self.app,
        ];
        let orns = named
            .into_iter()
            .flatten()
            .filter_map(|one| one.orn.as_deref());
        self.resource_indicator
            .as_deref()
            .into_iter()
            .chain(self.issuer_url.as_deref())
            .chain(orns)
    }

    /// Whether it leads to the authorization server with this issuer, whose id is the last part of it.
    #[must_use]
    pub fn leads_to(&self, issuer: &str) -> bool {
        let Some(server) = &self.authorization_server else {
            return false;
        };
        if let Some(known) = &server.issuer_url {
            return known == issuer;
        }
        let id = issuer.rsplit('/').next().unwrap_or_default();
        server.orn.as_deref().map(last_of_orn) == Some(id)
    }
}

/// That a client may delegate to an agent.
#[derive(Debug, Clone, Deserialize)]
pub struct DelegationLink {
    /// `dlk…`.
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    from: End,
    #[serde(default, deserialize_with = "or_default")]
    to: End,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    client_orn: Option<String>,
    resource_orn: Option<String>,
}

impl DelegationLink {
    /// The client that may delegate.
    #[must_use]
    pub fn from_client(&self) -> Option<&str> {
        self.from.client_orn.as_deref().map(last_of_orn)
    }

    /// The agent that it may delegate to.
    #[must_use]
    pub fn to_agent(&self) -> Option<&str> {
        self.to.resource_orn.as_deref().map(last_of_orn)
    }
}

impl Management {
    /// All agents of the org.
    ///
    /// # Errors
    /// See [`ManagementError`]; so for every function here.
    pub async fn agents(&self) -> Result<Listed<Agent>, ManagementError> {
        let path = format!("{PRINCIPALS}/ai-agents");
        self.list(&path, &[], "list of AI agents").await
    }

    /// One agent.
    pub async fn agent(&self, id: &str) -> Result<Agent, ManagementError> {
        self.one(&path(id, ""), "AI agent").await
    }

    /// The public keys registered for an agent.
    pub async fn agent_keys(&self, id: &str) -> Result<Listed<AgentKey>, ManagementError> {
        self.list(&path(id, "/credentials/jwks"), &[], "list of keys")
            .await
    }

    /// What an agent may reach.
    pub async fn connections(&self, id: &str) -> Result<Listed<Connection>, ManagementError> {
        self.list(&path(id, "/connections"), &[], "list of connections")
            .await
    }

    /// Who may delegate to the agent with this ORN.
    pub async fn delegation_links_to(
        &self,
        orn: &str,
    ) -> Result<Listed<DelegationLink>, ManagementError> {
        let path = format!("{PRINCIPALS}/delegation-links");
        let filter = format!("to.resourceOrn eq \"{orn}\"");
        self.list(&path, &[("filter", &filter)], "list of delegation links")
            .await
    }
}

fn path(agent: &str, below: &str) -> String {
    format!("{PRINCIPALS}/ai-agents/{}{below}", part(agent))
}
