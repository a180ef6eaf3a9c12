//! Requirements: what the sources demand, one entry each, cited by every check.

mod catalogue;
mod citation;
mod excluded;
mod model;
mod profiles;

pub use catalogue::Catalogue;
pub use citation::Citation;
pub use excluded::Excluded;
pub use model::{Kind, Level, Profile, Requirement, RequirementId, Role, Tier};
pub use profiles::{Profiles, SetAside};
