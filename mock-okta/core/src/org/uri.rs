//! Addresses that an org is configured with. A browser is sent to some of them, so what a browser would run or read as a
//! page of its own is none.

use url::Url;

/// Schemes that a browser does not hand to a server or an app, but runs or reads itself.
const NOT_ADDRESSES: [&str; 8] = [
    "javascript",
    "vbscript",
    "data",
    "blob",
    "file",
    "filesystem",
    "about",
    "view-source",
];

/// Whether a text is an absolute URI without a fragment, in the characters of RFC 3986 and nothing else: the parser of
/// URLs drops line breaks and tabs, and so would not see them. `Err` says what is wrong.
pub(super) fn check(text: &str) -> Result<(), String> {
    // RFC 3986 §2: everything else must be percent-encoded.
    let is_in_uris = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
    if let Some(wrong) = text.chars().find(|c| !is_in_uris(*c)) {
        let shown = wrong.escape_default();
        return Err(format!("`{shown}` cannot stand in a URI"));
    }
    let Ok(url) = Url::parse(text) else {
        return Err("it is no absolute URI".to_owned());
    };
    if url.fragment().is_some() {
        return Err("it has a fragment".to_owned());
    }
    if NOT_ADDRESSES.contains(&url.scheme()) {
        return Err(format!(
            "a browser would run or read `{}:` itself",
            url.scheme()
        ));
    }
    Ok(())
}

/// The same for addresses from which the mock itself reads.
pub(super) fn check_http(text: &str) -> Result<(), String> {
    check(text)?;
    let http = text.starts_with("http://") || text.starts_with("https://");
    http.then_some(())
        .ok_or_else(|| "it is neither http nor https".to_owned())
}

/// The origin of an address as browsers send it (RFC 6454 §6.2): scheme, host, and the port unless it is the usual one.
/// Addresses of native apps have none.
pub(crate) fn origin(uri: &str) -> Option<String> {
    let origin = Url::parse(uri).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// A text as a message may show it: line breaks and the like escaped, and not too long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path_and_no_usual_port() {
        let of = |uri| origin(uri).unwrap_or_default();
        assert_eq!(
            of("http://localhost:8788/callback?x=1"),
            "http://localhost:8788"
        );
        assert_eq!(of("https://APP.example:443/cb"), "https://app.example");
        assert_eq!(of("com.example.app:/callback"), "");
        assert_eq!(of("not an address"), "");
    }

    #[test]
    fn servers_and_apps_have_addresses() {
        for right in [
            "https://app.example/cb",
            "http://localhost:8787/callback?x=1",
            "http://[::1]:1/",
            "com.example.app:/callback",
            "myapp://callback",
            "urn:example:api",
            "api://chat",
        ] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
    }

    #[test]
    fn what_a_browser_runs_or_what_breaks_a_line_is_no_address() {
        for wrong in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://app.example/1",
            "view-source:https://app.example",
            "https://app.example/cb\r\nx: y",
            "https://app.example/\tcb",
            " https://app.example/cb",
            "https://app.example/a b",
            "https://app.example/\u{1b}[31m",
            "https://app.example/\u{f6}",
            "https://app.example/cb#x",
            "https:\\\\app.example",
            "/callback",
            "",
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
        for wrong in [
            "ftp://app.example/keys",
            "com.example.app:/keys",
            "HTTP:/keys",
        ] {
            assert!(check_http(wrong).is_err(), "{wrong:?}");
        }
    }
}
