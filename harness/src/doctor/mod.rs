//! Is an org ready to be measured? What is checked, what came of it, and what an org's own settings say about it.
//!
//! Each check is *ok*, *problem* or *unknown*, and a check whose precondition failed is unknown, never a problem. The requests
//! are made in `run/doctor/`, which the preflight of a run uses as well; [`settings`] reads the same from the management API,
//! where the target file gives a token for it.

mod board;
mod check;
mod examination;
pub mod settings;
mod verdicts;

pub use board::Board;
pub use check::{Check, Group};
pub use examination::{Examination, schema};
pub use verdicts::{Checked, Status};
