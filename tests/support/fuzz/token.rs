//! The token endpoint: a request as text, sent twice.

use http::StatusCode;
use serde_json::Value;

use super::http_text::{self, Asked};
use crate::org::{CHAT_TOKEN, TOKEN, TestOrg};

/// What a grant is: one of these members is in the answer.
const CREDENTIALS: [&str; 3] = ["access_token", "vaulted_secret", "service_account"];

/// Parameters that are used up by a request that is accepted. With none of them a request may be accepted again.
const ONCE: [&str; 2] = ["client_assertion", "assertion"];

pub fn run(input: &[u8]) -> bool {
    let org = TestOrg::new();
    let Some(asked) = http_text::read(&org, input) else {
        return false;
    };
    let path = asked.request.uri().path();
    let answer = http_text::ask(&org, &asked);
    if path != TOKEN && path != CHAT_TOKEN {
        return false;
    }
    http_text::is_not_stored(&answer);
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    if answer.status() != StatusCode::OK {
        // RFC 6749 §5.2, or Okta's own envelope where no grant was asked for.
        let names_a_reason = ["error", "errorCode"].map(|name| body.get(name).is_some());
        let is_head = asked.request.method() == http::Method::HEAD;
        assert!(is_head || names_a_reason.contains(&true), "{body}");
        return false;
    }
    let credentials = CREDENTIALS.map(|name| body.get(name).is_some());
    assert!(credentials.contains(&true), "{body}");
    is_refused_again(&org, &asked);
    true
}

/// An assertion or a code is worth something once (RFC 7523 §3, RFC 6749 §4.1.2).
fn is_refused_again(org: &TestOrg, asked: &Asked) {
    let form = form_urlencoded::parse(asked.request.body());
    let mut names = form.map(|(name, _)| name.into_owned());
    if names.any(|name| ONCE.contains(&name.as_str())) {
        let again = http_text::ask(org, asked);
        assert!(again.status().is_client_error(), "accepted twice");
    }
}
