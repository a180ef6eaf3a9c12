//! Scenarios for an agent under test: `scenarios/agent/`. They use the matchers of the other scenarios and cite the same
//! catalogue; what they describe is not a sequence of requests but what must be seen of those that an agent sends.

pub(crate) mod changes;
mod form;
mod load;
pub mod model;
mod path;

pub use load::{AgentLibrary, embedded, from_dir, schema};
