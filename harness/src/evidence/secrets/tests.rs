use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::*;

const SECRET: &str = "q3cZ5-vY0uVnQm+I1Jr0/gS8pXhT2k";

fn secrets(values: &[&str]) -> RunSecrets {
    let secrets = RunSecrets::new(Salt::new(*b"salt"), Public::default());
    for value in values {
        assert!(secrets.add(value), "{value}");
    }
    secrets
}

fn shown(secrets: &RunSecrets, text: &str) -> String {
    let mut shown = text.to_owned();
    for hit in secrets.find(text, &[]).into_iter().rev() {
        shown.replace_range(hit.range, "<s>");
    }
    shown
}

/// Something behind each character.
fn spaced(text: &str, between: &str) -> String {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    characters.join(between)
}

fn each(secret: &str, write: impl Fn(u8) -> String) -> String {
    secret.bytes().map(write).collect()
}

fn hex(text: &str) -> String {
    each(text, |byte| format!("{byte:02x}"))
}

fn base32(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let symbols = bits.chunks(5).map(|chunk| {
        let value = chunk.iter().fold(0, |value, bit| value << 1 | bit) << (5 - chunk.len());
        char::from(alphabet[usize::from(value)])
    });
    symbols.collect()
}

fn wrapped(text: &str, width: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines = characters.chunks(width).map(|line| line.iter().collect());
    lines.collect::<Vec<String>>().join("\r\n")
}

/// Ways to write a text, by name.
fn written(secret: &str) -> Vec<(&'static str, String)> {
    vec![
        ("plain", secret.to_owned()),
        ("upper case", secret.to_uppercase()),
        ("lower case", secret.to_lowercase()),
        ("reversed", secret.chars().rev().collect()),
        ("hex", hex(secret)),
        ("upper-case hex", hex(secret).to_uppercase()),
        (
            "hex with colons",
            each(secret, |byte| format!("{byte:02x}:")),
        ),
        ("percent", each(secret, |byte| format!("%{byte:02X}"))),
        (
            "form",
            form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        ),
        (
            "double percent",
            each(secret, |byte| format!("%25{byte:02X}")),
        ),
        (
            "decimal references",
            each(secret, |byte| format!("&#{byte};")),
        ),
        (
            "hex references",
            each(secret, |byte| format!("&#x{byte:x};")),
        ),
        (
            "JSON escapes",
            each(secret, |byte| format!("\\u{byte:04x}")),
        ),
        (
            "upper-case JSON escapes",
            each(secret, |byte| format!("\\u{byte:04X}")),
        ),
        (
            "escaped JSON escapes",
            each(secret, |byte| format!("\\\\u{byte:04x}")),
        ),
        ("base64", STANDARD.encode(secret)),
        (
            "base64 behind a prefix",
            STANDARD.encode(format!("user:{secret}")),
        ),
        ("wrapped base64", wrapped(&STANDARD.encode(secret), 12)),
        ("base64url twice", URL_SAFE.encode(URL_SAFE.encode(secret))),
        (
            "base64 twice and wrapped",
            wrapped(&STANDARD.encode(STANDARD.encode(secret)), 20),
        ),
        (
            "base64 three times",
            STANDARD.encode(STANDARD.encode(STANDARD.encode(secret))),
        ),
        ("base32", base32(secret.as_bytes())),
        (
            "lower-case base32",
            base32(secret.as_bytes()).to_lowercase(),
        ),
        ("hex of base64", hex(&STANDARD.encode(secret))),
        ("base64 of hex", STANDARD.encode(hex(secret))),
        (
            "percent of base64",
            each(&STANDARD.encode(secret), |byte| format!("%{byte:02x}")),
        ),
        (
            "base64 of reversed",
            STANDARD.encode(secret.chars().rev().collect::<String>()),
        ),
        ("zero-width spaces", spaced(secret, "\u{200B}")),
        (
            "byte order marks in base64",
            spaced(&STANDARD.encode(secret), "\u{FEFF}"),
        ),
        (
            "base64 of zero-width spaces",
            STANDARD.encode(spaced(secret, "\u{200B}")),
        ),
        ("hyphens", spaced(secret, "-")),
        ("numbers", format!("{:?}", secret.as_bytes())),
    ]
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let secrets = secrets(&[SECRET]);
    for (name, text) in written(SECRET) {
        for (before, behind) in [
            ("", ""),
            ("the token ", " is wrong"),
            ("/a/", "/b"),
            ("x=", "&y=1"),
            ("\"", "\""),
        ] {
            let all = format!("{before}{text}{behind}");
            let shown = shown(&secrets, &all);
            assert!(shown.contains("<s>"), "{name}: {all}");
            // What is left of it is less than one could make anything of.
            let left = shown.len() - "<s>".len() - before.len() - behind.len();
            assert!(left < 24, "{name}: {all} {shown}");
        }
    }
}

#[test]
fn a_secret_directly_behind_other_letters_is_found() {
    let secrets = secrets(&[SECRET]);
    for prefix in ["a", "ab", "abc", "abcd", "0", "A2"] {
        for (name, text) in written(SECRET) {
            // A letter before hexadecimal digits, and a digit before numbers, is part of another text.
            if matches!(name, "numbers") || name.contains("base32") || name.contains("hex") {
                continue;
            }
            let shown = shown(&secrets, &format!("{prefix}{text}"));
            assert!(shown.contains("<s>"), "{prefix}, {name}: {shown}");
        }
    }
}

#[test]
fn a_token_is_found_where_it_is_encoded_even_if_nobody_knew_it() {
    let jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMHUxIn0.c2lnbmF0dXJl";
    let secrets = secrets(&[]);
    for (name, text) in written(jwt) {
        if matches!(
            name,
            "plain"
                | "upper case"
                | "lower case"
                | "reversed"
                | "form"
                | "hyphens"
                | "zero-width spaces"
                | "base64 of zero-width spaces"
                | "base64 of reversed"
        ) {
            continue;
        }
        assert_eq!(secrets.find(&text, &[]).len(), 1, "{name}");
    }
}

#[test]
fn ordinary_text_is_left_as_it_is() {
    let secrets = secrets(&[
        SECRET,
        "web-app+secret: 100 % für Tests only",
        "hunter2-secret",
    ]);
    for text in [
        "",
        "The web app is for tests only; its secret is not shown.",
        "https://id.example/oauth2/v1/token?scope=openid%20profile&state=0123456789abcdef0123456789abcdef",
        "{\"error\":\"invalid_grant\",\"error_description\":\"The subject_token was issued to another client.\"}",
        "urn:ietf:params:oauth:token-type:id-jag",
        "q3cZ5-vY0u and VnQm",
    ] {
        assert_eq!(secrets.find(text, &[]), [], "{text}");
    }
}

#[test]
fn what_is_short_is_found_as_it_is_and_decoded() {
    let secrets = secrets(&[]);
    assert!(!secrets.add("p+s1!"));
    let exact: [Exact; 1] = [("p+s1!".into(), "f".into())];
    for (text, expected) in [
        ("a p+s1! b", 2..7),
        ("a P+S1!", 2..7),
        ("a%70%2Bs1! b", 1..10),
    ] {
        let hits = secrets.find(text, &exact);
        assert_eq!(hits.len(), 1, "{text}");
        assert_eq!(hits[0].range, expected, "{text}");
    }
}

#[test]
fn what_is_public_or_too_short_is_not_learnt() {
    let public = Public::new(vec!["code: not-a-code-at-all".into()]);
    let secrets = RunSecrets::new(Salt::new(*b"salt"), public);
    secrets.learn("not-a-code-at-all", 8);
    secrets.learn("short-one", 16);
    secrets.learn("learnt-as-it-is-long-enough", 16);
    assert_eq!(secrets.find("not-a-code-at-all short-one", &[]), []);
    assert_eq!(secrets.find("learnt-as-it-is-long-enough", &[]).len(), 1);
}

#[test]
fn what_decodes_to_ever_more_ends() {
    let secrets = secrets(&[SECRET]);
    let mut nested = "a secret".to_owned();
    for _ in 0..12 {
        nested = STANDARD.encode(nested);
    }
    for text in [
        nested,
        "%25".repeat(1000),
        "A".repeat(1000),
        "12345678 ".repeat(200),
    ] {
        assert_eq!(secrets.find(&text, &[]), []);
    }
}

#[test]
fn a_text_that_was_clean_is_searched_again_once_it_may_hold_a_secret() {
    for (name, text) in written(SECRET) {
        let secrets = secrets(&["another-secret-of-the-run"]);
        for _ in 0..3 {
            assert_eq!(secrets.find(&text, &[]), [], "{name}");
        }
        assert!(secrets.add(SECRET));
        assert!(!secrets.find(&text, &[]).is_empty(), "{name}");
    }
}
