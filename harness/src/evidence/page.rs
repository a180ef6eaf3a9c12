//! Pages for people. Their styles and scripts are most of their text, and a reader of a report learns nothing from them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::exchange::Response;

/// A start or an end tag of a style or a script, as far as its name.
#[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i-u:</?(?:style|script)\b)").expect("a regular expression"));

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
}
