//! Finds credentials in what went over the wire. By how they look there, not by how the harness reads them.

use std::collections::BTreeSet;

use super::search::Secrets;

/// Parameters and cookies that are worth stealing, as `name=value`.
const PAIRS: [&str; 6] = [
    "code",
    "code_verifier",
    "dataHandle",
    "refresh_token",
    "sid",
    "stateToken",
];

/// What ends such a value in queries, forms, cookies and pages.
const PAIR_ENDS: [char; 9] = ['&', '"', '\'', ' ', ';', '\r', '\n', '#', '<'];

/// Members of JSON answers that are, as `"name":"value"`.
const MEMBERS: [&str; 3] = ["access_token", "id_token", "refresh_token"];

/// Every credential of the texts. `published` is what everybody may read, such as the wrong codes that scenarios send.
pub fn collect(said: &[String], published: &str, secrets: &mut Secrets) {
    let stands_in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words: BTreeSet<&str> = published.split(|c| !stands_in_word(c)).collect();
    // There are thousands to ask for, and most are words.
    let everybody_reads = |value: &str| {
        words.contains(value) || (!value.chars().all(stands_in_word) && published.contains(value))
    };
    let mut seen = BTreeSet::new();
    let mut add = |kind: &str, value: &str| {
        // What is short was made up by a scenario, or is a code of an error.
        if value.len() >= 32 && !everybody_reads(value) && seen.insert(value.to_owned()) {
            secrets.text(&format!("{kind} {}", seen.len()), value);
        }
    };
    for text in said {
        for jwt in compact_jwts(text) {
            let mut parts = jwt.split('.').skip(1);
            // Decoded, header and claims may be read; as they stand in the token, nothing may be.
            add("a JWT's claims", parts.next().unwrap_or_default());
            add("a JWT's signature", parts.next().unwrap_or_default());
        }
        for name in PAIRS {
            for value in values(text, &format!("{name}="), &PAIR_ENDS) {
                add(name, value);
            }
        }
        for name in MEMBERS {
            let found = values(text, &format!("\"{name}\":\""), &['"']);
            // A JWT is taken apart above.
            for value in found.into_iter().filter(|value| !value.contains('.')) {
                add(name, value);
            }
        }
    }
}

/// What stands behind a lead, up to one of these characters.
fn values<'t>(text: &'t str, lead: &str, ends: &[char]) -> Vec<&'t str> {
    let is_whole = |at: &usize| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && before != '_')
    };
    let places = text.match_indices(lead).map(|(at, _)| at).filter(is_whole);
    let values = places.map(|at| {
        let rest = &text[at + lead.len()..];
        &rest[..rest.find(ends).unwrap_or(rest.len())]
    });
    values.collect()
}

/// Texts of three parts in base64url, the first of which begins as `{"` does.
fn compact_jwts(text: &str) -> impl Iterator<Item = &str> {
    let stands_in_jwt = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.match_indices("eyJ").filter_map(move |(at, _)| {
        let rest = &text[at..];
        let end = rest.find(|c| !stands_in_jwt(c)).unwrap_or(rest.len());
        let jwt = &rest[..end];
        (jwt.split('.').count() == 3).then_some(jwt)
    })
}

#[test]
fn credentials_are_found_on_the_wire() {
    let long = |c: char| c.to_string().repeat(43);
    let said = [
        format!(
            "GET /cb?code={}&error_code={} HTTP/1.1\r\n",
            long('a'),
            long('b')
        ),
        format!(
            "set-cookie: sid={}; Path=/\r\nlocation: /signin?stateToken={}\r\n",
            long('c'),
            long('d')
        ),
        format!("{{\"access_token\":\"tracker_{}\",\"x\":1}}", long('e')),
        format!(
            "subject_token=eyJhbGciOiJub25lIn0.{}.{}&code=made-up",
            long('f'),
            long('g')
        ),
        format!("code={}", long('h')),
    ];
    let mut secrets = Secrets::default();
    collect(&said, &long('h'), &mut secrets);
    let searcher = secrets.searcher();
    for (shown, expected) in [
        ('a', "code 1"),
        ('c', "sid 2"),
        ('d', "stateToken 3"),
        ('e', "access_token 4"),
        ('f', "a JWT's claims"),
        ('g', "a JWT's signature"),
    ] {
        let found = searcher.find("x", &long(shown));
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "{shown}: {found:?}"
        );
    }
    for shown in ['b', 'h'] {
        assert!(searcher.find("x", &long(shown)).is_empty(), "{shown}");
    }
}
