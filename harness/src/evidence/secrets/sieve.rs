//! Tells most texts apart from those that have to be decoded, in one pass and without memory of its own.

use super::canonical::{WINDOW, Windows};
use super::decode::{hex_digit, sextet};

/// Symbols of the shortest base64 that holds a secret.
const SHORTEST_BASE64: usize = 11;

/// Printable bytes in a row that may be decoded again.
const SHORTEST_TEXT: usize = 11;

/// Symbols of one case in a row that may be base32.
const SHORTEST_BASE32: usize = 13;

/// Whether a text may hold a secret, as it is or in a stretch of hexadecimal digits, base64 and the like. `wanted` knows
/// the windows of all secrets. Escapes of single characters are left as they are.
pub(super) fn needs_a_closer_look(text: &[u8], wanted: impl Fn(u64) -> bool) -> bool {
    let mut plain = Windows::default();
    let mut hex: Coding<4, 2> = Coding::default();
    let mut base64: Coding<6, 4> = Coding::default();
    let (mut upper, mut lower, mut numbers) = (0, 0, 0);
    let mut previous = b' ';
    // Most words are too short to be base64 of anything.
    let mut short_until = 0;
    for (at, byte) in text.iter().copied().enumerate() {
        if !byte.is_ascii() {
            // Letters of other languages, or characters that nobody sees.
            return true;
        }
        let is_letter = byte.is_ascii_alphanumeric();
        if is_letter && plain.push(byte.to_ascii_lowercase()).is_some_and(&wanted) {
            return true;
        }
        // Signs and spaces may stand between the digits of bytes.
        if is_letter && hex.push(hex_digit(byte), &wanted) {
            return true;
        }
        if at >= short_until {
            let value = sextet(byte);
            if base64.is_empty() && value.is_some() {
                let (symbols, end) = base64_run(&text[at..]);
                short_until = if symbols < SHORTEST_BASE64 {
                    at + end
                } else {
                    0
                };
            }
            if at >= short_until
                && (value.is_some() || !byte.is_ascii_whitespace())
                && base64.push(value, &wanted)
            {
                return true;
            }
        }
        upper = match byte {
            b'A'..=b'Z' | b'2'..=b'7' => upper + 1,
            _ if byte.is_ascii_whitespace() => upper,
            _ => 0,
        };
        lower = match byte {
            b'a'..=b'z' | b'2'..=b'7' => lower + 1,
            _ => 0,
        };
        numbers = match byte {
            b'0'..=b'9' if !previous.is_ascii_digit() => numbers + 1,
            b'0'..=b'9' | b',' | b' ' | b';' | b'\n' => numbers,
            _ => 0,
        };
        previous = byte;
        if upper >= SHORTEST_BASE32 || lower >= 2 * SHORTEST_BASE32 || numbers >= WINDOW {
            return true;
        }
    }
    false
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
        } else if !byte.is_ascii_whitespace() {
            return (symbols, at);
        }
    }
    (symbols, text.len())
}

/// Decodes a stretch of symbols of so many bits at all its alignments at once.
struct Coding<const BITS: u32, const ALIGNMENTS: usize> {
    symbols: usize,
    decoders: [Decoder; ALIGNMENTS],
}

impl<const BITS: u32, const ALIGNMENTS: usize> Default for Coding<BITS, ALIGNMENTS> {
    fn default() -> Self {
        Self {
            symbols: 0,
            decoders: std::array::from_fn(|_| Decoder::default()),
        }
    }
}

#[derive(Default)]
struct Decoder {
    held: u32,
    bits: u32,
    windows: Windows,
    printable: usize,
}

impl<const BITS: u32, const ALIGNMENTS: usize> Coding<BITS, ALIGNMENTS> {
    const fn is_empty(&self) -> bool {
        self.symbols == 0
    }

    /// Whether the stretch up to this symbol decodes to a window that is wanted, or to text that may be decoded again. What
    /// is no symbol ends the stretch.
    fn push(&mut self, value: Option<u8>, wanted: impl Fn(u64) -> bool) -> bool {
        let Some(value) = value else {
            if self.symbols > 0 {
                *self = Self::default();
            }
            return false;
        };
        self.symbols += 1;
        let started = self.symbols;
        let mut started = self.decoders.iter_mut().take(started);
        started.any(|decoder| decoder.push(value, BITS, &wanted))
    }
}

impl Decoder {
    fn push(&mut self, value: u8, bits: u32, wanted: impl Fn(u64) -> bool) -> bool {
        self.held = (self.held << bits) | u32::from(value);
        self.bits += bits;
        if self.bits < 8 {
            return false;
        }
        self.bits -= 8;
        let byte = (self.held >> self.bits).to_le_bytes()[0];
        self.printable = if byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\r') {
            self.printable + 1
        } else {
            0
        };
        if self.printable >= SHORTEST_TEXT {
            return true;
        }
        let is_compared = byte.is_ascii_alphanumeric() || !byte.is_ascii();
        is_compared
            && self
                .windows
                .push(byte.to_ascii_lowercase())
                .is_some_and(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::canonical::key_at;
    use super::*;

    #[test]
    fn ordinary_text_needs_no_closer_look_and_secrets_do() {
        let key = key_at(b"hunter2secret").unwrap();
        let looks = |text: &str| needs_a_closer_look(text.as_bytes(), |window| window == key);
        for text in [
            "no-store",
            "http://127.0.0.1:7070/oauth2/v1/token",
            "the subject token was issued to another client",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "00uada0000000000001 and 0123456789abcdef0123456789abcdef",
        ] {
            assert!(!looks(text), "{text}");
        }
        for text in [
            "a hunter2-secret",
            "a HUNTER2_SECRET",
            "aHVudGVyMi1zZWNyZXQ",
            "x/aHVudGVy Mi1zZWNyZXQ",
            "68 75 6e 74 65 72 32 2d 73 65",
            "NB2W45DFOIZC243FMNZGK5A",
            "104, 117, 110, 116, 101, 114, 50, 45",
        ] {
            assert!(looks(text), "{text}");
        }
    }
}
