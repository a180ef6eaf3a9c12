//! Foreign text made safe for a terminal, cut and wrapped.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` on one line, without control characters: what a server answers must not steer the reader's terminal.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        let mut safe = String::with_capacity(text.len() + 8);
        for character in text.chars() {
            if is_unsafe(character) {
                safe.extend(character.escape_default());
            } else {
                safe.push(character);
            }
        }
        Cow::Owned(safe)
    } else {
        Cow::Borrowed(text)
    }
}

/// At most `limit` characters; what is left out is counted.
pub(crate) fn clip(text: &str, limit: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= limit {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(limit).collect();
    Cow::Owned(format!("{kept}… ({} more)", length - limit))
}

/// The columns of a terminal that text takes: two for a wide character, none for a combining one.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The beginning of `text` in at most `limit` columns, with a mark if there is more.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let end = end_of_line(text, limit.saturating_sub(1));
    format!("{}…", &text[..end])
}

/// Lines of at most `columns` columns, broken at spaces where there are any.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let mut rest = word;
        if !line.is_empty() && used + 1 + width(rest) > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        while width(rest) > columns {
            let (first, further) = rest.split_at(breaking_point(rest, columns));
            line.push_str(first);
            lines.push(std::mem::take(&mut line));
            rest = further;
        }
        used += width(rest);
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Where to break a word longer than a line: behind punctuation of JSON or an address if that does not waste half a line.
fn breaking_point(word: &str, columns: usize) -> usize {
    let end = end_of_line(word, columns);
    let behind = word[..end].rfind([',', '&', '?', '/', ':', '{']);
    behind
        .map(|index| index + 1)
        .filter(|index| width(&word[..*index]) > columns / 2)
        .unwrap_or(end)
}

/// The byte at which the characters that fit into so many columns end; at least one character fits.
fn end_of_line(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut characters = text.char_indices();
    let first = characters.next().map_or(0, |(_, first)| {
        used = first.width().unwrap_or(0);
        first.len_utf8()
    });
    let beyond = characters.find(|(_, character)| {
        used += character.width().unwrap_or(0);
        used > columns
    });
    beyond.map_or(text.len().max(first), |(index, _)| index)
}

/// `1 case`, `2 cases`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Control characters, those that reorder or hide what stands around them, and those that XML and HTML do not allow.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || is_noncharacter(character)
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The 66 code points that are never characters (Unicode §23.7). XML forbids two of them (XML 1.0 §2.2), HTML forbids all.
pub(crate) fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xfffe == 0xfffe || matches!(character, '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(
            visible("a\u{1b}[2Jb\nc\u{202e}d"),
            "a\\u{1b}[2Jb\\nc\\u{202e}d"
        );
        assert!(matches!(visible("Zoë ✓"), Cow::Borrowed("Zoë ✓")));
    }

    #[test]
    fn what_is_cut_is_counted() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("äbcdefg", 3), "äbc… (4 more)");
    }

    #[test]
    fn lines_break_at_spaces_and_only_then_inside_words() {
        assert_eq!(wrap("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(
            wrap("ab 0123456789abcdef", 8),
            ["ab", "01234567", "89abcdef"]
        );
        assert_eq!(wrap(r#"{"a":1,"b":2}"#, 10), [r#"{"a":1,"#, r#""b":2}"#]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("12345678", 8), ["12345678"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("名e\u{301}"), 3);
        assert_eq!(cut("名前名前", 5), "名前…");
        assert_eq!(wrap("名前名前名", 8), ["名前名前", "名"]);
    }

    proptest::proptest! {
        #[test]
        fn wrapping_keeps_the_words_and_the_width(text in "[a-zé名\u{301} ]{0,120}", width in 8_usize..40) {
            let lines = wrap(&text, width);
            proptest::prop_assert!(lines.iter().all(|line| super::width(line) <= width));
            let squeezed = |text: &str| text.replace(' ', "");
            proptest::prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }
    }
}
