//! Values without what differs from target to target or from run to run and means nothing: hosts, ids, fingerprints.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// How the org's issuer is written.
const ORG_ISSUER: &str = "${org.issuer}";
/// How any other host is written.
const HOST: &str = "${host}";
/// How an id in a path is written.
const ID: &str = "{id}";
/// A segment of a path that is this long and holds a digit is an id.
const ID_LENGTH: usize = 12;

/// Knows where the org of a run was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neutral<'r> {
    org_issuer: &'r str,
    /// Issuer of the second org, at which some cases ran; empty when there was none.
    spare_issuer: &'r str,
}

/// An address taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Without query and fragment, hosts and ids replaced.
    pub(super) base: String,
    /// Names and values of query and fragment.
    pub(super) parameters: Vec<(String, String)>,
}

impl<'r> Neutral<'r> {
    pub(super) const fn new(org_issuer: &'r str) -> Self {
        Self {
            org_issuer,
            spare_issuer: "",
        }
    }

    /// The same, and knows a second org.
    pub(super) const fn or(self, spare_issuer: &'r str) -> Self {
        Self {
            spare_issuer,
            ..self
        }
    }

    fn issuers(self) -> impl Iterator<Item = &'r str> {
        let issuers = [self.org_issuer, self.spare_issuer].into_iter();
        issuers.filter(|issuer| !issuer.is_empty())
    }

    /// An absolute http(s) address, or a path; `None` for any other text.
    pub(super) fn address(self, text: &str) -> Option<Address> {
        if text.contains(char::is_whitespace) {
            return None;
        }
        let (base, parameters) = match text.split_once(['?', '#']) {
            Some((base, rest)) => (base, rest),
            None => (text, ""),
        };
        let (host, path) = self.host(base)?;
        let segments: Vec<Cow<'_, str>> = path.split('/').map(segment).collect();
        let mut base = format!("{host}{}", segments.join("/"));
        // A custom server may be called `default` as well as by an id.
        if let Some(server) = server_of(&base) {
            base = base.replacen(&format!("/oauth2/{server}"), "/oauth2/{server}", 1);
        }
        let parameters = parameters
            .split(['&', '#'])
            .filter(|pair| !pair.is_empty())
            .flat_map(|pair| form_urlencoded::parse(pair.as_bytes()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Some(Address { base, parameters })
    }

    fn host(self, base: &str) -> Option<(&'static str, &str)> {
        let below = |issuer| {
            let path = base.strip_prefix(issuer)?;
            (path.is_empty() || path.starts_with('/')).then_some(path)
        };
        if let Some(path) = self.issuers().chain([ORG_ISSUER]).find_map(below) {
            return Some((ORG_ISSUER, path));
        }
        let rest = base
            .strip_prefix("http://")
            .or_else(|| base.strip_prefix("https://"));
        match rest {
            Some(rest) => Some((HOST, rest.find('/').map_or("", |at| &rest[at..]))),
            None => base.starts_with('/').then_some(("", base)),
        }
    }

    /// Any text of a finding.
    pub(super) fn text(self, text: &str) -> String {
        let text = self.issuers().fold(Cow::Borrowed(text), |text, issuer| {
            Cow::Owned(text.replace(issuer, ORG_ISSUER))
        });
        VARYING.replace_all(&text, "…").into_owned()
    }
}

/// Fingerprints, times and ids.
static VARYING: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and used by every test")]
    Regex::new(
        r"[0-9a-f]{12}\b|\b[0-9]{9,}\b|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?|\b[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]{15,}\b|:[0-9]{4,5}\b",
    )
    .expect("the pattern is a regular expression")
});

fn segment(segment: &str) -> Cow<'_, str> {
    let is_id = segment.len() >= ID_LENGTH
        && segment.contains(|c: char| c.is_ascii_digit())
        && segment
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '%'));
    // `<secret …>` is what is left of an id that is one.
    if is_id || segment.starts_with('<') || segment.starts_with("%3C") {
        Cow::Borrowed(ID)
    } else {
        Cow::Borrowed(segment)
    }
}

/// The server of `…/oauth2/<server>…`; none for the org's own endpoints, whose next segment is the version.
fn server_of(base: &str) -> Option<String> {
    let (_, rest) = base.split_once("/oauth2/")?;
    let server = rest.split('/').next().unwrap_or_default();
    (!matches!(server, "" | "v1" | "{server}")).then(|| server.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_wherever_a_target_is() {
        let here = Neutral::new("http://127.0.0.1:40123");
        let there = Neutral::new("https://example.okta.com");
        for (a, b, shown) in [
            (
                "http://127.0.0.1:40123/oauth2/v1/token",
                "https://example.okta.com/oauth2/v1/token",
                "${org.issuer}/oauth2/v1/token",
            ),
            (
                "http://127.0.0.1:40123/oauth2/auschat0000000000001/v1/token",
                "https://example.okta.com/oauth2/default/v1/token",
                "${org.issuer}/oauth2/{server}/v1/token",
            ),
            (
                "http://127.0.0.1:40123",
                "https://example.okta.com",
                "${org.issuer}",
            ),
            (
                "http://127.0.0.1:9/idp/0oa1x2y3z4a5b6c7d8e9",
                "https://api.example.com/idp/0oabcdefgh12345678ij",
                "${host}/idp/{id}",
            ),
            ("/login/login.htm", "/login/login.htm", "/login/login.htm"),
        ] {
            let base = |neutral: Neutral<'_>, text| neutral.address(text).unwrap().base;
            assert_eq!(
                (base(here, a), base(there, b)),
                (shown.into(), shown.into())
            );
        }
        // A port that begins like the org's is another host.
        let other = here.address("http://127.0.0.1:401234/x").unwrap();
        assert_eq!(other.base, "${host}/x");
        for text in ["", "read write", "api://chat", "wlp1"] {
            assert_eq!(here.address(text), None, "{text}");
        }
    }

    #[test]
    fn parameters_are_those_of_query_and_fragment() {
        let address = Neutral::new("").address("https://a.example/cb?code=x&iss=y#error=z");
        let names: Vec<_> = address.unwrap().parameters;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            names,
            [pair("code", "x"), pair("iss", "y"), pair("error", "z")]
        );
    }

    #[test]
    fn findings_are_compared_without_fingerprints_times_and_ids() {
        let here = Neutral::new("http://127.0.0.1:40123");
        let text = |text| here.text(text);
        assert_eq!(
            text("string <a JWT 3fa98c01d2e4> at http://127.0.0.1:40123/x"),
            "string <a JWT …> at ${org.issuer}/x"
        );
        assert_eq!(text("integer 1795003600"), "integer …");
        assert_eq!(
            text("integer 300, string `invalid_grant`"),
            "integer 300, string `invalid_grant`"
        );
        assert_eq!(text("string `0oa1x2y3z4a5b6c7d8e9`"), "string `…`");
    }
}
