//! What the behaviour tests in `it/` and the benches share: the repository's files, and an agent of its own.
//!
//! The agent here is no part of the harness: a test of the mock with the harness's own signing would let one
//! mistake hide on both sides.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on has failed"
)]

pub mod binary;
pub mod fuzz;
pub mod org;
pub mod repo;
pub mod signer;
pub mod switches;
