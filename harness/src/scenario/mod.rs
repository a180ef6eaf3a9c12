//! Scenarios: what is checked, as data.

pub mod model;
