//! What `--verbose` adds to a case: its exchanges, a line each or whole.

use crate::evidence::{Participant, RecordedStep};
use crate::presentation::card::{self, Line, Tone};
use crate::presentation::text::{cut, visible, width as columns};
use crate::presentation::words;

/// How much of the wire is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// An exchange a line.
    Lines,
    /// Requests and answers.
    Whole,
}

/// A method and a path that is still worth reading when it is cut.
const SHORTEST_REQUEST: usize = 24;

/// The exchanges of a case.
pub(super) fn lines(exchanges: &[RecordedStep], wire: Wire, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for exchange in exchanges {
        lines.extend(summed_up(exchange, width));
        if wire == Wire::Whole {
            lines.extend(card::whole_exchange(exchange, width));
        }
    }
    lines
}

/// `exchange: agent > org server  POST /oauth2/v1/token  200  3.1 ms`, on two lines where one is too short.
fn summed_up(exchange: &RecordedStep, width: usize) -> Vec<Line> {
    let answer = match &exchange.response {
        Some(response) => response.status.to_string(),
        None => "no answer".to_owned(),
    };
    let head = format!(
        "  {}: {} > {}",
        visible(&exchange.step),
        who(exchange.from),
        who(exchange.to)
    );
    let tail = format!("  {answer}  {:.1} ms", exchange.milliseconds);
    let asked = format!(
        "{} {}",
        exchange.request.method,
        visible(path(&exchange.request.url))
    );
    let room = width.saturating_sub(columns(&head) + columns(&tail) + 2);
    if room >= SHORTEST_REQUEST || room >= columns(&asked) {
        let asked = format!("  {}", cut(&asked, room));
        return vec![vec![
            (Tone::Faint, head),
            (Tone::Plain, asked),
            (Tone::Plain, tail),
        ]];
    }
    let asked = format!("    {}", cut(&asked, width.saturating_sub(4)));
    vec![
        vec![(Tone::Faint, head), (Tone::Plain, tail)],
        vec![(Tone::Plain, asked)],
    ]
}

/// Whose address it is, the line says already.
fn path(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.find('/').map_or(url, |at| &behind[at..])
}

const fn who(one: Participant) -> &'static str {
    words::participant(one)
}
