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
    /// Whether a scope is on the connection.
    pub fn allows(&self, scope: &str) -> bool {
        match self {
            Self::All => true,
            Self::IncludeOnly(scopes) => scopes.contains(scope),
            Self::Exclude(scopes) => !scopes.contains(scope),
        }
    }
}
