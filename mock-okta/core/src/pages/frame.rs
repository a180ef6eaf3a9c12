//! What all pages share: the head, the style, the landmarks.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// `Content-Type` of every page.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";

/// `Content-Security-Policy` of every page: nothing but its own inline style, known by its hash.
///
/// There is no `form-action`: browsers apply it to the redirects that follow a form as well, and those lead to the
/// client's own `redirect_uri`.
pub fn content_security_policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'",
            STANDARD.encode(Sha256::digest(STYLE))
        )
    });
    &POLICY
}

/// What every page says at its foot, so that nobody takes the mock for the org of a company.
const NOTICE: &str = "A mock org for tests. Type no password of yours here.";

/// The same of an org that looks from outside as a real one does: it may be any org for tests, but people are still warned.
const NOTICE_AS_REAL: &str = "An org for tests. Type no password of yours here.";

/// A page as an org has it that looks from outside as a real one does.
pub(crate) fn as_real(html: &str) -> String {
    html.replacen(NOTICE, NOTICE_AS_REAL, 1)
}

/// A whole page: `place` names whose page it is, `title` what it is for, `content` stands below both.
pub(super) fn page(place: &str, title: &str, content: &Markup) -> String {
    framed("narrow", place, title, content)
}

/// The same with room for tables.
pub(super) fn wide_page(place: &str, title: &str, content: &Markup) -> String {
    framed("wide", place, title, content)
}

fn framed(width: &str, place: &str, title: &str, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (place) }
                style { (PreEscaped(STYLE)) }
            }
            body class=(width) {
                header { p { (place) } }
                main {
                    h1 { (title) }
                    (content)
                }
                footer { p { (NOTICE) } }
            }
        }
    }
    .into_string()
}

/// Two palettes, chosen by the reader's system; contrast is at least 4.5 to 1 in both.
const STYLE: &str = "\
:root{color-scheme:light dark;--page:#f3f4f7;--card:#fff;--text:#1b1f2a;--soft:#5a6172;--line:#868d9d;\
--edge:#dfe2e9;--main:#1f4fd8;--on-main:#fff;--bad:#a4161a;--bad-page:#fdf0f0}\
@media(prefers-color-scheme:dark){:root{--page:#12141a;--card:#1c1f28;--text:#eceef4;--soft:#a9b0c0;--line:#757d90;\
--edge:#2d3240;--main:#9db8ff;--on-main:#0e1530;--bad:#ffb1ae;--bad-page:#3a1c1f}}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;\
padding:1.5rem 1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif}\
header,main,footer{width:100%;max-width:25rem}\
header p{margin:0 0 .75rem;font-weight:600;color:var(--soft);text-align:center}\
main{padding:clamp(1.25rem,6vw,2rem);border:1px solid var(--edge);border-radius:.75rem;background:var(--card)}\
footer p{margin:.75rem 0 0;font-size:.8125rem;color:var(--soft);text-align:center}\
h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.25;text-wrap:balance}\
p{margin:0 0 1rem;overflow-wrap:anywhere}main>:last-child{margin-bottom:0}\
.error{padding:.75rem 1rem;border-radius:.5rem;background:var(--bad-page);color:var(--bad)}\
label{display:block;margin:1rem 0 .375rem;font-weight:600}\
input{width:100%;padding:.625rem .75rem;border:1px solid var(--line);border-radius:.5rem;\
background:var(--card);color:var(--text);font:inherit}\
[aria-invalid]{border-color:var(--bad)}\
button{width:100%;margin-top:1.5rem;padding:.6875rem 1rem;border:1px solid var(--main);border-radius:.5rem;\
background:var(--main);color:var(--on-main);font:inherit;font-weight:600;cursor:pointer}\
button:hover{filter:brightness(1.1)}\
button.plain{border-color:var(--line);background:none;color:var(--text)}\
.two{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1.5rem}.two button{flex:1 1 8rem;margin:0}\
:focus-visible{outline:3px solid var(--main);outline-offset:1px}\
ul{margin:0;padding:0;list-style:none;border:1px solid var(--edge);border-radius:.5rem}\
li{padding:.5rem .75rem}li+li{border-top:1px solid var(--edge)}\
dl{margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:0 1rem}\
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\
code{font:.875em/1.5 ui-monospace,monospace}\
.wide header,.wide main,.wide footer{max-width:70rem}\
h2{margin:1.75rem 0 .5rem;font-size:1.125rem}a{color:var(--main)}\
.scroll{overflow-x:auto}section+p{margin-top:.75rem}table{width:100%;min-width:42rem;border-collapse:collapse;font-size:.9375rem}\
th,td{padding:.4375rem .75rem .4375rem 0;border-bottom:1px solid var(--edge);text-align:left;vertical-align:top}\
th{color:var(--soft);font-weight:600;white-space:nowrap}td code{overflow-wrap:anywhere}summary{cursor:pointer}\
.only-read{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_style_that_the_page_holds() {
        let page = page("Mock Okta", "Title", &html! {});
        let style = page
            .split_once("<style>")
            .and_then(|(_, rest)| rest.split_once("</style>"))
            .map(|(style, _)| style)
            .expect("a style");
        let hash = STANDARD.encode(Sha256::digest(style));
        assert!(content_security_policy().contains(&format!("'sha256-{hash}'")));
    }

    #[test]
    fn nothing_is_loaded_from_anywhere() {
        for reference in ["url(", "@import", "http"] {
            assert!(!STYLE.contains(reference), "{reference}");
        }
    }
}
