//! The form in which secrets are compared: letters and digits alone, in lower case.
//!
//! Upper case, hyphens, line breaks inside base64, and characters that nobody sees make no difference to it. Neither does
//! reading backwards: [`key`] is the same in both directions.

use std::ops::Range;

/// Bytes that are looked up at once. A secret with fewer canonical bytes is not found this way.
pub(super) const WINDOW: usize = 8;

/// A byte as it is compared; `None` for one that makes no difference. `rest` begins with the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    /// Compared as this byte.
    Byte(u8),
    /// So many bytes that make no difference.
    Skip(usize),
}

fn read(rest: &[u8]) -> Read {
    match rest {
        [byte, ..] if byte.is_ascii_alphanumeric() => Read::Byte(byte.to_ascii_lowercase()),
        [byte, ..] if byte.is_ascii() => Read::Skip(1),
        [byte, ..] => invisible(rest).map_or(Read::Byte(*byte), Read::Skip),
        [] => Read::Skip(1),
    }
}

/// The length of the character at the beginning of a text, in UTF-8, if nobody sees it: a soft hyphen, zero-width spaces
/// and joiners, direction marks, the word joiner, the byte order mark.
pub(super) const fn invisible(rest: &[u8]) -> Option<usize> {
    match rest {
        [0xC2, 0xAD, ..] => Some(2),
        [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..]
        | [0xE2, 0x81, 0xA0..=0xAF, ..]
        | [0xE1, 0xA0, 0x8E, ..]
        | [0xEF, 0xBB, 0xBF, ..] => Some(3),
        _ => None,
    }
}

/// Canonical bytes, each with its place in what they were read from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Canonical {
    pub(super) bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Canonical {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut canonical = Self::default();
        let mut at = 0;
        while at < text.len() {
            match read(&text[at..]) {
                Read::Byte(byte) => {
                    canonical.bytes.push(byte);
                    canonical.places.push(at);
                    at += 1;
                }
                Read::Skip(length) => at += length,
            }
        }
        canonical
    }

    /// Where a range of canonical bytes stands in what they were read from. The range is not empty.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        self.places[range.start]..self.places[range.end - 1] + 1
    }
}

/// Passes on the key of every window of a stream of bytes; whether one of them was wanted.
#[derive(Debug, Default)]
pub(super) struct Windows {
    window: u64,
    read: usize,
}

impl Windows {
    /// The key of the window that ends with this byte, once there is one.
    pub(super) fn push(&mut self, byte: u8) -> Option<u64> {
        self.window = (self.window << 8) | u64::from(byte);
        self.read += 1;
        (self.read >= WINDOW).then(|| key(self.window))
    }

    /// The same for bytes that may make no difference: behind them the window is that of before. Which bytes they are is
    /// not to be foreseen in what is decoded by chance, so that there is no branch here.
    pub(super) fn push_any(&mut self, byte: u8) -> Option<u64> {
        let is_compared = byte.is_ascii_alphanumeric() | !byte.is_ascii();
        let pushed = (self.window << 8) | u64::from(byte.to_ascii_lowercase());
        self.window = if is_compared { pushed } else { self.window };
        self.read += usize::from(is_compared);
        (self.read >= WINDOW).then(|| key(self.window))
    }
}

/// Whether a window of a text is wanted.
pub(super) fn any_window(text: &[u8], mut wanted: impl FnMut(u64) -> bool) -> bool {
    let mut windows = Windows::default();
    let mut at = 0;
    while at < text.len() {
        match read(&text[at..]) {
            Read::Byte(byte) => {
                if windows.push(byte).is_some_and(&mut wanted) {
                    return true;
                }
                at += 1;
            }
            Read::Skip(length) => at += length,
        }
    }
    false
}

/// The key of the window that begins at the first of these canonical bytes.
pub(super) fn key_at(canonical: &[u8]) -> Option<u64> {
    let bytes = canonical.first_chunk::<WINDOW>()?;
    Some(key(u64::from_be_bytes(*bytes)))
}

/// The same for a window and for the window read backwards.
const fn key(window: u64) -> u64 {
    let backwards = window.swap_bytes();
    if window < backwards {
        window
    } else {
        backwards
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_punctuation_and_invisible_characters_make_no_difference() {
        for text in [
            "Pass-Word/1",
            "pass\u{200B}word\u{FEFF}1",
            "p\u{AD}a\nss w.ord_1",
        ] {
            assert_eq!(Canonical::of(text.as_bytes()).bytes, b"password1", "{text}");
        }
        let canonical = Canonical::of("a ö-b".as_bytes());
        assert_eq!(canonical.bytes, "aöb".as_bytes());
        assert_eq!(canonical.place(1..4), 2..6);
    }

    #[test]
    fn a_window_has_one_key_in_both_directions() {
        let forwards = key_at(b"abcdefgh").unwrap();
        assert_eq!(key_at(b"hgfedcba"), Some(forwards));
        assert_ne!(key_at(b"abcdefgi"), Some(forwards));
        assert_eq!(key_at(b"abcdefg"), None);
        assert!(any_window(b"x-HGFE.dcba-x", |key| key == forwards));
        assert!(!any_window(b"x-HGFE.dcb", |key| key == forwards));
    }
}
