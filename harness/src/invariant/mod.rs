//! Rules that hold for every answer of a kind, judged on every exchange of a run. Pure: an exchange and what is known of
//! its case in, findings out. Whoever runs counts them.
//!
//! `classify` says what an exchange is, `lineage` whose sign-in it goes back to, `names` what a rule may refer to,
//! `relation` what no matcher can say; `engine` applies the rules.

mod classify;
mod engine;
mod lineage;
mod names;
mod relation;
mod shape;
#[cfg(test)]
mod tests;
mod token;

pub use classify::Class;
pub use engine::{Engine, Judged, Seen};
pub use lineage::Lineage;
pub use relation::Memory;
