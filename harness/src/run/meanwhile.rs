//! Reports what happens beside the cases of a run: requests are held back, and a person is asked for something.

use std::future;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::evidence::Redactor;
use crate::result::{EventSink, Paced, RunEvent};
use crate::targets::{Wait, Waited};

/// Where events arrive that belong to no case.
pub(super) struct Meanwhile {
    /// Requests that are held back.
    pub(super) waits: UnboundedReceiver<Wait>,
    /// What a person is asked for.
    pub(super) asked: UnboundedReceiver<RunEvent>,
    /// What addresses may show.
    pub(super) redactor: Redactor,
}

impl Meanwhile {
    /// The next event; waits for ever where none can come any more.
    pub(super) async fn next(&mut self) -> RunEvent {
        tokio::select! {
            biased;
            Some(event) = self.asked.recv() => event,
            Some(wait) = self.waits.recv() => RunEvent::Waiting {
                address: wait.address.map(|address| self.redactor.stable_text(&address)),
                time: wait.time,
                until: wait.until,
            },
            else => future::pending().await,
        }
    }

    /// Awaits a future, and reports the events meanwhile.
    pub(super) async fn reporting<F: Future>(
        &mut self,
        future: F,
        sink: &mut dyn EventSink,
    ) -> F::Output {
        let mut future = std::pin::pin!(future);
        loop {
            tokio::select! {
                biased;
                done = &mut future => return done,
                event = self.next() => sink.on_event(&event),
            }
        }
    }
}

/// Reports at the end how limits were kept, where one was met.
pub(super) fn conclude(waited: Waited, sink: &mut dyn EventSink) {
    if waited == Waited::default() {
        return;
    }
    sink.on_event(&RunEvent::Paced(Paced {
        milliseconds: waited.time.as_secs_f64() * 1000.0,
        refused: waited.refused,
        repeated: waited.repeated,
    }));
}
