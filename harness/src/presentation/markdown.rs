//! Foreign text in Markdown: neither markup nor HTML may come out of it.

use crate::presentation::text::visible;

/// Text in a paragraph or a table cell.
pub(crate) fn text(raw: &str) -> String {
    let mut safe = String::with_capacity(raw.len() + 8);
    for character in visible(raw).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '@' | '!' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Our own prose, in which names stand between backticks; what is between them stays code.
pub(crate) fn prose(raw: &str) -> String {
    let pieces: Vec<&str> = raw.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return text(raw);
    }
    let mut safe = String::with_capacity(raw.len() + 8);
    for (index, piece) in pieces.into_iter().enumerate() {
        match (index % 2, piece.is_empty()) {
            (_, true) => {}
            (0, false) => safe.push_str(&text(piece)),
            (_, false) => safe.push_str(&code(piece)),
        }
    }
    safe
}

/// Inline code, also inside a table cell.
pub(crate) fn code(raw: &str) -> String {
    let raw = visible(raw);
    let fence = "`".repeat(longest_run(&raw) + 1);
    let pad = if raw.starts_with('`') || raw.ends_with('`') {
        " "
    } else {
        ""
    };
    // GitHub splits a table row at a bar even inside code, unless it is escaped.
    format!("{fence}{pad}{}{pad}{fence}", raw.replace('|', "\\|"))
}

/// A fenced block that its content cannot close.
pub(crate) fn block(language: &str, content: &str) -> String {
    let fence = "`".repeat(longest_run(content).max(2) + 1);
    format!("{fence}{language}\n{content}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        assert_eq!(
            text("<img src=x> [a](b) | `c`"),
            "&lt;img src=x&gt; \\[a\\](b) \\| \\`c\\`"
        );
        assert_eq!(prose("add `a_b` to <it>"), "add `a_b` to &lt;it&gt;");
        assert_eq!(prose("a ` <b>"), "a \\` &lt;b&gt;");
        assert_eq!(code("a`b|c"), "``a`b\\|c``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(block("text", "a\n```\nb"), "````text\na\n```\nb\n````\n");
    }
}
