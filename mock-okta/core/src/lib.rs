//! The mock org without I/O: a request, an instant and a source of randomness in; a response and a journal entry out.

pub mod behaviour;
pub mod control;
pub mod keys;
pub mod org;
pub mod pages;
pub mod secret;
