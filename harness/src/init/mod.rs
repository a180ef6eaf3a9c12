//! A first target file for an org: whether an address is an org's, what the org itself says of agents and connections, and the
//! text of the file.

mod address;
mod directory;
mod draft;
mod metadata;
mod page;

pub use address::{WrongAddress, org_issuer};
pub use directory::{
    AgentDetails, AgentEntry, ConnectedResource, ConnectedServer, Directory, ServerEntry,
    agent_details, directory, user_id,
};
#[cfg(test)]
pub(crate) use draft::sample;
pub use draft::{
    AgentDraft, AuthDraft, Draft, KeyDraft, Reference, ServerDraft, Token, TokenKind, UserDraft,
};
pub use metadata::{NoOrg, find_org};
pub use page::page;
