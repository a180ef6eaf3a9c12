//! One integration binary of many modules: `cargo test secret` runs what has `secret` in its name.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod agent;
mod architecture;
mod broken_targets;
mod calibrate;
mod ci;
mod cli;
mod combinations;
mod core_properties;
mod coverage;
mod doctor;
mod embedded;
mod formats;
mod fuzz_corpus;
mod guides;
mod hostile;
mod html;
mod invariants;
mod journey;
mod permissions;
mod preflight;
mod problems;
mod recordings;
mod remote;
mod reports;
mod secrets;
mod selftest;
mod sign_in;
mod support;
mod switches;
mod target_files;
mod tls;
mod tolerance;
mod trouble;
