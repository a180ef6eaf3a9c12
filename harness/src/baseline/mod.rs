//! The baseline: the known deviations of a target, each with its reason, in a file that people keep.
//!
//! A run is compared with it ([`compare()`]): what it names may deviate in the way it names, and in no other. What
//! deviates beside that breaks a build, and so does what no longer deviates: a stale entry would hide its return.
//! [`write()`] makes the file from a run, [`update()`] edits it and leaves alone what it need not change.

mod compare;
mod edit;
mod model;
mod read;
#[cfg(test)]
mod sample;
mod schema;
#[cfg(test)]
mod tests;
mod update;
mod write;

pub use compare::{compare, judge};
pub use model::{Baseline, Entry, Expected, Known};
pub use read::{Placeholders, is_reason};
pub use schema::schema;
pub use update::{Change, Update, UpdateError, update};
pub use write::{count, write};
