//! The server `mock-okta`.
fn main() {}
