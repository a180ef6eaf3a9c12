//! Text that somebody else wrote, made safe to read: no control character, nothing that reorders or hides its
//! neighbours, and not endlessly long. Markup in it is escaped where it is written into the page.

use maud::{Markup, html};
use serde_json::Value;

use crate::presentation::text::{clip, visible};

/// On one line, at most `limit` characters.
pub(crate) fn line(text: &str, limit: usize) -> String {
    clip(&visible(text), limit).into_owned()
}

/// A sentence of ours with foreign words in it: what stands between backticks is code.
pub(crate) fn prose(text: &str, limit: usize) -> Markup {
    let text = line(text, limit);
    // One that is not closed is itself.
    let even = text.matches('`').count().is_multiple_of(2);
    html! {
        @if even {
            @for (at, part) in text.split('`').enumerate() {
                @if at % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}

/// Line by line.
pub(crate) fn lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// Line by line, at most `limit` characters.
pub(crate) fn block(text: &str, limit: usize) -> String {
    clip(&lines(text), limit).into_owned()
}

/// A JSON value as people read it: texts without quotes, the rest as JSON on one line.
pub(crate) fn json(value: &Value, limit: usize) -> String {
    match value {
        Value::String(text) => line(text, limit),
        other => line(&other.to_string(), limit),
    }
}

/// A JSON document over several lines.
pub(crate) fn document(value: &Value, limit: usize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    block(&text, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_what_steers_is_spelt_out() {
        assert_eq!(
            block("a\u{1b}[2J\nb\u{202e}", 80),
            "a\\u{1b}[2J\nb\\u{202e}"
        );
        assert_eq!(line("a\nb", 80), "a\\nb");
        assert_eq!(block("abcdef", 3), "abc… (3 more)");
    }

    #[test]
    fn commands_in_a_sentence_are_code() {
        assert_eq!(
            prose("run `atx <b>` again", 80).into_string(),
            "run <code>atx &lt;b&gt;</code> again"
        );
        assert_eq!(prose("a ` alone", 80).into_string(), "a ` alone");
    }
}
