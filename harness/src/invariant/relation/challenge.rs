//! `WWW-Authenticate`, parsed (RFC 9110 §11.6.1).

use super::{Said, View, words};
use crate::result::Aspect;

/// Every challenge has a scheme, and parameters or a token68 behind it.
pub(super) fn syntax(view: &View<'_>) -> Option<Said> {
    let field = view.exchange.response.header("www-authenticate")?;
    let seen = (!parses(&field)).then(|| words(format!("`{field}`")));
    Some(Said::new(
        Aspect::Header("www-authenticate".to_owned()),
        "a list of challenges",
        seen,
    ))
}

/// What stands between the commas that are not inside quotes: a scheme alone, a scheme with its first parameter or its
/// token68, or another parameter.
fn parses(field: &str) -> bool {
    let Some(items) = items(field) else {
        return false;
    };
    let mut has_scheme = false;
    for item in items {
        let item = item.trim();
        if item.is_empty() {
            continue;
        }
        if has_scheme && is_parameter(item) {
            continue;
        }
        let (scheme, rest) = item.split_once(' ').unwrap_or((item, ""));
        let rest = rest.trim();
        if !is_token(scheme) || !(rest.is_empty() || is_parameter(rest) || is_token68(rest)) {
            return false;
        }
        has_scheme = true;
    }
    has_scheme
}

/// Cut at commas outside of quoted strings; `None` where a quoted string does not end.
fn items(field: &str) -> Option<Vec<&str>> {
    let (mut items, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in field.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                items.push(&field[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&field[start..]);
    (!quoted).then_some(items)
}

/// `name=value` or `name="value"`, with white space around the sign.
fn is_parameter(item: &str) -> bool {
    let Some((name, value)) = item.split_once('=') else {
        return false;
    };
    let value = value.trim();
    is_token(name.trim()) && (is_quoted(value) || is_token(value))
}

/// One quoted string and nothing behind it.
fn is_quoted(text: &str) -> bool {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let mut escaped = false;
    inner.is_some_and(|inner| {
        let closed = inner.chars().all(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            !ends
        });
        closed && !escaped
    })
}

fn is_token(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

fn is_token68(text: &str) -> bool {
    let bare = text.trim_end_matches('=');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    !bare.is_empty() && bare.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::parses;

    #[test]
    fn challenges_are_told_from_what_is_none() {
        for good in [
            "Bearer",
            "bearer realm=\"a, b\"",
            "Basic realm=\"x\", Bearer error=\"invalid_token\", error_description=\"no \\\"way\\\"\"",
            "Negotiate YWJj==",
            "Bearer realm = \"x\" , charset=utf-8",
            "DPoP algs=\"ES256 PS256\", , Basic realm=x",
        ] {
            assert!(parses(good), "{good}");
        }
        for bad in [
            "",
            ",",
            "error=\"invalid_token\"",
            "Bearer error=\"invalid_token",
            "Bearer error=invalid token",
            "Bearer realm=\"x\" error=\"y\"",
            "Be@rer",
        ] {
            assert!(!parses(bad), "{bad}");
        }
    }
}
