//! Header fields: media types, cache directives, and what proxies and browsers care for.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue};

use super::{Place, Places};

/// Gives JSON another media type.
pub(super) fn media_type(headers: &mut HeaderMap, other: &'static str) {
    if headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) == Some(b"application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(other));
    }
}

/// Replaces the cache directives, one field each.
pub(super) fn cache(headers: &mut HeaderMap, fields: &[&'static str]) {
    headers.remove(CACHE_CONTROL);
    for value in fields {
        headers.append(CACHE_CONTROL, HeaderValue::from_static(value));
    }
}

/// `no-store` becomes `No-Store`.
pub(super) fn capitalise_cache(headers: &mut HeaderMap) {
    let all: Vec<HeaderValue> = headers.get_all(CACHE_CONTROL).iter().cloned().collect();
    headers.remove(CACHE_CONTROL);
    for value in all {
        let mut start = true;
        let capital = |byte: &u8| {
            let letter = if start {
                byte.to_ascii_uppercase()
            } else {
                *byte
            };
            start = !byte.is_ascii_alphanumeric();
            letter
        };
        let bytes: Vec<u8> = value.as_bytes().iter().map(capital).collect();
        // Letters in another case are as good in a header as those before.
        headers.append(
            CACHE_CONTROL,
            HeaderValue::from_bytes(&bytes).unwrap_or(value),
        );
    }
}

/// Fields by which browsers restrict what a page may do.
pub(super) fn add_security(headers: &mut HeaderMap) {
    add(headers, "x-frame-options", "DENY");
    add(headers, "permissions-policy", "camera=(), microphone=()");
    add(headers, "cross-origin-resource-policy", "same-origin");
    add(headers, "x-xss-protection", "0");
}

/// How many requests are left.
pub(super) fn add_rate_limit(headers: &mut HeaderMap) {
    add(headers, "x-rate-limit-limit", "600");
    add(headers, "x-rate-limit-remaining", "599");
    add(headers, "x-rate-limit-reset", "1800000060");
}

/// What a proxy adds; a cache adds `age` where the answer may be kept.
pub(super) fn add_proxy(places: Places, headers: &mut HeaderMap) {
    add(headers, "via", "1.1 edge-7.example");
    add(headers, "server", "edge/2.1");
    if places.has(Place::Cached) {
        add(headers, "age", "0");
    }
}

/// The cookie of a load balancer.
pub(super) fn add_cookie(headers: &mut HeaderMap) {
    let cookie = "edge_affinity=node-7; Path=/; HttpOnly; SameSite=Lax";
    add(headers, "set-cookie", cookie);
}

fn add(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.append(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    );
}
