//! Redirects: the address that the browser is sent to, and what comes with it.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::{HeaderValue, Response, StatusCode, header};

use super::{Variation, errors};

/// The status that a variation gives to an answer.
pub(super) fn status(variation: Variation, status: u16) -> u16 {
    match (variation, status) {
        (Variation::RedirectOther, 302) => 303,
        _ => status,
    }
}

/// Varies the address of a redirect. `base_url` is the org's own.
pub(super) fn vary(variation: Variation, base_url: &str, location: &mut String) {
    match variation {
        Variation::ErrorDescriptionMissing => {
            *location = edited(location, |pairs| {
                pairs.retain(|(name, _)| name != "error_description");
            });
        }
        Variation::ErrorDescriptionOther => {
            *location = edited(location, |pairs| {
                for (_, value) in pairs
                    .iter_mut()
                    .filter(|(name, _)| name == "error_description")
                {
                    *value = errors::OTHER_WORDS.into();
                }
            });
        }
        Variation::ErrorUri => {
            *location = edited(location, |pairs| {
                pairs.push(("error_uri".into(), errors::URI.into()));
            });
        }
        Variation::RedirectMore => {
            *location = edited(location, |pairs| {
                pairs.push(("session_state".into(), "a.b.c".into()));
                pairs.push(("acme_note".into(), "nobody need read this".into()));
            });
        }
        Variation::RedirectReversed => *location = edited(location, |pairs| pairs.reverse()),
        Variation::RedirectEncoded => *location = encoded(location),
        Variation::RedirectRelative => {
            if let Some(rest) = location.strip_prefix(base_url) {
                *location = rest.to_owned();
            }
        }
        _ => {}
    }
}

/// Varies a redirect that is bytes already.
pub(super) fn respond(variation: Variation, response: &mut Response<Vec<u8>>) {
    match variation {
        Variation::RedirectOther if response.status() == StatusCode::FOUND => {
            *response.status_mut() = StatusCode::SEE_OTHER;
        }
        Variation::RedirectPage => {
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            let link = location.unwrap_or_default().replace('&', "&amp;");
            let page = format!(
                "<!doctype html><title>Found</title><p>Go on <a href=\"{}\">here</a>.</p>\n",
                link.replace('"', "&quot;")
            );
            *response.body_mut() = page.into_bytes();
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
        }
        _ => {}
    }
}

type Pairs<'l> = Vec<(Cow<'l, str>, Cow<'l, str>)>;

/// The parameters of an address, in its query or in its fragment.
pub(super) fn parameters(location: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let (_, _, text) = parts(location);
    form_urlencoded::parse(text.as_bytes())
}

/// What stands before the parameters, what separates them from it, and they.
fn parts(location: &str) -> (&str, &str, &str) {
    let separator = if location.contains('#') { "#" } else { "?" };
    let (uri, text) = location.split_once(separator).unwrap_or((location, ""));
    (uri, separator, text)
}

fn edited(location: &str, change: impl FnOnce(&mut Pairs<'_>)) -> String {
    let (uri, separator, text) = parts(location);
    let mut pairs: Pairs<'_> = form_urlencoded::parse(text.as_bytes()).collect();
    change(&mut pairs);
    let text = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{uri}{separator}{text}")
}

/// The same parameters with whatever is no letter and no digit as `%xx`.
fn encoded(location: &str) -> String {
    let (uri, separator, text) = parts(location);
    let pairs: Vec<String> = form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| format!("{}={}", percent(&name), percent(&value)))
        .collect();
    format!("{uri}{separator}{}", pairs.join("&"))
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(variation: Variation, location: &str) -> String {
        let mut location = location.to_owned();
        vary(variation, "https://org", &mut location);
        location
    }

    #[test]
    fn the_parameters_stay_what_they_are() {
        let location = "https://a/cb?x=1&code=a-b&state=s+t";
        assert_eq!(
            varied(Variation::RedirectEncoded, location),
            "https://a/cb?x=1&code=a%2db&state=s%20t"
        );
        assert_eq!(
            varied(Variation::RedirectReversed, location),
            "https://a/cb?state=s+t&code=a-b&x=1"
        );
        assert_eq!(
            varied(Variation::RedirectReversed, "https://a/cb#code=a&state=s"),
            "https://a/cb#state=s&code=a"
        );
    }

    #[test]
    fn only_an_address_of_the_org_becomes_relative() {
        let relative = |location| varied(Variation::RedirectRelative, location);
        assert_eq!(relative("https://org/signin?a=b"), "/signin?a=b");
        assert_eq!(relative("https://a/cb?a=b"), "https://a/cb?a=b");
    }
}
