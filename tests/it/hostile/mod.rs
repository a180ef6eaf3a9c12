//! Targets that mean harm. Nothing secret reaches an output, whatever they send and in whatever case; they cost neither
//! time nor memory without bound; and what they make `atx` report is that the run is incomplete, with one cause.
//!
//! One row an attack. Sizes are small in `cargo test`; with `HOSTILE_FULL=1` (`.ci/scheduled hostile`) they are what a target
//! that means it would send, and `PROGRAMS` names the folder of the programs to try.

mod secrets;
mod server;
mod steering;
mod targets;
mod written;

/// Whether the attacks have their full size.
pub fn is_full() -> bool {
    std::env::var_os("HOSTILE_FULL").is_some()
}
