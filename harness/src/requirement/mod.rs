//! Requirements: what the sources demand, one entry each, cited by every check.

mod catalogue;
mod excluded;
mod model;
mod profiles;

pub use catalogue::Catalogue;
pub use excluded::Excluded;
pub use model::{Kind, Level, Profile, Requirement, RequirementId, Role, Tier};
pub use profiles::{Profiles, SetAside};
