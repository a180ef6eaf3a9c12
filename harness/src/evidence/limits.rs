//! How much of an exchange is kept. A target decides how much it sends, so everything that it fills has a limit; what is
//! cut says so.

use serde_json::Value;

use crate::value::marked_as_cut;

/// The longest value of a request that is kept, in characters. The harness made it.
pub(super) const LONGEST_SENT: usize = 2048;

/// The longest text of a body that is not JSON, in characters.
pub(super) const LONGEST_BODY: usize = 2048;

/// The longest string in a JSON answer, in characters.
pub(super) const LONGEST_STRING: usize = 1024;

/// The longest text that nothing is judged by: descriptions of errors, and header fields that are only shown.
pub(super) const LONGEST_REMARK: usize = 512;

/// The longest name of a member or of a header field, in characters.
pub(super) const LONGEST_NAME: usize = 128;

/// The most header fields of an answer.
pub(super) const MOST_FIELDS: usize = 64;

/// The most values of a JSON answer, the members of its objects and the items of its lists.
pub(super) const MOST_VALUES: usize = 500;

/// The most bytes of a recorded JSON answer. A longer one is kept as text, and cut.
pub(super) const LARGEST_JSON: usize = 32 * 1024;

/// Texts are cut to this length before secrets are looked for, which takes longer than cutting. A secret that is cut
/// there is recognised by its beginning, however it is encoded.
const LONGEST_SEARCHED: usize = 16 * 1024;

/// The longest text that credentials are learnt from: as much as a recording keeps of one.
const LONGEST_LEARNT: usize = 512 * 1024;

/// So many bytes behind the place where a text is cut are searched too: a secret that is cut there is recognised by what
/// stands there of it, however it is encoded.
const BEHIND_THE_CUT: usize = 512;

/// The beginning of a text that is long enough for everything that is kept of it.
pub(super) fn searched(text: &str) -> &str {
    beginning(text, LONGEST_SEARCHED)
}

/// The beginning of a text that is long enough to learn every credential of what is kept of it.
pub(super) fn learnt(text: &str) -> &str {
    beginning(text, LONGEST_LEARNT)
}

fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The beginning of a text of which at most so many characters are kept.
pub(super) fn searched_up_to(text: &str, most: usize) -> &str {
    let kept = text
        .char_indices()
        .nth(most)
        .map_or(text.len(), |(at, _)| at);
    let mut end = (kept + BEHIND_THE_CUT).min(searched(text).len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A text after redaction, cut. Only its first `searched` bytes were redacted; the length that is given is that of the
/// `whole` text.
pub(super) fn cut(redacted: &str, searched: usize, whole: &str, most: usize) -> String {
    let end = match redacted.char_indices().nth(most) {
        Some((end, _)) => end,
        None if searched < whole.len() => redacted.len(),
        None => return redacted.to_owned(),
    };
    marked_as_cut(&redacted[..end], whole)
}

/// How many values of a JSON text may still be kept.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MOST_VALUES)
    }
}

impl Room {
    /// Takes a place, if there is one.
    pub(super) const fn take(&mut self) -> bool {
        let is_there = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_there
    }
}

/// What stands for members or items that are left out.
pub(super) fn left_out(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("… {count} more {verb} left out")
}

/// Bytes of a JSON text.
pub(super) fn size(value: &impl serde::Serialize) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // A counter takes everything, and what is recorded is JSON already.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

/// How many values a JSON value is, itself included.
pub(super) fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// Whether a member's text is only there for people to read (RFC 6749 §5.2; Okta's API errors).
pub(super) fn is_remark(name: &str) -> bool {
    matches!(
        name,
        "error_description" | "error_uri" | "errorSummary" | "errorLink" | "errorId" | "message"
    )
}

/// Whether a JSON text may be kept as such.
pub(super) fn fits(value: &Value) -> bool {
    size(value) <= LARGEST_JSON
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_how_long_it_was() {
        let long = "é".repeat(20_000);
        let searched = searched(&long);
        assert_eq!(searched.len(), LONGEST_SEARCHED);
        let up_to = searched_up_to(&long, 3);
        assert_eq!(up_to.len(), 6 + BEHIND_THE_CUT);
        assert_eq!(cut(up_to, up_to.len(), &long, 3), "ééé… (20000 characters)");
        assert_eq!(cut("<s>", up_to.len(), &long, 5), "<s>… (20000 characters)");
        assert_eq!(cut("abcd", 4, "abcd", 3), "abc… (4 characters)");
        assert_eq!(cut("<s>", 9, "a secret", 3), "<s>");
    }

    #[test]
    fn room_ends() {
        let mut room = Room(2);
        assert_eq!([room.take(), room.take(), room.take()], [true, true, false]);
        assert_eq!(size(&serde_json::json!({"a": [1, "ö"]})), 14);
    }
}
