//! From bytes to text: files are UTF-8, with or without a byte order mark. What else they are is reported, not guessed.

use std::fmt;

use crate::guard;
use crate::parse::MAX_BYTES;
use crate::place::LineIndex;
use crate::{Place, Problem, Problems};

/// Why bytes are not UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotText {
    /// They are UTF-16, with a byte order mark or without one.
    Utf16 {
        /// Low byte first, as Windows writes it.
        little_endian: bool,
    },
    /// A byte that does not belong into UTF-8, as in Latin-1.
    Byte {
        /// Line, counted from 1.
        line: usize,
        /// Position in the file, counted from 0.
        offset: usize,
        /// The byte.
        byte: u8,
    },
}

/// What to do about bytes that are not UTF-8 text.
const HELP: &str = "save the file as UTF-8";

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf16 { little_endian } => {
                let order = if *little_endian { "little" } else { "big" };
                write!(f, "the file is UTF-16 ({order} endian), not UTF-8")
            }
            Self::Byte { line, offset, byte } => write!(
                f,
                "the file is not UTF-8: line {line} has the byte 0x{byte:02X} (byte {} of the file)",
                offset + 1
            ),
        }
    }
}

impl std::error::Error for NotText {}

/// The text of a file, without the byte order mark that it may begin with.
///
/// # Errors
/// When it is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, NotText> {
    if let Some(little_endian) = utf16(bytes) {
        return Err(NotText::Utf16 { little_endian });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let before = bytes.get(..offset).unwrap_or_default();
        NotText::Byte {
            line: before.split(|byte| *byte == b'\n').count(),
            offset,
            byte: bytes.get(offset).copied().unwrap_or_default(),
        }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The text of a file that a person wrote. `name` is what messages call it.
///
/// # Errors
/// When it is not UTF-8: the place of the first byte that is wrong.
pub fn text_of<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Problems> {
    decode(bytes).map_err(|wrong| problem(name, bytes, wrong))
}

/// The same for a file that holds secrets: messages show of a line only the key that it begins with.
///
/// # Errors
/// As [`text_of`].
pub fn guarded_text_of<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Problems> {
    text_of(name, bytes).map_err(|mut problems| {
        guard::conceal_lines(&mut problems);
        problems
    })
}

fn problem(name: &str, bytes: &[u8], wrong: NotText) -> Problems {
    let (text, place) = match wrong {
        NotText::Utf16 { .. } => (String::new(), Place::START),
        NotText::Byte { offset, .. } => {
            let bytes = &bytes[..bytes.len().min(MAX_BYTES)];
            let text = String::from_utf8_lossy(bytes).into_owned();
            // Up to the first bad byte the lossy text is the text.
            let place = LineIndex::new(&text).place(offset, offset + '\u{fffd}'.len_utf8());
            (text, place)
        }
    };
    let mut problems = Problems::new(name, text);
    problems.push(Problem::new(place, wrong.to_string()).help(HELP));
    problems
}

/// Whether bytes are UTF-16, and if so whether the low byte comes first.
fn utf16(bytes: &[u8]) -> Option<bool> {
    /// So many characters tell.
    const ENOUGH: usize = 64;
    match bytes {
        [0xff, 0xfe, ..] => return Some(true),
        [0xfe, 0xff, ..] => return Some(false),
        _ => {}
    }
    // Without a mark: what people write in these files is mostly ASCII, so every other byte is 0.
    let pairs: Vec<&[u8]> = bytes.chunks_exact(2).take(ENOUGH).collect();
    let zeros = |index: usize| pairs.iter().filter(|pair| pair[index] == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    let is_most = |zeros: usize| zeros > 0 && zeros * 2 > pairs.len();
    if is_most(low_first) && high_first == 0 {
        Some(true)
    } else if is_most(high_first) && low_first == 0 {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "target: mock\nname: Zoë's org\n";

    fn utf16_of(text: &str, little_endian: bool) -> Vec<u8> {
        let order = |unit: u16| {
            if little_endian {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        };
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn utf_8_is_read_with_and_without_a_mark() {
        assert_eq!(decode(WRITTEN.as_bytes()), Ok(WRITTEN));
        assert_eq!(decode(format!("\u{feff}{WRITTEN}").as_bytes()), Ok(WRITTEN));
        for short in ["", "a", "a: \u{0}", "ж: ж", "日本語: 日本語"] {
            assert_eq!(decode(short.as_bytes()), Ok(short));
        }
    }

    #[test]
    fn utf_16_is_named_in_either_order_with_and_without_a_mark() {
        for little_endian in [true, false] {
            for text in [
                WRITTEN.to_owned(),
                format!("\u{feff}{WRITTEN}"),
                "\u{feff}ж".to_owned(),
            ] {
                let bytes = utf16_of(&text, little_endian);
                assert_eq!(
                    decode(&bytes),
                    Err(NotText::Utf16 { little_endian }),
                    "{text}"
                );
            }
        }
        let page = text_of("t.yaml", &utf16_of(WRITTEN, true))
            .unwrap_err()
            .to_string();
        assert!(
            page.contains("the file is UTF-16 (little endian), not UTF-8"),
            "{page}"
        );
        assert!(
            page.contains("t.yaml:1:1") && page.contains("save the file as UTF-8"),
            "{page}"
        );
    }

    #[test]
    fn a_byte_of_latin_1_is_refused_where_it_stands() {
        let byte = |one: char| u8::try_from(u32::from(one)).unwrap();
        let latin: Vec<u8> = WRITTEN.chars().map(byte).collect();
        let wrong = NotText::Byte {
            line: 2,
            offset: 21,
            byte: 0xeb,
        };
        assert_eq!(decode(&latin), Err(wrong));
        let page = text_of("t.yaml", &latin).unwrap_err().to_string();
        assert!(
            page.contains("line 2 has the byte 0xEB (byte 22 of the file)"),
            "{page}"
        );
        assert!(page.contains("t.yaml:2:9"), "{page}");
        assert!(page.contains("org"), "the line is shown: {page}");
        let guarded = guarded_text_of("t.yaml", &latin).unwrap_err().to_string();
        assert!(
            guarded.contains("t.yaml:2:9") && !guarded.contains("org\n"),
            "{guarded}"
        );
    }
}
