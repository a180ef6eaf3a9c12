//! The flow of a case as a sequence diagram, drawn from what was recorded.

mod draw;
mod lane;
mod message;

pub(super) use draw::{Symbols, diagram};
pub(super) use lane::lane;
pub(super) use message::messages;

#[cfg(test)]
mod tests;
