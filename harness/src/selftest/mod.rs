//! The selftest: does each check fail when it should? An org is given one defect after the other, the cases that can
//! notice it are run, and the matrix says who noticed. And does none fail when it should not? See [`tolerance`].

mod clean;
mod control;
mod engine;
mod judge;
mod matrix;
mod page;
mod promising;
mod registry;
mod subset;
pub mod tolerance;
mod trace;

pub use control::{ControlError, Defect, Variation};
pub use engine::{Choice, Event, Input, SelftestError, defects, selftest};
pub use matrix::{Catch, Counts, Fate, MATRIX_VERSION, Matrix, Row};
pub use page::{json, markdown, summary};
pub use registry::Registry;
