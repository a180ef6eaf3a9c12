//! Running: cases in, events out.

pub use crate::result::{EventSink, RunEvent};
