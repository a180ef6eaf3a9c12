//! Changes of pages: text of the request gets into them as it was sent.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::request::{Body, Request};

/// What is different in a page.
#[derive(Debug, Clone, Copy)]
pub(super) enum PageChange {
    /// It repeats the parameters of the request without escaping them.
    RepeatsParameters,
    /// Nothing in it is escaped.
    Unescaped,
}

/// Changes a page.
pub(super) fn apply(change: PageChange, request: &Request, html: &mut String) {
    match change {
        PageChange::RepeatsParameters => {
            let params = match &request.body {
                Body::Form(form) => form,
                Body::Empty | Body::Other => &request.query,
            };
            let sent: Vec<String> = params
                .iter()
                .map(|(name, value)| format!("<p>{name}: {value}</p>"))
                .collect();
            *html = html.replacen("</main>", &format!("{}</main>", sent.concat()), 1);
        }
        PageChange::Unescaped => *html = unescaped(html),
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
