//! What a message must be like before it is read any further (RFC 9110, RFC 9112): things that the HTTP library leaves to
//! whoever uses it.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, Request, StatusCode, Version};

use super::limits::{HEAD_BYTES, HEAD_FIELDS};
use crate::authority::Authority;

/// Fields that have one value: a second one makes a message ambiguous (RFC 9110 §5.3).
const SINGLE: [http::HeaderName; 3] = [HOST, CONTENT_TYPE, AUTHORIZATION];

/// Judges the head of a request.
///
/// # Errors
/// The status of the answer.
pub(super) fn judge<B>(request: &Request<B>) -> Result<(), StatusCode> {
    let headers = request.headers();
    // Of HTTP/2 the library counts the bytes only.
    if head_bytes(request) > HEAD_BYTES || headers.len() > HEAD_FIELDS {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let repeated = SINGLE.iter().any(|name| {
        let mut values = headers.get_all(name).iter();
        values.next().is_some() && values.next().is_some()
    });
    // RFC 9112 §6.1: whoever sends both may be smuggling a request.
    let ambiguous = headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING);
    if repeated || ambiguous || !names_host(request) {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(())
}

/// Whether the connection must end with the answer: where a length was sent beside chunks, the HTTP library may have
/// dropped it before anyone saw it (RFC 9112 §6.1).
pub(super) fn ends_connection(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
}

/// RFC 9112 §3.2: a request of HTTP/1.1 has one `Host`, and whatever has one has a valid one.
fn names_host<B>(request: &Request<B>) -> bool {
    match request.headers().get(HOST) {
        Some(host) => host
            .to_str()
            .is_ok_and(|host| Authority::parse(host).is_some()),
        None => request.version() < Version::HTTP_11,
    }
}

/// Bytes of the request line and the fields, blanks around values and the empty line apart.
fn head_bytes<B>(request: &Request<B>) -> usize {
    let uri = request.uri();
    let scheme = uri.scheme_str().map_or(0, |scheme| scheme.len() + 3);
    let authority = uri
        .authority()
        .map_or(0, |authority| authority.as_str().len());
    let target = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    let line =
        request.method().as_str().len() + scheme + authority + target + " HTTP/1.1 \r\n".len();
    let fields: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    line + fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(version: Version, headers: &[(&str, &str)]) -> Result<(), StatusCode> {
        let mut request = Request::builder().uri("/").version(version);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        judge(&request.body(()).expect("a request"))
    }

    #[test]
    fn a_request_names_one_host() {
        let http_11 = |headers: &[(&str, &str)]| verdict(Version::HTTP_11, headers);
        assert_eq!(http_11(&[("host", "a:1")]), Ok(()));
        assert_eq!(verdict(Version::HTTP_10, &[]), Ok(()));
        for wrong in [
            &[][..],
            &[("host", "a"), ("host", "a")],
            &[("host", "a/b")],
            &[("host", "a@b")],
            &[("host", "a b")],
        ] {
            assert_eq!(http_11(wrong), Err(StatusCode::BAD_REQUEST), "{wrong:?}");
        }
    }

    #[test]
    fn fields_that_have_one_value_are_sent_once() {
        for name in ["content-type", "authorization"] {
            let twice = [("host", "a"), (name, "x"), (name, "x")];
            assert_eq!(
                verdict(Version::HTTP_11, &twice),
                Err(StatusCode::BAD_REQUEST)
            );
            assert_eq!(verdict(Version::HTTP_11, &twice[..2]), Ok(()));
        }
        let both = [
            ("host", "a"),
            ("content-length", "1"),
            ("transfer-encoding", "chunked"),
        ];
        assert_eq!(
            verdict(Version::HTTP_11, &both),
            Err(StatusCode::BAD_REQUEST)
        );
    }

    #[test]
    fn a_head_is_measured_to_the_byte() {
        let fixed = "GET / HTTP/1.1\r\n".len() + "host: a\r\n".len() + "x: \r\n".len();
        for (more, right) in [(0, true), (1, false)] {
            let long = "x".repeat(HEAD_BYTES - fixed + more);
            let judged = verdict(Version::HTTP_11, &[("host", "a"), ("x", &long)]);
            assert_eq!(judged.is_ok(), right, "{judged:?}");
        }
    }
}
