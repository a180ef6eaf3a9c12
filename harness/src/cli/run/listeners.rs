//! Receives the events of a run: the collector, which makes the reports, and the console.

use std::io::Write;

use super::gate::Gate;
use crate::report::console::Console;
use crate::result::{Collector, EventSink, RunEvent};

/// Passes each event to the collector first and then to the console, so that all that is shown is recorded already.
pub(in crate::cli) struct Listeners<'g, W> {
    pub(in crate::cli) collector: Collector,
    pub(in crate::cli) console: Console<W>,
    /// Marks known deviations before the console shows them.
    pub(in crate::cli) gate: Option<&'g Gate>,
}

impl<W: Write + Send> EventSink for Listeners<'_, W> {
    fn on_event(&mut self, event: &RunEvent) {
        self.collector.on_event(event);
        match self.gate.and_then(|gate| gate.judged(event)) {
            Some(event) => self.console.on_event(&event),
            None => self.console.on_event(event),
        }
    }
}
