//! Foreign text made safe for a terminal, cut and wrapped.

use std::borrow::Cow;

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

/// The beginning of `text`, with a mark if there is more.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars()
        .take(limit.saturating_sub(1))
        .chain(['…'])
        .collect()
}

/// Lines of at most `width` characters, broken at spaces where there are any.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + rest.len() > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 {
            line.push(' ');
            used += 1;
        }
        while rest.len() > width {
            line.extend(rest.drain(..breaking_point(&rest, width)));
            lines.push(std::mem::take(&mut line));
        }
        used += rest.len();
        line.extend(rest);
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Where to break a word longer than a line: behind punctuation of JSON or an address if that does not waste half a line.
fn breaking_point(word: &[char], width: usize) -> usize {
    let behind = word[..width]
        .iter()
        .rposition(|character| matches!(character, ',' | '&' | '?' | '/' | ':' | '{'));
    behind
        .map(|index| index + 1)
        .filter(|index| *index > width / 2)
        .unwrap_or(width)
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

    proptest::proptest! {
        #[test]
        fn wrapping_keeps_the_words_and_the_width(text in "[a-zé ]{0,120}", width in 8_usize..40) {
            let lines = wrap(&text, width);
            proptest::prop_assert!(lines.iter().all(|line| line.chars().count() <= width));
            let squeezed = |text: &str| text.replace(' ', "");
            proptest::prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }
    }
}
