//! Header fields: media types, cache directives, and what proxies and browsers care for.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Response, header};

use super::{Place, Places, Variation};

/// Varies the header of an answer.
pub(super) fn vary(variation: Variation, places: Places, response: &mut Response<Vec<u8>>) {
    let headers = response.headers_mut();
    media_type(variation, headers);
    cache(variation, headers);
    surroundings(variation, places, headers);
}

fn media_type(variation: Variation, headers: &mut HeaderMap) {
    let other = match variation {
        Variation::KeysMediaType => "application/jwk-set+json",
        Variation::MediaTypeCharset => "application/json; charset=utf-8",
        Variation::MediaTypeQuoted => "application/json;charset=\"UTF-8\"",
        Variation::MediaTypeUpper => "Application/JSON",
        _ => return,
    };
    if headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) == Some(b"application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(other));
    }
}

fn cache(variation: Variation, headers: &mut HeaderMap) {
    let other: &[&'static str] = match variation {
        Variation::CacheMore => &["private, no-cache, no-store, max-age=0, must-revalidate"],
        Variation::CacheAlone => &["no-store"],
        Variation::CacheSplit => &["no-cache", "no-store"],
        Variation::CacheAbsent => &[],
        Variation::CacheUpper => return capitals(headers),
        Variation::PragmaAbsent => return drop(headers.remove(header::PRAGMA)),
        Variation::ExpiresAbsent => return drop(headers.remove(header::EXPIRES)),
        _ => return,
    };
    headers.remove(CACHE_CONTROL);
    for value in other {
        headers.append(CACHE_CONTROL, HeaderValue::from_static(value));
    }
}

/// `no-store` becomes `No-Store`.
fn capitals(headers: &mut HeaderMap) {
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

fn surroundings(variation: Variation, places: Places, headers: &mut HeaderMap) {
    let mut add = |name: &'static str, value: &'static str| {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    };
    match variation {
        Variation::SecurityHeaders => {
            add("x-frame-options", "DENY");
            add("permissions-policy", "camera=(), microphone=()");
            add("cross-origin-resource-policy", "same-origin");
            add("x-xss-protection", "0");
        }
        Variation::RateLimitHeaders => {
            add("x-rate-limit-limit", "600");
            add("x-rate-limit-remaining", "599");
            add("x-rate-limit-reset", "1800000060");
        }
        Variation::ProxyHeaders => {
            add("via", "1.1 edge-7.example");
            add("server", "edge/2.1");
            if places.has(Place::Cached) {
                add("age", "0");
            }
        }
        Variation::ProxyCookies => {
            add(
                "set-cookie",
                "edge_affinity=node-7; Path=/; HttpOnly; SameSite=Lax",
            );
        }
        _ => {}
    }
}
