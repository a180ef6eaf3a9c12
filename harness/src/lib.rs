//! The harness: a scenario from file to verdict.
//!
//! scenario → plan → exchange → finding → result → report

pub mod cli;
pub mod evidence;
pub mod report;
pub mod requirement;
pub mod result;
pub mod run;
pub mod scenario;
