//! Requirements: what the sources demand, one entry each, cited by every check.

mod catalogue;
mod citation;
mod demands;
mod excluded;
mod model;
mod profiles;
mod source;

pub use catalogue::Catalogue;
pub use citation::Citation;
pub use excluded::Excluded;
pub use model::{
    Demand, Kind, Level, Profile, Requirement, RequirementId, Role, Tier, UnknownWord, Yields,
};
pub use profiles::{Profiles, SetAside};
pub use source::{Passage, Source};
