//! What every page shares: the head, the style, the script, and a policy that lets nothing else in.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

/// The look of all pages, inlined.
const STYLE: &str = include_str!("assets/report.css");
/// What a reader with a script gets on top, inlined.
const SCRIPT: &str = include_str!("assets/report.js");

/// A whole page in one file, in the reader's theme. `body` holds the landmarks.
pub(crate) fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta http-equiv="Content-Security-Policy" content=(policy());
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Nothing is loaded, and nothing runs but the style and script of this file, known by their hashes. A script that came in
/// with the data of a hostile target has another hash.
fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let mut policy = String::from("default-src 'none'; base-uri 'none'; form-action 'none'");
        for (directive, text) in [("style-src", STYLE), ("script-src", SCRIPT)] {
            let hash = STANDARD.encode(Sha256::digest(text));
            let _ = write!(policy, "; {directive} 'sha256-{hash}'");
        }
        policy
    });
    &POLICY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between<'t>(page: &'t str, open: &str, close: &str) -> &'t str {
        let (_, rest) = page.split_once(open).unwrap();
        rest.split_once(close).unwrap().0
    }

    #[test]
    fn the_policy_names_what_the_page_holds() {
        let page = document("Title", &html! {}).into_string();
        for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let hash = STANDARD.encode(Sha256::digest(between(&page, open, close)));
            assert!(
                page.contains(&format!("&#39;sha256-{hash}&#39;"))
                    || page.contains(&format!("'sha256-{hash}'")),
                "{open}"
            );
        }
    }

    #[test]
    fn nothing_is_loaded_from_anywhere() {
        for reference in [
            "@import",
            "http:",
            "https:",
            "//",
            "fetch(",
            "XMLHttp",
            "innerHTML",
            "eval(",
        ] {
            assert!(!STYLE.contains(reference), "{reference} in the style");
            assert!(
                !SCRIPT.contains(reference) || reference == "//",
                "{reference} in the script"
            );
        }
        // References inside the file only.
        assert_eq!(
            STYLE.matches("url(").count(),
            STYLE.matches("url(#").count()
        );
    }

    #[test]
    fn a_title_cannot_break_out() {
        let page = document("</title><script>alert(1)</script>", &html! {}).into_string();
        assert_eq!(page.matches("<script>").count(), 1);
    }
}
