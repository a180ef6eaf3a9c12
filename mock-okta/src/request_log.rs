//! A line for each request, for whoever watches the server: what was asked, by whom, and what came of it.
//!
//! Writing happens on a thread of its own and never holds a request up: where nobody takes the lines, as with a pipe that is not
//! read, those that find no room are counted and left out. A line holds what the journal holds, and no parameter.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use mock_okta_core::{Core, EntryNumber, JournalEntry};
use serde_json::json;

/// Lines that wait to be written.
const WAITING: usize = 4096;

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object for programs.
    Json,
}

/// Writes a line for each request: see [`Builder::request_log`](crate::Builder::request_log). Cheap to clone; clones share the
/// writer.
#[derive(Clone)]
pub struct RequestLog {
    lines: SyncSender<Line>,
    left_out: Arc<AtomicU64>,
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestLog").finish_non_exhaustive()
    }
}

struct Line {
    entry: Arc<JournalEntry>,
    took: Duration,
}

impl RequestLog {
    /// A log that writes to `sink`, on a thread of its own, until the last clone is gone.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(format: LogFormat, sink: impl Write + Send + 'static) -> std::io::Result<Self> {
        let (lines, waiting) = sync_channel(WAITING);
        let left_out = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&left_out);
        thread::Builder::new()
            .name("mock-okta-log".to_owned())
            .spawn(move || write_all(format, sink, &waiting, &counter))?;
        Ok(Self { lines, left_out })
    }

    /// Notes a request by its answer.
    pub(crate) fn note<B>(&self, core: &Core, answer: &http::Response<B>, took: Duration) {
        let Some(EntryNumber(number)) = answer.extensions().get() else {
            return;
        };
        let entry = core.with_state(|state| {
            let mut from = state.journal.entries_after(number.saturating_sub(1));
            from.next().filter(|entry| entry.n == *number).cloned()
        });
        let full = entry.is_some_and(|entry| self.lines.try_send(Line { entry, took }).is_err());
        if full {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Writes what waits in one go. A sink that fails is written to no more.
fn write_all(
    format: LogFormat,
    mut sink: impl Write,
    waiting: &Receiver<Line>,
    left_out: &AtomicU64,
) {
    while let Ok(first) = waiting.recv() {
        let mut page = String::new();
        for line in std::iter::once(first).chain(waiting.try_iter().take(WAITING)) {
            page.push_str(&line.write(format));
            page.push('\n');
        }
        let missing = left_out.swap(0, Ordering::Relaxed);
        if missing > 0 {
            page.push_str(&missed(format, missing));
            page.push('\n');
        }
        let written = sink.write_all(page.as_bytes());
        if written.and_then(|()| sink.flush()).is_err() {
            return;
        }
    }
}

fn missed(format: LogFormat, lines: u64) -> String {
    match format {
        LogFormat::Text => {
            format!("({lines} requests are not shown: their lines were not taken fast enough)")
        }
        LogFormat::Json => json!({ "not_shown": lines }).to_string(),
    }
}

impl Line {
    fn write(&self, format: LogFormat) -> String {
        let entry = &*self.entry;
        let milliseconds = self.took.as_secs_f64() * 1000.0;
        match format {
            LogFormat::Text => {
                let time = entry.at.get(11..19).unwrap_or(&entry.at);
                let client = entry.client_id.as_deref().unwrap_or("-");
                let mut line = format!(
                    "{time} {} {} {client} {}",
                    entry.method, entry.path, entry.status
                );
                for more in [entry.refusal, entry.fault].into_iter().flatten() {
                    line.push(' ');
                    line.push_str(more);
                }
                format!("{line} {milliseconds:.1} ms")
            }
            LogFormat::Json => json!({
                "n": entry.n,
                "at": entry.at,
                "method": entry.method,
                "path": entry.path,
                "client_id": entry.client_id,
                "user": entry.user,
                "status": entry.status,
                "error": entry.error,
                "refusal": entry.refusal,
                "fault": entry.fault,
                "milliseconds": (milliseconds * 1000.0).round() / 1000.0,
            })
            .to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        let mut entry = JournalEntry::default();
        "2026-11-24T12:00:07.5Z".clone_into(&mut entry.at);
        "POST".clone_into(&mut entry.method);
        "/oauth2/v1/token".clone_into(&mut entry.path);
        entry.client_id = Some("wlpagentrsa000000001".to_owned());
        entry.status = 400;
        entry.refusal = Some("id_jag_replayed");
        Line {
            entry: Arc::new(entry),
            took: Duration::from_micros(1234),
        }
    }

    #[test]
    fn a_line_says_who_asked_what_and_what_came_of_it() {
        assert_eq!(
            line().write(LogFormat::Text),
            "12:00:07 POST /oauth2/v1/token wlpagentrsa000000001 400 id_jag_replayed 1.2 ms"
        );
        let json: serde_json::Value =
            serde_json::from_str(&line().write(LogFormat::Json)).expect("JSON");
        assert_eq!(json["refusal"], "id_jag_replayed");
        assert_eq!(json["milliseconds"], 1.234);
    }

    #[test]
    fn lines_that_are_not_taken_are_counted() {
        let left_out = AtomicU64::new(3);
        let (lines, waiting) = sync_channel(1);
        lines.send(line()).expect("room");
        drop(lines);
        let mut sink = Vec::new();
        write_all(LogFormat::Text, &mut sink, &waiting, &left_out);
        let text = String::from_utf8(sink).expect("text");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("3 requests are not shown"), "{text}");
    }
}
