//! What every HTML page is made of: its head and policy, text of others made safe, and the look of a verdict.

mod document;
pub(crate) mod mark;
pub(crate) mod untrusted;

pub(crate) use document::document;
