//! Rules: each file judges one thing and returns what it proved, so that a recipe cannot mint without it.

pub mod access_token;
pub mod browser;
pub mod client_assertion;
pub mod client_authentication;
pub mod connection;
pub mod consent;
pub mod entitlement;
pub mod grant_allowed;
pub mod id_jag;
pub mod jws;
pub mod machine;
pub mod monthly_cap;
pub mod parameters;
pub mod pkce;
pub mod policy;
pub mod prompt;
pub mod resource;
pub mod scopes;
pub mod session;
pub mod subject_token;
