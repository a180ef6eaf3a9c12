//! What `--verbose` adds to a case: its exchanges, a line each or whole.

use crate::evidence::{Participant, RecordedStep};
use crate::report::card::{self, Line, Tone};
use crate::report::text::{cut, visible};
use crate::report::words;

/// How much of the wire is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// An exchange a line.
    Lines,
    /// Requests and answers.
    Whole,
}

/// The exchanges of a case.
pub(super) fn lines(exchanges: &[RecordedStep], wire: Wire, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for exchange in exchanges {
        lines.push(one_line(exchange, width));
        if wire == Wire::Whole {
            lines.extend(card::whole_exchange(exchange, width));
        }
    }
    lines
}

/// `exchange: agent > org server  POST /oauth2/v1/token  200  3.1 ms`, with what matters most last to be cut.
fn one_line(exchange: &RecordedStep, width: usize) -> Line {
    let answer = match &exchange.response {
        Some(response) => response.status.to_string(),
        None => "no answer".to_owned(),
    };
    let head = format!(
        "  {}: {} > {}  ",
        visible(&exchange.step),
        who(exchange.from),
        who(exchange.to)
    );
    let tail = format!("  {answer}  {:.1} ms", exchange.milliseconds);
    let asked = format!("{} {}", exchange.request.method, exchange.request.url);
    let room = width.saturating_sub(head.chars().count() + tail.chars().count());
    vec![
        (Tone::Faint, head),
        (Tone::Plain, cut(&visible(&asked), room.max(12))),
        (Tone::Plain, tail),
    ]
}

const fn who(one: Participant) -> &'static str {
    words::participant(one)
}
