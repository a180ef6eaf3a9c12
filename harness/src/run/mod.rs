//! Running: cases in, events out.

mod case;
mod conclude;
mod finding;
mod invariants;
mod keys;
mod participants;
mod perform;
mod preflight;
mod probe;
mod race;
mod reached;
mod runner;
mod save;
mod schedule;
mod shared;
mod success;
mod tape;
mod trace;
mod twin;
mod vars;

#[cfg(feature = "embedded")]
pub(crate) use conclude::verdict_of;
#[cfg(feature = "embedded")]
pub(crate) use finding::record as record_finding;
#[cfg(feature = "embedded")]
pub(crate) use participants::of as participants;

pub use crate::result::{EventSink, RunEvent};
pub use runner::{DEADLINE, RunOptions, run};
pub use tape::Tape;

#[cfg(test)]
mod tests;
