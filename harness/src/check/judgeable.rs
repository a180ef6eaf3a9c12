//! Whether an answer can be judged at all. A server that is down, overloaded or hidden behind something else was not
//! measured: that is an error with its cause, not a nonconformance.

use serde_json::Value;

use super::condition::may_apply;
use super::matcher::{self, Subject};
use super::{Context, Outcome};
use crate::exchange::Response;
use crate::scenario::model::{Expectation, Matcher, ValueTemplate};

/// Why an answer cannot be judged, if it cannot. `redirects_count` says that a redirect is an answer
/// there.
pub fn unjudgeable(
    response: &Response,
    expectations: &[Expectation],
    redirects_count: bool,
    cx: &Context<'_>,
) -> Option<String> {
    let status = response.status;
    // A range such as "400 to 499" does not mean the answer of a server that is overloaded.
    let is_meant = expects_status(status, expectations, cx)
        && (status != 429 || names_status(status, expectations));
    if !is_meant {
        let what = match status {
            500.. => "it failed",
            429 => "it wants fewer requests",
            300..400 if !redirects_count => "it sends elsewhere",
            _ => "",
        };
        if !what.is_empty() {
            return Some(format!(
                "the server answers {status}: {what}{}",
                described(response)
            ));
        }
    }
    let wants_json = expectations
        .iter()
        .filter(|block| may_apply(block, response, cx))
        .any(|block| !block.body.is_empty() || !block.jwt.is_empty());
    if wants_json && response.json.is_none() && !response.text.trim().is_empty() {
        return Some(format!(
            "the answer ({status}) is not JSON{}",
            described(response)
        ));
    }
    None
}

/// Whether a refusal is expected: statuses are named, and success is none of them.
pub fn expects_refusal(expectations: &[Expectation], cx: &Context<'_>) -> bool {
    expectations.iter().any(|block| block.status.is_some())
        && ![200, 204, 302]
            .into_iter()
            .any(|status| expects_status(status, expectations, cx))
}

/// Whether a block expects this very status.
fn expects_status(status: u16, expectations: &[Expectation], cx: &Context<'_>) -> bool {
    let status: Value = status.into();
    let mut matchers = expectations
        .iter()
        .filter_map(|block| block.status.as_ref());
    matchers.any(|matcher| {
        let subject = Subject::value("status", Some(&status));
        matcher::judge(&matcher.value, &subject, cx) == Outcome::Held
    })
}

/// Whether a block names this very status, and not only a range that holds it.
pub fn names_status(status: u16, expectations: &[Expectation]) -> bool {
    let is_it = |value: &ValueTemplate| *value == ValueTemplate::Int(status.into());
    let matchers = expectations
        .iter()
        .filter_map(|block| block.status.as_ref());
    matchers.into_iter().any(|matcher| match &matcher.value {
        Matcher::Equals(value) => is_it(value),
        Matcher::OneOf(values) => values.iter().any(is_it),
        _ => false,
    })
}

/// " (text/html)"; nothing when there is no media type.
fn described(response: &Response) -> String {
    let media_type = response.media_type();
    let kind = if media_type.is_empty() {
        "no media type"
    } else {
        &media_type
    };
    format!(" ({kind})")
}
