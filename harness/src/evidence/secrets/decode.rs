//! Undoes what servers do to text: percent-encoding, HTML character references, JSON escapes, hexadecimal, lists of
//! numbers, base64 and base32.
//!
//! The first three change single characters, so that the whole text is decoded. The others are looked for in stretches of
//! their alphabet, at every alignment, for a prefix may stand directly before them.

use super::canonical::invisible;
use super::layer::Layer;

/// Decoded bytes of a stretch are of use if a secret fits into them.
const LEAST: usize = super::canonical::WINDOW;

/// Whether single characters may be encoded in a text.
pub(super) fn has_escapes(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'%' | b'&' | b'\\'))
}

/// What a layer decodes to where single characters of it are encoded.
pub(super) fn characters(layer: &Layer) -> Vec<Layer> {
    let decoders: [(u8, Decoder); 3] = [(b'%', percent), (b'&', reference), (b'\\', escape)];
    let decoded = decoders.into_iter();
    decoded
        .filter_map(|(lead, decode)| in_place(layer, lead, decode))
        .collect()
}

/// What stretches of a layer decode to. `wanted` says of a byte sequence whether it may hold a secret; a stretch that does
/// not, and is not text either, is left out.
pub(super) fn stretches(layer: &Layer, mut wanted: impl FnMut(&[u8]) -> bool) -> Vec<Layer> {
    let mut decoded = Vec::new();
    let bytes = &layer.bytes;
    for coding in CODINGS {
        for run in runs(bytes, coding) {
            for skipped in 0..coding.symbols.min(run.len()) {
                let packed = pack(&run[skipped..], coding.bits);
                if packed.len() >= LEAST && (is_text(&packed) || wanted(&packed)) {
                    decoded.push(placed(layer, &packed, &run[skipped..], coding.bits));
                }
            }
        }
    }
    decoded.extend(numbers(layer).filter(|layer| is_text(&layer.bytes) || wanted(&layer.bytes)));
    decoded
}

/// An alphabet in which bytes are written.
#[derive(Debug, Clone, Copy)]
struct Coding {
    /// Bits that a symbol stands for.
    bits: u8,
    /// Symbols after which the alignment repeats.
    symbols: usize,
    /// The shortest stretch that is looked at.
    shortest: usize,
    value: fn(u8) -> Option<u8>,
    /// Whether a byte may stand between two symbols.
    between: fn(u8) -> bool,
}

/// Base32 is written in one case; the prose of a report is full of lower case, so that a longer stretch is asked for.
const CODINGS: [Coding; 4] = [
    Coding {
        bits: 4,
        symbols: 2,
        shortest: 2 * LEAST,
        value: hex_digit,
        between: |byte| byte.is_ascii() && !byte.is_ascii_alphanumeric(),
    },
    Coding {
        bits: 6,
        symbols: 4,
        shortest: 11,
        value: sextet,
        between: |byte| byte.is_ascii_whitespace(),
    },
    Coding {
        bits: 5,
        symbols: 8,
        shortest: 13,
        value: |byte| match byte {
            b'A'..=b'Z' => Some(byte - b'A'),
            b'2'..=b'7' => Some(byte - b'2' + 26),
            _ => None,
        },
        between: |byte| byte.is_ascii_whitespace(),
    },
    Coding {
        bits: 5,
        symbols: 8,
        shortest: 26,
        value: |byte| match byte {
            b'a'..=b'z' => Some(byte - b'a'),
            b'2'..=b'7' => Some(byte - b'2' + 26),
            _ => None,
        },
        between: |_| false,
    },
];

/// A symbol's value, and where it stands.
type Symbol = (u8, usize);

/// Stretches of a coding's alphabet that are long enough.
fn runs(bytes: &[u8], coding: Coding) -> Vec<Vec<Symbol>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if let Some(value) = (coding.value)(byte) {
            run.push((value, at));
        } else if let Some(length) = invisible(&bytes[at..]) {
            at += length;
            continue;
        } else if !(coding.between)(byte) {
            keep(&mut runs, &mut run, coding.shortest);
        }
        at += 1;
    }
    keep(&mut runs, &mut run, coding.shortest);
    runs
}

fn keep(runs: &mut Vec<Vec<Symbol>>, run: &mut Vec<Symbol>, shortest: usize) {
    if run.len() >= shortest {
        runs.push(std::mem::take(run));
    } else {
        run.clear();
    }
}

/// Bytes from symbols of so many bits.
fn pack(run: &[Symbol], bits: u8) -> Vec<u8> {
    let mut packed = Vec::with_capacity(run.len() * usize::from(bits) / 8);
    let (mut held, mut count) = (0_u32, 0);
    for (value, _) in run {
        held = (held << bits) | u32::from(*value);
        count += bits;
        if count >= 8 {
            count -= 8;
            packed.push((held >> count).to_le_bytes()[0]);
        }
    }
    packed
}

/// Packed bytes as a layer: each comes from the symbols that hold its bits.
fn placed(of: &Layer, packed: &[u8], run: &[Symbol], bits: u8) -> Layer {
    let bits = usize::from(bits);
    let mut layer = Layer::decoded(packed.len());
    for (index, byte) in packed.iter().enumerate() {
        let (first, last) = (index * 8 / bits, (index * 8 + 7) / bits);
        layer.push(*byte, of, run[first].1..run[last].1 + 1);
    }
    layer
}

/// Whether something that can be decoded again, or a secret between characters that nobody sees, may stand in these
/// bytes.
fn is_text(bytes: &[u8]) -> bool {
    let mut run = TextRun::default();
    bytes.iter().any(|byte| run.push(*byte))
}

/// Counts the bytes in a row that are text.
#[derive(Debug, Default)]
pub(super) struct TextRun {
    printable: usize,
    with_invisible: usize,
}

impl TextRun {
    /// Whether, with this byte, there are so many that chance does not explain them.
    pub(super) const fn push(&mut self, byte: u8) -> bool {
        // No branches: in what is decoded by chance they are not to be foreseen.
        let kind = TEXT[byte as usize];
        self.printable = (self.printable + 1) * (kind & 1) as usize;
        self.with_invisible = (self.with_invisible + 1) * (kind >> 1) as usize;
        self.printable >= 11 || self.with_invisible >= 24
    }
}

/// For every byte: 3 if it is printable, 2 if it is part of a character of [`invisible`], or else 0.
const TEXT: [u8; 256] = {
    let mut text = [0; 256];
    let mut byte: u8 = 255;
    loop {
        text[byte as usize] = match byte {
            b' '..=b'~' | b'\n' | b'\r' => 3,
            0x80 | 0x81 | 0x8B..=0x8F | 0xA0..=0xAF | 0xBB | 0xBF | 0xC2 | 0xE1 | 0xE2 | 0xEF => 2,
            _ => 0,
        };
        if byte == 0 {
            break;
        }
        byte -= 1;
    }
    text
};

pub(super) const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

pub(super) const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// What an encoded character stands for.
enum Unit {
    Byte(u8),
    Character(char),
}

/// Decodes what stands at the beginning of a text: what it stands for, and how many bytes it takes there.
type Decoder = fn(&[u8]) -> Option<(Unit, usize)>;

/// Decodes single characters wherever they are encoded, which begins with `lead`; `None` if none is.
fn in_place(layer: &Layer, lead: u8, decode: Decoder) -> Option<Layer> {
    let bytes = &layer.bytes;
    let decode = |at: usize| (bytes[at] == lead).then(|| decode(&bytes[at..])).flatten();
    // Most texts with a lead byte hold nothing that is encoded, such as addresses with `&`.
    (0..bytes.len()).find(|at| decode(*at).is_some())?;
    let mut decoded = Layer::decoded(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some((unit, length)) = decode(at) {
            let mut buffer = [0; 4];
            let encoded = match unit {
                Unit::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Unit::Character(character) => character.encode_utf8(&mut buffer).as_bytes(),
            };
            for byte in encoded {
                decoded.push(*byte, layer, at..at + length);
            }
            at += length;
        } else {
            decoded.push(bytes[at], layer, at..at + 1);
            at += 1;
        }
    }
    Some(decoded)
}

/// `%2F` (RFC 3986 §2.1).
fn percent(rest: &[u8]) -> Option<(Unit, usize)> {
    let [b'%', high, low, ..] = rest else {
        return None;
    };
    let byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
    Some((Unit::Byte(byte), 3))
}

/// `&#115;`, `&#x73;`, `&amp;`. Browsers do without the semicolon of a numeric one.
fn reference(rest: &[u8]) -> Option<(Unit, usize)> {
    const NAMED: [(&[u8], char); 5] = [
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
    ];
    if let Some((name, character)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((Unit::Character(*character), name.len()));
    }
    let digits = rest.strip_prefix(b"&#")?;
    let (digits, radix, lead) = match digits {
        [b'x' | b'X', digits @ ..] => (digits, 16, 3),
        digits => (digits, 10, 2),
    };
    let length = digits
        .iter()
        .take(8)
        .take_while(|byte| char::from(**byte).is_digit(radix))
        .count();
    let code = std::str::from_utf8(&digits[..length]).ok()?;
    let character = char::from_u32(u32::from_str_radix(code, radix).ok()?)?;
    let closed = usize::from(digits.get(length) == Some(&b';'));
    Some((Unit::Character(character), lead + length + closed))
}

/// `\u0073` (RFC 8259 §7), `\u{73}`, `\x73` and the short ones.
fn escape(rest: &[u8]) -> Option<(Unit, usize)> {
    let hex = |digits: &[u8]| {
        let code = std::str::from_utf8(digits).ok()?;
        let code = u32::from_str_radix(code, 16).ok()?;
        let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        Some(Unit::Character(character))
    };
    match rest {
        [b'\\', b'u', b'{', digits @ ..] => {
            let length = digits.iter().take(7).position(|byte| *byte == b'}')?;
            Some((hex(&digits[..length])?, 4 + length))
        }
        [b'\\', b'u', digits @ ..] => Some((hex(digits.get(..4)?)?, 6)),
        [b'\\', b'x', digits @ ..] => Some((hex(digits.get(..2)?)?, 4)),
        [b'\\', character @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((Unit::Byte(*character), 2)),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((Unit::Byte(b' '), 2)),
        _ => None,
    }
}

/// `[115, 101, 99]`: bytes as programs print them.
fn numbers(layer: &Layer) -> impl Iterator<Item = Layer> {
    let bytes = &layer.bytes;
    let mut lists = Vec::new();
    let mut list = Layer::decoded(0);
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number = std::str::from_utf8(&bytes[at..at + digits])
            .ok()
            .and_then(|digits| digits.parse::<u8>().ok());
        if let Some(number) = number {
            list.push(number, layer, at..at + digits);
            at += digits;
        } else if digits == 0 && matches!(bytes[at], b',' | b' ' | b';' | b'\n') {
            at += 1;
        } else {
            at += digits.max(1);
            lists.push(std::mem::replace(&mut list, Layer::decoded(0)));
        }
    }
    lists.push(list);
    lists.into_iter().filter(|list| list.bytes.len() >= LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that a text decodes to.
    fn decoded(text: &str) -> Vec<String> {
        let layer = Layer::of(text);
        let mut layers = characters(&layer);
        layers.extend(stretches(&layer, |_| false));
        layers
            .iter()
            .map(|layer| String::from_utf8_lossy(&layer.bytes).into_owned())
            .collect()
    }

    #[test]
    fn single_characters_are_decoded_where_they_stand() {
        assert_eq!(decoded("a%20b%zz%C3%B6"), ["a b%zzö"]);
        assert_eq!(
            decoded("&lt;&#115;&#x65;&#99 &amp &bogus;"),
            ["<sec &amp &bogus;"]
        );
        assert_eq!(decoded(r"\u0073\x65\u{63}\n\q"), [r"sec \q"]);
    }

    #[test]
    fn stretches_are_decoded_at_every_alignment() {
        for (text, expected) in [
            ("x 68756e746572322d736563726574 y", "hunter2-secret"),
            (
                "x68 75 6e 74:65 72 32-2d 73 65 63 72 65 74",
                "hunter2-secret",
            ),
            ("a/aHVudGVyMi1zZWNyZXQ=", "hunter2-secret"),
            ("aHVudGVyMi\r\n 1zZWNyZXQ", "hunter2-secret"),
            ("NB2W45DFOIZC243FMNZGK5A=", "hunter2-secret"),
            (
                "[104, 117, 110, 116, 101, 114, 50, 45, 115, 101, 99, 114, 101, 116]",
                "hunter2-secret",
            ),
        ] {
            let found = decoded(text);
            assert!(
                found.iter().any(|one| one.contains(expected)),
                "{text}: {found:?}"
            );
        }
        assert_eq!(decoded("an ordinary sentence, with nothing in it"), [""; 0]);
    }

    #[test]
    fn decoded_bytes_know_where_they_come_from() {
        let text = "a=%73%65; x 68756e746572322d736563726574 y";
        let layer = Layer::of(text);
        for decoded in stretches(&layer, |_| false) {
            let Some(at) = decoded
                .bytes
                .windows(6)
                .position(|bytes| bytes == b"hunter")
            else {
                continue;
            };
            assert_eq!(&text[decoded.origin(at..at + 6)], "68756e746572");
            return;
        }
        panic!("nothing was decoded");
    }
}
