//! What several modules need to run scenarios.

pub mod harness_run;
