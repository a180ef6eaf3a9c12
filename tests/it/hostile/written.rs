//! The ways in which a hostile target writes a secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A way, by name.
pub type Way = (&'static str, fn(&str) -> String);

/// All of them.
pub const WAYS: [Way; 15] = [
    ("as it is", str::to_owned),
    ("upper case", |text| text.to_uppercase()),
    ("hexadecimal", |text| {
        each(text, |byte| format!("{byte:02x}"))
    }),
    ("reversed", |text| text.chars().rev().collect()),
    ("percent-encoded", |text| {
        each(text, |byte| format!("%{byte:02X}"))
    }),
    ("percent-encoded twice", |text| {
        each(text, |byte| format!("%25{byte:02X}"))
    }),
    ("decimal references", |text| {
        each(text, |byte| format!("&#{byte};"))
    }),
    ("hexadecimal references", |text| {
        each(text, |byte| format!("&#x{byte:x};"))
    }),
    ("JSON escapes", |text| {
        each(text, |byte| format!("\\u{byte:04x}"))
    }),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 in lines", |text| {
        let encoded = STANDARD.encode(text);
        let lines = encoded.as_bytes().chunks(19);
        let lines = lines.map(|line| String::from_utf8_lossy(line).into_owned());
        lines.collect::<Vec<_>>().join(" ")
    }),
    ("base64 twice", |text| {
        URL_SAFE_NO_PAD.encode(URL_SAFE_NO_PAD.encode(text))
    }),
    ("base32", base32),
    ("with zero-width spaces", |text| spaced(text, "\u{200B}")),
    ("with hyphens", |text| spaced(text, "-")),
];

fn spaced(text: &str, between: &str) -> String {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    characters.join(between)
}

fn each(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

fn base32(text: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = text
        .bytes()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let symbols = bits.chunks(5).map(|bits| {
        let value = bits.iter().fold(0, |value, bit| value << 1 | bit) << (5 - bits.len());
        char::from(alphabet[usize::from(value)])
    });
    symbols.collect()
}
