//! Tells most texts apart from those that have to be decoded, in one pass and without memory of its own.

use super::canonical::{WINDOW, Windows, invisible};
use super::decode::{TextRun, hex_digit, sextet};

/// Symbols of the shortest base64 that holds a secret.
const SHORTEST_BASE64: usize = 11;

/// Symbols of one case in a row that may be base32.
const SHORTEST_BASE32: usize = 13;

/// Where a text may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspicion {
    /// As it is.
    pub(super) plain: bool,
    /// In a stretch of hexadecimal digits, base64 and the like.
    pub(super) coded: bool,
}

impl Suspicion {
    /// Neither way.
    pub(super) const NONE: Self = Self {
        plain: false,
        coded: false,
    };

    /// Whether it holds none.
    pub(super) const fn is_none(self) -> bool {
        !self.plain && !self.coded
    }
}

/// Whether a text may hold a secret. `wanted` knows the windows of all secrets. Escapes of single characters are left as
/// they are.
pub(super) fn suspicion(text: &[u8], mut wanted: impl FnMut(u64) -> bool) -> Suspicion {
    const CODED: Suspicion = Suspicion {
        plain: true,
        coded: true,
    };
    let mut is_plain = false;
    let mut plain = Windows::default();
    let mut hex: Coding<4, 2> = Coding::default();
    let mut base64: Coding<6, 4> = Coding::default();
    let (mut upper, mut lower, mut numbers) = (0, 0, 0);
    let mut previous_is_digit = false;
    // Most words are too short to be base64 of anything.
    let mut short_until = 0;
    // Up to here the characters are ones that nobody sees.
    let mut seen_from = 0;
    for (at, byte) in text.iter().copied().enumerate() {
        if !byte.is_ascii()
            && let Some(length) = invisible(&text[at..])
        {
            seen_from = at + length;
        }
        if at < seen_from {
            continue;
        }
        let known = &BYTES[usize::from(byte)];
        if known.is_compared {
            if !is_plain {
                is_plain = plain.push(known.lower).is_some_and(&mut wanted);
            }
            // Signs and spaces may stand between the digits of bytes.
            if hex.push(known.hex, &mut wanted) {
                return CODED;
            }
        }
        if at >= short_until {
            if base64.is_empty() && known.sextet.is_some() {
                let (symbols, end) = base64_run(&text[at..]);
                short_until = if symbols < SHORTEST_BASE64 {
                    at + end
                } else {
                    0
                };
            }
            if at >= short_until
                && (known.sextet.is_some() || !known.is_space)
                && base64.push(known.sextet, &mut wanted)
            {
                return CODED;
            }
        }
        upper = if known.is_space && !known.is_upper_base32 {
            upper
        } else {
            (upper + 1) * usize::from(known.is_upper_base32)
        };
        lower = (lower + 1) * usize::from(known.is_lower_base32);
        numbers = if known.is_digit && !previous_is_digit {
            numbers + 1
        } else {
            numbers * usize::from(known.is_digit || known.is_between_numbers)
        };
        previous_is_digit = known.is_digit;
        if upper >= SHORTEST_BASE32 || lower >= 2 * SHORTEST_BASE32 || numbers >= WINDOW {
            return CODED;
        }
    }
    Suspicion {
        plain: is_plain,
        coded: false,
    }
}

/// What is to be known of a byte.
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each set of bytes that is asked for"
)]
#[derive(Clone, Copy)]
struct Byte {
    lower: u8,
    hex: Option<u8>,
    sextet: Option<u8>,
    /// Whether it makes a difference; those that nobody sees do here.
    is_compared: bool,
    is_space: bool,
    is_digit: bool,
    is_upper_base32: bool,
    is_lower_base32: bool,
    is_between_numbers: bool,
}

/// Every byte, so that it is looked up once instead of compared a dozen times.
static BYTES: [Byte; 256] = {
    let mut bytes = [Byte::of(0); 256];
    let mut byte: u8 = 255;
    while byte > 0 {
        bytes[byte as usize] = Byte::of(byte);
        byte -= 1;
    }
    bytes
};

impl Byte {
    const fn of(byte: u8) -> Self {
        Self {
            lower: byte.to_ascii_lowercase(),
            hex: hex_digit(byte),
            sextet: sextet(byte),
            is_compared: byte.is_ascii_alphanumeric() || !byte.is_ascii(),
            is_space: byte.is_ascii_whitespace(),
            is_digit: byte.is_ascii_digit(),
            is_upper_base32: matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            is_lower_base32: matches!(byte, b'a'..=b'z' | b'2'..=b'7'),
            is_between_numbers: matches!(byte, b',' | b' ' | b';' | b'\n'),
        }
    }
}

/// The symbols of the stretch of base64 that a text begins with, and where it ends.
fn base64_run(text: &[u8]) -> (usize, usize) {
    let mut symbols = 0;
    for (at, byte) in text.iter().enumerate() {
        if sextet(*byte).is_some() {
            symbols += 1;
            if symbols >= SHORTEST_BASE64 {
                break;
            }
        } else if byte.is_ascii() && !byte.is_ascii_whitespace() {
            return (symbols, at);
        }
    }
    (symbols, text.len())
}

/// Decodes a stretch of symbols of so many bits at all its alignments at once.
struct Coding<const BITS: u32, const ALIGNMENTS: usize> {
    symbols: usize,
    previous: u32,
    /// What the symbols decode to from the first, the second, … one on.
    streams: [Stream; ALIGNMENTS],
}

impl<const BITS: u32, const ALIGNMENTS: usize> Default for Coding<BITS, ALIGNMENTS> {
    fn default() -> Self {
        Self {
            symbols: 0,
            previous: 0,
            streams: std::array::from_fn(|_| Stream::default()),
        }
    }
}

impl<const BITS: u32, const ALIGNMENTS: usize> Coding<BITS, ALIGNMENTS> {
    /// Bits that are left when the first, the second, … symbol of a group has been read.
    const LEFT: [u32; ALIGNMENTS] = {
        let mut left = [0; ALIGNMENTS];
        let (mut symbol, mut bits) = (0, 0);
        while symbol < ALIGNMENTS {
            bits += BITS;
            left[symbol] = bits % 8;
            symbol += 1;
        }
        left
    };

    const fn is_empty(&self) -> bool {
        self.symbols == 0
    }

    /// Whether the stretch up to this symbol decodes to a window that is wanted, or to text that may be decoded again. What
    /// is no symbol ends the stretch.
    fn push(&mut self, value: Option<u8>, wanted: &mut impl FnMut(u64) -> bool) -> bool {
        let Some(value) = value else {
            self.symbols = 0;
            return false;
        };
        let bits = (self.previous << BITS) | u32::from(value);
        self.previous = u32::from(value);
        let number = self.symbols;
        self.symbols += 1;
        if let Some(stream) = self.streams.get_mut(number) {
            *stream = Stream::default();
        }
        // With every symbol but the first of a group a byte is complete.
        for symbol in 1..ALIGNMENTS.min(number + 1) {
            let [byte, ..] = (bits >> Self::LEFT[symbol]).to_le_bytes();
            if self.streams[(number - symbol) % ALIGNMENTS].push(byte, wanted) {
                return true;
            }
        }
        false
    }
}

/// Decoded bytes.
#[derive(Default)]
struct Stream {
    windows: Windows,
    text: TextRun,
}

impl Stream {
    fn push(&mut self, byte: u8, wanted: &mut impl FnMut(u64) -> bool) -> bool {
        let is_text = self.text.push(byte);
        let window = self.windows.push_any(byte);
        is_text || window.is_some_and(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::canonical::key_at;
    use super::*;

    #[test]
    fn ordinary_text_is_not_suspected_and_secrets_are() {
        let key = key_at(b"hunter2secret").unwrap();
        let suspicion = |text: &str| suspicion(text.as_bytes(), |window| window == key);
        for text in [
            "no-store",
            "http://127.0.0.1:7070/oauth2/v1/token",
            "the subject token was issued to another client",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "00uada0000000000001 and 0123456789abcdef0123456789abcdef",
            "Größe: 17 — «übersprungen»",
        ] {
            assert!(suspicion(text).is_none(), "{text}");
        }
        for text in [
            "aHVudGVyMi1zZWNyZXQ",
            "x/aHVudGVy Mi1zZWNyZXQ",
            "68 75 6e 74 65 72 32 2d 73 65",
            "NB2W45DFOIZC243FMNZGK5A",
            "104, 117, 110, 116, 101, 114, 50, 45",
            "aHVudGV\u{200B}yMi\u{FEFF}1zZWNyZXQ",
        ] {
            assert!(suspicion(text).coded, "{text}");
        }
        for text in [
            "a hunter2-secret",
            "?a=HUNTER2_SECRET&b=0123456789abcdef",
            "é hun\u{200B}ter2-secret",
        ] {
            let suspicion = suspicion(text);
            assert!(suspicion.plain && !suspicion.coded, "{text}");
        }
    }
}
