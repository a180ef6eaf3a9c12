//! Resource connections: what an agent may reach.

use std::collections::BTreeSet;

use super::model::Status;
use super::names::{ClientId, ConnectionId, CustomServerId, ThirdPartyId};

/// What an agent may reach.
#[derive(Debug, Clone)]
pub struct ResourceConnection {
    /// `mcn…`
    pub id: ConnectionId,
    /// Whose.
    pub agent: ClientId,
    /// To what.
    pub target: ConnectionTarget,
    /// Other value a client may send as `resource`.
    pub resource_indicator: Option<String>,
    /// Whether it may be used.
    pub status: Status,
}

/// The four connection types of the guide.
#[derive(Debug, Clone)]
pub enum ConnectionTarget {
    /// `IDENTITY_ASSERTION_CUSTOM_AS`
    CustomServer {
        /// Which.
        server: CustomServerId,
        /// Which scopes may be asked for.
        scopes: ScopeCondition,
    },
    /// `STS_VAULT_SECRET`
    Secret {
        /// Id of the vaulted secret.
        secret: String,
    },
    /// `STS_SERVICE_ACCOUNT`
    ServiceAccount {
        /// Id of the service account.
        service_account: String,
    },
    /// `STS_ACCESS_TOKEN`
    ThirdParty {
        /// Which.
        third_party: ThirdPartyId,
        /// Scopes asked of it.
        scopes: Vec<String>,
    },
}

impl ConnectionTarget {
    /// Type of a connection to a custom authorization server.
    pub const CUSTOM_SERVER: &'static str = "IDENTITY_ASSERTION_CUSTOM_AS";
    /// Type of a connection to a secret.
    pub const SECRET: &'static str = "STS_VAULT_SECRET";
    /// Type of a connection to a service account.
    pub const SERVICE_ACCOUNT: &'static str = "STS_SERVICE_ACCOUNT";
    /// Type of a connection to a third party.
    pub const THIRD_PARTY: &'static str = "STS_ACCESS_TOKEN";

    /// The type, as Okta's API names it.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::CustomServer { .. } => Self::CUSTOM_SERVER,
            Self::Secret { .. } => Self::SECRET,
            Self::ServiceAccount { .. } => Self::SERVICE_ACCOUNT,
            Self::ThirdParty { .. } => Self::THIRD_PARTY,
        }
    }
}

/// Which scopes a connection carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeCondition {
    /// Every scope of the server.
    All,
    /// These only.
    IncludeOnly(BTreeSet<String>),
    /// All but these.
    Exclude(BTreeSet<String>),
}

impl ScopeCondition {
    /// Name of [`Self::All`].
    pub const ALL: &'static str = "ALL_SCOPES";
    /// Name of [`Self::IncludeOnly`].
    pub const INCLUDE_ONLY: &'static str = "INCLUDE_ONLY";
    /// Name of [`Self::Exclude`].
    pub const EXCLUDE: &'static str = "EXCLUDE";

    /// As Okta's API names it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::All => Self::ALL,
            Self::IncludeOnly(_) => Self::INCLUDE_ONLY,
            Self::Exclude(_) => Self::EXCLUDE,
        }
    }

    /// Whether a scope is on the connection.
    pub fn allows(&self, scope: &str) -> bool {
        match self {
            Self::All => true,
            Self::IncludeOnly(scopes) => scopes.contains(scope),
            Self::Exclude(scopes) => !scopes.contains(scope),
        }
    }
}
