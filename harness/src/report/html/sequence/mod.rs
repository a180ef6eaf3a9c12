//! The flow of a case as a sequence diagram, drawn from what was recorded.

mod draw;
mod message;
mod unseen;

pub(super) use draw::{Symbols, diagram};
pub(super) use message::{lane, messages};

#[cfg(test)]
mod tests;
