//! Scenarios: what is checked, as data.
//!
//! A file is read into *forms* (`document`, `step`, `expect`, `change`, …): strict, each with its place, each mistake
//! noted and passed over, so that all are found at once. The same definitions make the JSON Schema ([`schema()`]), so
//! editors know what the reader knows. `resolve` turns forms into the [`model`], with every name checked:
//! requirements, roles, steps, saved values. [`load`] does this for a folder or for what is in the binary.

pub mod agent;
pub mod case_step;
mod cases;
mod change;
mod codes;
pub mod describe;
mod document;
mod expect;
mod flow;
mod form;
mod hmac_key;
pub mod invariant;
pub mod load;
pub(crate) mod matcher;
pub mod model;
mod names;
mod needs;
pub mod other_way;
mod resolve;
mod save;
mod schema;
mod shared;
mod state_changes;
pub mod step;
mod template;
#[cfg(test)]
mod tests;
mod value;
mod visit;

pub use flow::{Case, Scenario, Step};
pub use load::{embedded, embedded_invariants, from_dir, invariants_of};
pub use schema::schema;
pub use state_changes::state_changes;
