//! How durations and addresses are written in the page.

use crate::presentation::html::untrusted;

/// Milliseconds as people say them.
pub(super) fn time(milliseconds: f64) -> String {
    if milliseconds >= 1000.0 {
        format!("{:.1} s", milliseconds / 1000.0)
    } else if milliseconds >= 10.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{milliseconds:.1} ms")
    }
}

/// Path and query of an address.
pub(super) fn path(url: &str) -> String {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = behind.find('/').map_or("/", |at| &behind[at..]);
    untrusted::line(path, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_by_its_path() {
        assert_eq!(
            path("http://127.0.0.1:1/oauth2/v1/token?a=b"),
            "/oauth2/v1/token?a=b"
        );
        assert_eq!(path("http://127.0.0.1:1"), "/");
        assert_eq!(path("/x"), "/x");
    }

    #[test]
    fn times_are_as_exact_as_they_matter() {
        assert_eq!(
            [2.25, 11.25, 1234.0].map(time),
            ["2.2 ms", "11 ms", "1.2 s"]
        );
    }
}
