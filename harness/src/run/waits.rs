//! Tells that requests are held back, while something else is awaited.

use tokio::sync::mpsc::UnboundedReceiver;

use crate::evidence::Redactor;
use crate::result::{EventSink, Paced, RunEvent};
use crate::targets::{Wait, Waited};

/// Awaits a future, and tells meanwhile that requests are held back.
pub(super) async fn telling<F: Future>(
    future: F,
    waits: &mut UnboundedReceiver<Wait>,
    redactor: &Redactor,
    sink: &mut dyn EventSink,
) -> F::Output {
    let mut future = std::pin::pin!(future);
    loop {
        tokio::select! {
            biased;
            done = &mut future => return done,
            Some(wait) = waits.recv() => tell(wait, redactor, sink),
        }
    }
}

/// Tells that requests are held back.
pub(super) fn tell(wait: Wait, redactor: &Redactor, sink: &mut dyn EventSink) {
    sink.on_event(&RunEvent::Waiting {
        address: wait.address.map(|address| redactor.stable_text(&address)),
        time: wait.time,
        until: wait.until,
    });
}

/// Tells at the end how limits were kept, where one was met.
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
