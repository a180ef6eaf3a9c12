//! The org: what an administrator configures.

mod client;
mod client_key;
mod connection;
mod file;
mod model;
mod names;
mod protected_resource;
mod server;
pub mod target;
pub(crate) mod uri;
mod vault;

pub use client::{ApplicationType, AuthMethod, Client, ClientKind, ConsentMethod, GrantType};
pub use client_key::{ClientKeySpec, KeyAlg, KeyOrigin};
pub use connection::{ConnectionTarget, ResourceConnection, ScopeCondition};
pub use file::{OrgFile, Written};
pub use model::{Org, SessionLimits, Status, User, UserStatus, Users};
pub use names::{ClientId, ConnectionId, CustomServerId, ThirdPartyId, UserId};
pub use protected_resource::{ProtectedResource, Takes};
pub use server::{AccessPolicy, AccessRule, CustomServer};
pub use vault::{ServiceAccount, ThirdParty, VaultedSecret};
