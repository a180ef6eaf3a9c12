//! Pages for people. Their styles and scripts are most of their text, and a reader of a report learns nothing from them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::names;
use crate::exchange::Response;

/// A start or an end tag of a style or a script, as far as its name.
#[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i-u:</?(?:style|script)\b)").expect("a regular expression"));

/// A tag that may carry a value for a program: a field of a form that is not shown, or a note in the head of the page.
#[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
static CARRIER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)<(?:input|meta)\b(?:"[^"]*"|'[^']*'|[^'">])*>"#)
        .expect("a regular expression")
});

/// An attribute of a tag.
#[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"#)
        .expect("a regular expression")
});

/// A secret name with a quoted value, as scripts write it: `var stateToken = '…'`, `{"stateToken": '…'}`.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    let names: Vec<_> = names::all().collect();
    let pattern = format!(
        r#"(?i)(?-u:\b)(?:{})["']?\]?\s*[:=]\s*(?:"([^"\s<>]+)"|'([^'\s<>]+)'|`([^`\s<>]+)`)"#,
        names.join("|")
    );
    #[expect(
        clippy::expect_used,
        reason = "made of constants, and used by every test of pages"
    )]
    Regex::new(&pattern).expect("the pattern is a regular expression")
});

/// A character in a script: `\x2D`, `\u002D`.
#[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
static ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))").expect("a regular expression")
});

/// The values that stand in a page under secret names: in its scripts, its fields and its head.
pub(super) fn secret_values(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in CARRIER.find_iter(text) {
        let (mut is_secret, mut value) = (false, None);
        for attribute in ATTRIBUTE.captures_iter(tag.as_str()) {
            let of = (2..=4).find_map(|group| attribute.get(group));
            let of = of.map(|of| of.as_str()).unwrap_or_default();
            match attribute[1].to_ascii_lowercase().as_str() {
                "name" | "id" => is_secret |= names::is_secret(of),
                "value" | "content" => value = Some(of.to_owned()),
                _ => {}
            }
        }
        found.extend(value.filter(|_| is_secret));
    }
    for assigned in ASSIGNED.captures_iter(text) {
        let Some(value) = (1..=3).find_map(|group| assigned.get(group)) else {
            continue;
        };
        let decoded = unescaped(value.as_str());
        if decoded != value.as_str() {
            found.push(decoded);
        }
        found.push(value.as_str().to_owned());
    }
    found
}

fn unescaped(text: &str) -> String {
    let shown = ESCAPE.replace_all(text, |found: &Captures<'_>| {
        let digits = found.get(1).or(found.get(2)).map(|one| one.as_str());
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let character = code.and_then(char::from_u32);
        character.map_or_else(|| found[0].to_owned(), String::from)
    });
    shown.into_owned()
}

/// The text of an answer. If it is a page, `…` stands for the content of its styles and scripts.
pub(super) fn without_code(response: &Response) -> Cow<'_, str> {
    let text = response.text.as_str();
    if response.media_type() != "text/html" {
        return text.into();
    }
    let mut kept = String::new();
    let (mut from, mut is_code) = (0, false);
    for tag in TAG.find_iter(text) {
        let is_end = tag.as_str().starts_with("</");
        if is_code && is_end {
            from = tag.start();
            is_code = false;
        } else if !is_code
            && !is_end
            && let Some(length) = text[tag.start()..].find('>')
        {
            let content = tag.start() + length + 1;
            kept.push_str(&text[from..content]);
            kept.push('…');
            is_code = true;
        }
    }
    if is_code {
        from = text.len();
    }
    if kept.is_empty() {
        return text.into();
    }
    (kept + &text[from..]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(media_type: &str, text: &str) -> String {
        let content_type = ("content-type".to_owned(), media_type.to_owned());
        let response = Response::new(200, vec![content_type], text.as_bytes());
        without_code(&response).into_owned()
    }

    #[test]
    fn the_content_of_styles_and_scripts_is_left_out_of_pages() {
        let html = |text: &str| kept("text/html; charset=utf-8", text);
        for (page, expected) in [
            ("<p>Sign in</p>", "<p>Sign in</p>"),
            (
                "<head><style>a{b:c}</style><title>x</title><SCRIPT src=y>\nlet z;\n</SCRIPT ></head>",
                "<head><style>…</style><title>x</title><SCRIPT src=y>…</SCRIPT ></head>",
            ),
            ("<style></style><p>", "<style>…</style><p>"),
            ("<script>never closed", "<script>…"),
            ("<styles>a</styles>", "<styles>a</styles>"),
            ("<style", "<style"),
        ] {
            assert_eq!(html(page), expected);
        }
        assert_eq!(kept("text/plain", "<style>a</style>"), "<style>a</style>");
    }

    #[test]
    fn values_under_secret_names_are_found_however_a_page_writes_them() {
        const VALUE: &str = "02abcDEF-ghij_klmnop";
        for page in [
            "var stateToken = '02abcDEF-ghij_klmnop';",
            "{stateToken: \"02abcDEF-ghij_klmnop\"}",
            "x['stateToken'] = `02abcDEF-ghij_klmnop`",
            "{\"stateToken\":'02abcDEF\\x2Dghij_klmnop'}",
            "<input name=stateToken type=hidden value=02abcDEF-ghij_klmnop>",
            "<input value=\"02abcDEF-ghij_klmnop\" type='hidden' title='a > b' name='stateToken'/>",
            "<meta content='02abcDEF-ghij_klmnop' name='stateToken'>",
        ] {
            let found = secret_values(page);
            assert!(found.iter().any(|one| one == VALUE), "{page}: {found:?}");
        }
        for page in [
            "var state = '02abcDEF-ghij_klmnop';",
            "<input name='q' value='02abcDEF-ghij_klmnop'>",
        ] {
            assert_eq!(secret_values(page), [""; 0], "{page}");
        }
    }
}
