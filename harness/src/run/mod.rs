//! Running: cases in, events out.

mod event;

pub use event::{EventSink, RunEvent};
