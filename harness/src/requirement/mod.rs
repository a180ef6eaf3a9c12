//! Requirements: what the sources demand, one entry each, cited by every check.

mod catalogue;
mod model;

pub use catalogue::Catalogue;
pub use model::{Kind, Level, Profile, Requirement, RequirementId, Role, Tier};
