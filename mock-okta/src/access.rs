//! Who may control the org: whoever has the token, or, where there is none, programs on this machine.
//!
//! Without a token it is not enough that the peer is on this machine: a proxy on it, or a page in a browser on it, would let
//! the whole world in. So requests that were forwarded, come from a page elsewhere or name another host are refused, and a
//! change needs a header field that a page of another site cannot send without asking first (Fetch Standard, CORS-safelisted
//! request-header), which this server never allows.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};
use http::{HeaderValue, Method, StatusCode};
use mock_okta_core::TlsVersion;
use mock_okta_core::control::ControlError;

use crate::app::App;
use crate::authority::Authority;

/// Says that a program asks and no page: what it holds does not matter.
const CONTROL_HEADER: HeaderName = HeaderName::from_static("x-mock-okta-control");

/// Judges a request below `/_mock/`. `peer` is who is at the other end of the connection, where that is known.
pub(crate) fn judge<B>(
    app: &App,
    peer: Option<IpAddr>,
    request: &http::Request<B>,
) -> Result<(), ControlError> {
    if let Some(token) = &app.control_token {
        return judge_token(token.reveal(), request.headers());
    }
    let base_url = &app.core.options().base_url;
    let here = peer.is_none_or(|peer| peer.to_canonical().is_loopback());
    if !here || !is_direct(request, base_url) {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "test control answers this machine only",
        ));
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_from_program(request.headers()) {
        Ok(())
    } else {
        Err(ControlError {
            status: StatusCode::FORBIDDEN,
            error: "this change could come from a page of another site".to_owned(),
            expected: "`Content-Type: application/json`, or `X-Mock-Okta-Control: 1` where there is no body".to_owned(),
        })
    }
}

fn judge_token(token: &str, headers: &HeaderMap) -> Result<(), ControlError> {
    let sent = text(headers, &AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, sent)| sent.trim());
    let error = match sent {
        Some(sent) if same(sent, token) => return Ok(()),
        Some(_) => "this is not the control token",
        None => "test control needs its token",
    };
    Err(refusal(StatusCode::UNAUTHORIZED, error))
}

fn is_direct<B>(request: &http::Request<B>, base_url: &str) -> bool {
    let headers = request.headers();
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];
    if forwarded.iter().any(|name| headers.contains_key(*name)) {
        return false;
    }
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"none" | b"same-origin")) {
        return false;
    }
    // A target in absolute form names a host as well, and counts for more than the field (RFC 9112 §3.2.2): both must fit.
    let target = request.uri().authority().map(http::uri::Authority::as_str);
    let fields = headers.get_all(HOST).iter().map(HeaderValue::to_str);
    let mut named = target.map(Ok).into_iter().chain(fields);
    let known = |host: &str| {
        Authority::parse(host).is_some_and(|host| host.is_of(base_url) || host.is_this_machine())
    };
    named.all(|host| host.is_ok_and(known)) && is_own_origin(request, base_url)
}

/// Whether the page that asks is one of the org's own. A program sends no `Origin`; a browser does with whatever could
/// change something, also where it is too old, or the name too plain, for `Sec-Fetch-Site`.
fn is_own_origin<B>(request: &http::Request<B>, base_url: &str) -> bool {
    let headers = request.headers();
    let host = text(headers, &HOST).unwrap_or_default();
    let secure = request.extensions().get::<TlsVersion>().is_some();
    let own_scheme = if secure { "https" } else { "http" };
    headers.get_all(ORIGIN).iter().all(|origin| {
        let Ok(origin) = origin.to_str() else {
            return false;
        };
        let Some((scheme, own)) = origin.split_once("://") else {
            return false;
        };
        let of_base = base_url.starts_with(&format!("{scheme}://"))
            && Authority::parse(own).is_some_and(|own| own.is_of(base_url));
        of_base || (scheme == own_scheme && !own.is_empty() && own == host)
    })
}

/// A page of another site can send neither of the two without asking first.
fn is_from_program(headers: &HeaderMap) -> bool {
    let media_type = text(headers, &CONTENT_TYPE).and_then(|value| value.split(';').next());
    let json =
        media_type.is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"));
    json || headers.contains_key(CONTROL_HEADER)
}

fn text<'r>(headers: &'r HeaderMap, name: &HeaderName) -> Option<&'r str> {
    headers.get(name)?.to_str().ok()
}

fn same(sent: &str, token: &str) -> bool {
    verify_slices_are_equal(sent.as_bytes(), token.as_bytes()).is_ok()
}

fn refusal(status: StatusCode, error: &str) -> ControlError {
    ControlError {
        status,
        error: error.to_owned(),
        expected: "a direct request from this machine, or `Authorization: Bearer <token>` with the token that the \
                   mock was started with (--control-token)"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "http://okta.test";

    fn request(headers: &[(&str, &str)]) -> http::Request<()> {
        let mut request = http::Request::builder().uri("/_mock/health");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request")
    }

    fn direct(headers: &[(&str, &str)]) -> bool {
        is_direct(&request(headers), ISSUER)
    }

    #[test]
    fn a_program_on_this_machine_is_direct() {
        for host in [
            "127.0.0.1:7070",
            "localhost:7070",
            "[::1]:7070",
            "okta.test",
            "okta.test:80",
        ] {
            assert!(direct(&[("host", host)]), "{host}");
        }
    }

    #[test]
    fn what_a_proxy_or_a_foreign_page_sends_is_not() {
        for headers in [
            [("host", "127.0.0.1"), ("x-forwarded-for", "192.0.2.1")],
            [("host", "127.0.0.1"), ("forwarded", "for=192.0.2.1")],
            [("host", "127.0.0.1"), ("sec-fetch-site", "cross-site")],
            [("host", "127.0.0.1"), ("sec-fetch-site", "same-site")],
            [("host", "rebound.example:7070"), ("accept", "*/*")],
            [("host", "127.0.0.1.example"), ("accept", "*/*")],
            [("host", "localhost/evil"), ("accept", "*/*")],
            [("host", "evil@localhost"), ("accept", "*/*")],
            [("host", "okta.test"), ("host", "evil.example")],
            [("host", "okta.test:8080"), ("accept", "*/*")],
        ] {
            assert!(!direct(&headers), "{headers:?}");
        }
        let absolute = http::Request::builder()
            .uri("http://evil.example/_mock/health")
            .header("host", "localhost");
        assert!(!is_direct(&absolute.body(()).expect("a request"), ISSUER));
    }

    #[test]
    fn an_origin_is_the_orgs_own_or_absent() {
        for origin in [
            "http://okta.test",
            "http://okta.test:80",
            "http://127.0.0.1:7070",
        ] {
            assert!(
                direct(&[("host", "127.0.0.1:7070"), ("origin", origin)]),
                "{origin}"
            );
        }
        for origin in [
            "null",
            "",
            "http://",
            "http://evil.example",
            "https://okta.test",
            "http://okta.test.evil.example",
            "http://127.0.0.1:3000",
            "http://localhost:7070",
            "http://okta.test@evil.example",
        ] {
            assert!(
                !direct(&[("host", "127.0.0.1:7070"), ("origin", origin)]),
                "{origin}"
            );
        }
        assert!(!direct(&[
            ("host", "okta.test"),
            ("origin", "http://okta.test"),
            ("origin", "http://evil.example"),
        ]));
    }

    #[test]
    fn what_a_form_or_a_simple_fetch_sends_is_not_from_a_program() {
        let program = |headers: &[(&str, &str)]| is_from_program(request(headers).headers());
        assert!(program(&[("content-type", "application/json")]));
        assert!(program(&[(
            "content-type",
            "Application/JSON; charset=utf-8"
        )]));
        assert!(program(&[("x-mock-okta-control", "1")]));
        for simple in [
            "text/plain",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=application/json",
            "application/jsonp",
        ] {
            assert!(!program(&[("content-type", simple)]), "{simple}");
        }
        assert!(!program(&[]));
    }
}
