//! Custom authorization servers: their scopes, access policies and rules.

use serde::Deserialize;

use super::client::part;
use super::values::{Included, or_default};
use super::{Lifecycle, Listed, Management, ManagementError};

const SERVERS: &str = "/api/v1/authorizationServers";

/// Every client or every group, in a condition of a policy or a rule.
const ALL_CLIENTS: &str = "ALL_CLIENTS";
const EVERY_SCOPE: &str = "*";

/// A custom authorization server.
#[derive(Debug, Clone, Deserialize)]
pub struct CustomServer {
    /// `aus…` or `default`.
    pub id: String,
    /// What people call it.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Its issuer.
    #[serde(default, deserialize_with = "or_default")]
    pub issuer: String,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    /// The audience of its tokens; there is one.
    #[serde(default, deserialize_with = "or_default")]
    pub audiences: Vec<String>,
}

/// A scope that it defines.
#[derive(Debug, Clone, Deserialize)]
pub struct Scope {
    /// As requests name it.
    pub name: String,
    /// Whether it is one of those that every server has.
    #[serde(default, deserialize_with = "or_default")]
    pub system: bool,
}

/// An access policy: for which clients its rules are.
#[derive(Debug, Clone, Deserialize)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// What people call it.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    /// Its place: the lowest is asked first.
    pub priority: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    conditions: PolicyConditions,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct PolicyConditions {
    #[serde(default, deserialize_with = "or_default")]
    clients: Included,
}

impl Policy {
    /// Whether it is for this client.
    #[must_use]
    pub fn is_for(&self, client_id: &str) -> bool {
        let clients = &self.conditions.clients.include;
        clients
            .iter()
            .any(|one| one == client_id || one == ALL_CLIENTS)
    }

    /// Whether it names this client itself, and not all of them.
    #[must_use]
    pub fn names(&self, client_id: &str) -> bool {
        let clients = &self.conditions.clients.include;
        clients.iter().any(|one| one == client_id)
    }
}

/// A rule of a policy: which grant, for whom, with which scopes.
#[derive(Debug, Clone, Deserialize)]
pub struct PolicyRule {
    /// Its id.
    pub id: String,
    /// What people call it.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    /// Its place: the lowest is asked first.
    pub priority: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    conditions: RuleConditions,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleConditions {
    #[serde(default, deserialize_with = "or_default")]
    people: People,
    #[serde(default, deserialize_with = "or_default")]
    grant_types: Included,
    #[serde(default, deserialize_with = "or_default")]
    scopes: Included,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct People {
    #[serde(default, deserialize_with = "or_default")]
    groups: Included,
    #[serde(default, deserialize_with = "or_default")]
    users: Included,
}

impl PolicyRule {
    /// Whether it allows a grant type.
    #[must_use]
    pub fn allows_grant(&self, grant_type: &str) -> bool {
        let grants = &self.conditions.grant_types.include;
        grants.iter().any(|one| one == grant_type)
    }

    /// Whether it allows a scope.
    #[must_use]
    pub fn allows_scope(&self, scope: &str) -> bool {
        let scopes = &self.conditions.scopes.include;
        scopes.iter().any(|one| one == scope || one == EVERY_SCOPE)
    }

    /// Whether it is for everybody; `None` where it is for groups or users that would have to be looked up.
    #[must_use]
    pub fn is_for_everyone(&self) -> Option<bool> {
        let groups = &self.conditions.people.groups.include;
        groups.iter().any(|one| one == "EVERYONE").then_some(true)
    }

    /// Whether it names this user.
    #[must_use]
    pub fn names_user(&self, id: &str) -> bool {
        let users = &self.conditions.people.users.include;
        users.iter().any(|one| one == id)
    }
}

impl Management {
    /// All custom authorization servers.
    ///
    /// # Errors
    /// See [`ManagementError`]; so for every function here.
    pub async fn servers(&self) -> Result<Listed<CustomServer>, ManagementError> {
        self.list(SERVERS, &[], "list of authorization servers")
            .await
    }

    /// The scopes that a server defines.
    pub async fn scopes(&self, server: &str) -> Result<Listed<Scope>, ManagementError> {
        let path = format!("{SERVERS}/{}/scopes", part(server));
        self.list(&path, &[], "list of scopes").await
    }

    /// The access policies of a server.
    pub async fn policies(&self, server: &str) -> Result<Listed<Policy>, ManagementError> {
        let path = format!("{SERVERS}/{}/policies", part(server));
        self.list(&path, &[], "list of access policies").await
    }

    /// The rules of a policy.
    pub async fn rules(
        &self,
        server: &str,
        policy: &str,
    ) -> Result<Listed<PolicyRule>, ManagementError> {
        let path = format!("{SERVERS}/{}/policies/{}/rules", part(server), part(policy));
        self.list(&path, &[], "list of rules").await
    }
}
