//! What listens to a run here: the console, and the collector that makes the reports.

use std::io::Write;

use crate::report::console::Console;
use crate::result::{Collector, EventSink, RunEvent};

/// Both, in this order: what is told has also been kept.
pub(super) struct Telling<W> {
    pub(super) collector: Collector,
    pub(super) console: Console<W>,
}

impl<W: Write + Send> EventSink for Telling<W> {
    fn on_event(&mut self, event: &RunEvent) {
        self.collector.on_event(event);
        self.console.on_event(event);
    }
}
