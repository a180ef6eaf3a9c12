//! Running: cases in, events out.

mod case;
mod conclude;
mod doctor;
mod finding;
mod invariants;
mod keys;
mod ledger;
mod meanwhile;
mod options;
mod participants;
mod patience;
mod perform;
mod preflight;
mod probe;
mod race;
mod reached;
mod replay;
mod runner;
mod save;
mod schedule;
mod shared;
mod sign_ins;
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
pub use doctor::doctor;
pub use options::{AtEnd, DEADLINE, RunOptions, WaitingTime};
pub use replay::Replay;
pub use runner::run;
pub use tape::Tape;

#[cfg(test)]
mod tests;
