//! What listens to a run here: the console, and the collector that makes the reports.

use std::io::Write;

use super::gate::Gate;
use crate::report::console::Console;
use crate::result::{Collector, EventSink, RunEvent};

/// Both, in this order: what is shown has also been kept.
pub(super) struct Listeners<'g, W> {
    pub(super) collector: Collector,
    pub(super) console: Console<W>,
    /// Known deviations are shown as such when they happen.
    pub(super) gate: Option<&'g Gate>,
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
