//! Addresses, cookies and credentials taken apart. Whoever learns secrets and whoever replaces them must find the same parts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// An address: what stands before its parameters, and its lists of parameters, each with the character before it. A
/// fragment may have a query of its own.
pub(super) fn address(text: &str) -> (&str, Vec<(char, &str)>) {
    let mut pieces = text.split(['?', '#']);
    let place = pieces.next().unwrap_or_default();
    let mut at = place.len();
    let lists = pieces.map(|piece| {
        let lead = if text[at..].starts_with('#') {
            '#'
        } else {
            '?'
        };
        at += 1 + piece.len();
        (lead, piece)
    });
    (place, lists.collect())
}

/// The cookies of a `Cookie` field.
pub(super) fn cookies(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim)
}

/// The cookie of a `Set-Cookie` field, and its attributes.
pub(super) fn set_cookie(value: &str) -> (&str, Option<&str>) {
    match value.split_once(';') {
        Some((pair, attributes)) => (pair, Some(attributes)),
        None => (value, None),
    }
}

/// Name and value of a cookie. A cookie without `=` is a value without a name (RFC 6265bis).
pub(super) fn cookie(pair: &str) -> (Option<&str>, &str) {
    match pair.split_once('=') {
        Some((name, value)) => (Some(name), value),
        None => (None, pair),
    }
}

/// Scheme and credentials of an `Authorization` field. The scheme is empty where there is none.
pub(super) fn authorization(value: &str) -> (&str, &str) {
    let (scheme, credentials) = value.split_once(' ').unwrap_or(("", value));
    (scheme, credentials.trim())
}

/// Name and password of HTTP Basic (RFC 7617), as they are written there.
pub(super) fn basic(credentials: &str) -> Option<(String, String)> {
    let bytes = STANDARD_NO_PAD.decode(credentials.trim().trim_end_matches('='));
    let text = String::from_utf8_lossy(&bytes.ok()?).into_owned();
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_at_each_list_and_nothing_is_lost() {
        for (text, place, lists) in [
            ("https://a/b", "https://a/b", vec![]),
            ("https://a/b?", "https://a/b", vec![('?', "")]),
            ("/b?c=d&e#f=g", "/b", vec![('?', "c=d&e"), ('#', "f=g")]),
            ("/b#f?code=g", "/b", vec![('#', "f"), ('?', "code=g")]),
        ] {
            let (found, parts) = address(text);
            assert_eq!((found, &parts), (place, &lists), "{text}");
            let mut joined = place.to_owned();
            for (lead, part) in parts {
                joined.push(lead);
                joined.push_str(part);
            }
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn credentials_are_found_whatever_stands_around_them() {
        let pair = Some(("a".to_owned(), "b:c".to_owned()));
        assert_eq!(basic(" YTpiOmM= "), pair);
        assert_eq!(basic("YTpiOmM"), pair);
        assert_eq!(basic("basic"), None);
        assert_eq!(authorization("Bearer  x "), ("Bearer", "x"));
        assert_eq!(authorization("x"), ("", "x"));
        assert_eq!(
            cookies("a=b;c=d; e").collect::<Vec<_>>(),
            ["a=b", "c=d", "e"]
        );
        assert_eq!(cookie("a=b=c"), (Some("a"), "b=c"));
        assert_eq!(cookie("bare"), (None, "bare"));
        assert_eq!(set_cookie("a=b; Path=/"), ("a=b", Some(" Path=/")));
    }
}
