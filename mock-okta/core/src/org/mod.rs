//! The org: what an administrator configures.

mod file;
mod model;
mod names;
pub mod target;

pub use file::OrgFile;
pub use model::{
    AccessPolicy, AccessRule, ApplicationType, AuthMethod, Client, ClientKeySpec, ClientKind,
    ConnectionTarget, CustomServer, GrantType, KeyAlg, KeyOrigin, Org, ProtectedResource,
    ResourceConnection, ScopeCondition, ServiceAccount, Status, Takes, ThirdParty, User, Users,
    VaultedSecret,
};
pub use names::{ClientId, ConnectionId, CustomServerId, ThirdPartyId, UserId};
