//! Two runs side by side: between two targets, or one target yesterday and today.
//!
//! Verdicts cover only what the scenarios ask. Two runs in which everything passed may still have seen different things:
//! a header more, a claim less, another status among those that are accepted. [`diff`] compares that too, without what
//! differs from run to run anyway: times, ids, fingerprints, addresses. What differs in the same way in many cases is
//! listed once.

mod compare;
mod gather;
mod model;
mod neutral;
mod observe;
mod page;
#[cfg(test)]
mod sample;
mod subject;

pub use compare::diff;
pub use model::{Cases, Diff, Difference, Side, VerdictChange};
pub use page::{console, html, markdown};
pub use subject::{Names, Seen, Subject};
