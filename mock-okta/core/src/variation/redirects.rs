//! Redirects: the address that the browser is sent to, and what comes with it.

use std::borrow::Cow;

use http::{HeaderValue, Response, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::errors;

/// The status that takes the place of 302.
pub(super) fn see_other(status: u16) -> u16 {
    if status == 302 { 303 } else { status }
}

/// Removes `error_description` from an address.
pub(super) fn remove_description(location: &mut String) {
    edit(location, |pairs| {
        pairs.retain(|(name, _)| name != "error_description");
    });
}

/// Gives an address other words for people.
pub(super) fn reword_description(location: &mut String) {
    edit(location, |pairs| {
        for (name, value) in pairs {
            if name == "error_description" {
                *value = errors::OTHER_WORDS.into();
            }
        }
    });
}

/// Adds the address of a page about the error.
pub(super) fn add_error_uri(location: &mut String) {
    edit(location, |pairs| {
        pairs.push(("error_uri".into(), errors::URI.into()));
    });
}

/// Adds parameters that nobody knows.
pub(super) fn add_unknown(location: &mut String) {
    edit(location, |pairs| {
        pairs.push(("session_state".into(), "a.b.c".into()));
        pairs.push(("acme_note".into(), "nobody need read this".into()));
    });
}

/// Reverses the order of the parameters.
pub(super) fn reverse(location: &mut String) {
    edit(location, |pairs| pairs.reverse());
}

/// Makes an address of the org, whose own address is `base_url`, a relative reference.
pub(super) fn make_relative(base_url: &str, location: &mut String) {
    if let Some(rest) = location.strip_prefix(base_url) {
        *location = rest.to_owned();
    }
}

/// Adds a page with a link to a redirect.
pub(super) fn add_page(response: &mut Response<Vec<u8>>) {
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

fn edit(location: &mut String, change: impl FnOnce(&mut Pairs<'_>)) {
    let (uri, separator, text) = parts(location);
    let mut pairs: Pairs<'_> = form_urlencoded::parse(text.as_bytes()).collect();
    change(&mut pairs);
    let text = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    *location = format!("{uri}{separator}{text}");
}

/// Writes everything in the parameters that is neither a letter nor a digit as `%xx`.
pub(super) fn encode(location: &mut String) {
    let (uri, separator, text) = parts(location);
    let pairs: Vec<String> = form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| format!("{}={}", percent(&name), percent(&value)))
        .collect();
    *location = format!("{uri}{separator}{}", pairs.join("&"));
}

fn percent(text: &str) -> String {
    let parts = utf8_percent_encode(text, NON_ALPHANUMERIC);
    parts
        .map(|part| match part.strip_prefix('%') {
            Some(digits) => format!("%{}", digits.to_ascii_lowercase()),
            None => part.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: fn(&mut String), location: &str) -> String {
        let mut location = location.to_owned();
        change(&mut location);
        location
    }

    #[test]
    fn the_parameters_stay_what_they_are() {
        let location = "https://a/cb?x=1&code=a-b&state=s+t";
        assert_eq!(
            changed(encode, location),
            "https://a/cb?x=1&code=a%2db&state=s%20t"
        );
        assert_eq!(
            changed(reverse, location),
            "https://a/cb?state=s+t&code=a-b&x=1"
        );
        assert_eq!(
            changed(reverse, "https://a/cb#code=a&state=s"),
            "https://a/cb#state=s&code=a"
        );
    }

    #[test]
    fn only_an_address_of_the_org_becomes_relative() {
        let relative = |location| changed(|text| make_relative("https://org", text), location);
        assert_eq!(relative("https://org/signin?a=b"), "/signin?a=b");
        assert_eq!(relative("https://a/cb?a=b"), "https://a/cb?a=b");
    }
}
