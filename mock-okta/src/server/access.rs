//! Who may control the org: whoever has the token, or, where there is none, programs on this machine.

use std::net::{IpAddr, SocketAddr};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::Request;
use http::uri::Authority;
use http::{HeaderValue, StatusCode, Uri, header};
use mock_okta_core::control::ControlError;

use crate::app::App;

/// Judges a request below `/_mock/`.
///
/// Without a token a loopback peer is not enough: a proxy on this machine, or a page in a browser on it, would let
/// the whole world in. So requests that were forwarded, come from a page elsewhere or name another host are refused.
pub(super) fn judge(app: &App, peer: SocketAddr, request: &Request) -> Result<(), ControlError> {
    let Some(token) = &app.control_token else {
        let base_url = &app.core.options().base_url;
        return if peer.ip().to_canonical().is_loopback() && is_direct(request, base_url) {
            Ok(())
        } else {
            Err(refusal(
                StatusCode::FORBIDDEN,
                "test control answers this machine only",
            ))
        };
    };
    let sent = text(request, &header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, sent)| sent.trim());
    match sent {
        Some(sent) if same(sent, token.reveal()) => Ok(()),
        Some(_) => Err(refusal(
            StatusCode::UNAUTHORIZED,
            "this is not the control token",
        )),
        None => Err(refusal(
            StatusCode::UNAUTHORIZED,
            "test control needs its token",
        )),
    }
}

fn is_direct(request: &Request, base_url: &str) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];
    if forwarded
        .iter()
        .any(|name| request.headers().contains_key(*name))
    {
        return false;
    }
    let site = request
        .headers()
        .get("sec-fetch-site")
        .map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"none" | b"same-origin")) {
        return false;
    }
    let host =
        text(request, &header::HOST).or_else(|| request.uri().authority().map(Authority::as_str));
    host.is_none_or(|host| {
        let own = base_url
            .split_once("://")
            .is_some_and(|(_, own)| own == host);
        own || names_this_machine(host)
    })
}

fn names_this_machine(host: &str) -> bool {
    let Ok(uri) = Uri::try_from(format!("http://{host}/")) else {
        return false;
    };
    let name = uri.host().unwrap_or_default();
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.to_canonical().is_loopback())
}

fn text<'r>(request: &'r Request, name: &header::HeaderName) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
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
    use axum::body::Body;

    fn direct(headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().uri("/_mock/health");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        is_direct(&request, "https://okta.test")
    }

    #[test]
    fn a_program_on_this_machine_is_direct() {
        for host in [
            "127.0.0.1:7070",
            "localhost:7070",
            "[::1]:7070",
            "okta.test",
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
        ] {
            assert!(!direct(&headers), "{headers:?}");
        }
    }
}
