//! Tokens: one kind a file.

pub mod access_token;
pub mod actor;
mod compact;
pub mod id_jag;
pub mod id_token;
pub mod jwt;
