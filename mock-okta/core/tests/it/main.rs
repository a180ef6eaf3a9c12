//! The core as a shell uses it: a request and an instant in, a response and a journal entry out.

#![expect(
    clippy::expect_used,
    reason = "a test helper that cannot go on says why and stops"
)]

mod as_real;
mod authn;
mod authorize;
mod behaviours;
mod client_keys;
mod configure;
mod control;
mod defects;
mod faults;
mod flows;
mod management;
mod monthly_cap;
mod order;
mod org_file;
mod other_clients;
mod rate_limits;
mod refusals;
mod support;
mod times;
mod variations;
