//! The org over real sockets, and its command line.
#![expect(clippy::expect_used, reason = "a helper of tests fails as a test does")]

mod as_real;
#[cfg(unix)]
mod as_real_command;
#[cfg(unix)]
mod calibrate_command;
mod client;
#[cfg(unix)]
mod command_line;
mod control;
mod faults;
mod hostile;
mod lifecycle;
mod limits;
mod many;
mod public_api;
mod published_keys;
mod sign_in;
mod tls;
#[cfg(unix)]
mod tls_command;
mod tls_files;
mod tls_limits;
mod tokens;
mod variations;
mod watching;
mod wiremock;
