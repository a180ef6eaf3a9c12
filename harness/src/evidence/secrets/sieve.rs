//! Tells most texts apart from those that have to be decoded, in one pass and without memory of its own.

use super::canonical::{WINDOW, Windows};
use super::decode::sextet;

/// Symbols of the shortest base64 that holds a secret.
const SHORTEST_BASE64: usize = 11;

/// Hexadecimal digits of the shortest secret.
const SHORTEST_HEX: usize = 2 * WINDOW;

/// Symbols of one case in a row that may be base32.
const SHORTEST_BASE32: usize = 13;

/// Whether a text may hold a secret, as it is or in a stretch of hexadecimal digits, base64 and the like. `wanted` knows
/// the windows of all secrets. Escapes of single characters are left as they are.
pub(super) fn needs_a_closer_look(text: &[u8], wanted: impl Fn(u64) -> bool) -> bool {
    let mut plain = Windows::default();
    let mut base64 = Base64::default();
    let (mut hex, mut upper, mut lower, mut numbers) = (0, 0, 0, 0);
    let mut previous = b' ';
    for byte in text.iter().copied() {
        if !byte.is_ascii() {
            // Letters of other languages, or characters that nobody sees.
            return true;
        }
        let is_letter = byte.is_ascii_alphanumeric();
        if is_letter && plain.push(byte.to_ascii_lowercase()).is_some_and(&wanted) {
            return true;
        }
        // Signs and spaces may stand between the digits of bytes.
        hex = match byte {
            _ if byte.is_ascii_hexdigit() => hex + 1,
            _ if is_letter => 0,
            _ => hex,
        };
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
        if hex >= SHORTEST_HEX
            || upper >= SHORTEST_BASE32
            || lower >= 2 * SHORTEST_BASE32
            || numbers >= WINDOW
            || base64.push(byte, &wanted)
        {
            return true;
        }
    }
    false
}

/// Decodes a stretch of base64 at its four alignments at once.
#[derive(Default)]
struct Base64 {
    symbols: usize,
    decoders: [Decoder; 4],
}

#[derive(Default)]
struct Decoder {
    held: u32,
    bits: u32,
    windows: Windows,
    printable: usize,
}

impl Base64 {
    /// Whether the stretch up to this byte decodes to a window that is wanted, or to text that may be decoded again.
    fn push(&mut self, byte: u8, wanted: impl Fn(u64) -> bool) -> bool {
        let Some(value) = sextet(byte) else {
            if !byte.is_ascii_whitespace() && self.symbols > 0 {
                *self = Self::default();
            }
            return false;
        };
        self.symbols += 1;
        let symbols = self.symbols;
        let mut started = self.decoders.iter_mut().take(symbols);
        started.any(|decoder| decoder.push(value, &wanted))
    }
}

impl Decoder {
    fn push(&mut self, value: u8, wanted: impl Fn(u64) -> bool) -> bool {
        self.held = (self.held << 6) | u32::from(value);
        self.bits += 6;
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
        if self.printable >= SHORTEST_BASE64 {
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
