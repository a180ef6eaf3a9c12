//! Tokens: one kind a file.

pub mod access_token;
pub mod actor;
pub mod id_jag;
pub mod id_token;
pub mod jwt;
