//! A read-only client of Okta's management API: what an administrator has set, exactly as it is set (okta.md (g)).
//!
//! It sends GET requests and nothing else. Unknown members of an answer are passed over, because the API for AI agents is a
//! Beta; a member that is missing is [`None`], empty or [`Lifecycle::Other`], and whoever judges it says that it is unknown.

mod agents;
mod client;
mod error;
mod links;
mod log;
mod people;
mod servers;
mod values;

pub use agents::{
    Agent, AgentKey, Connection, ConnectionKind, DelegationLink, LinkedServer, ScopeCondition,
};
pub use client::{Listed, Management};
pub use error::ManagementError;
pub use log::LogEntry;
pub use people::{App, AppUser, User};
pub use servers::{CustomServer, Policy, PolicyRule, Scope};
pub use values::{Lifecycle, last_of_orn};

#[cfg(test)]
mod tests;
