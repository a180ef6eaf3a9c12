//! The command `atx`.
fn main() {}
