//! The harness: a scenario from file to verdict.
//!
//! scenario → plan → exchange → finding → result → report

#[cfg(feature = "embedded")]
pub mod agent;
pub mod baseline;
pub mod cassette;
pub mod check;
pub mod cli;
pub mod coverage;
pub mod crash;
pub mod diff;
pub mod doctor;
pub mod evidence;
pub mod exchange;
mod files;
pub mod fill;
pub mod forge;
pub mod init;
pub mod invariant;
pub mod jwks;
pub mod jwt;
pub mod management;
pub mod plan;
pub mod preflight;
pub mod presentation;
pub mod refusals;
pub mod report;
pub mod requirement;
pub mod result;
pub mod run;
pub mod scenario;
pub mod secret;
pub mod selftest;
pub mod sign_in;
pub mod signing_key;
pub mod steps;
pub mod targets;
pub mod token_cache;
pub mod value;
