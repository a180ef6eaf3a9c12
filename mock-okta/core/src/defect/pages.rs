//! Bends of pages: text of the request gets into them as it was sent.

use super::Bend;
use crate::request::{Body, Request};

/// Bends a page.
pub(super) fn bend(bend: Bend, request: &Request, html: &mut String) {
    match bend {
        Bend::InputReflected => {
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
        Bend::FormPostUnescaped | Bend::SignInPageUnescaped => *html = unescaped(html),
        _ => {}
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
