//! Refusals with another status, another code or another envelope.

use crate::context::{Context, Outcome};
use crate::refusal::Refusal;

/// The status and the code of what the access policy denies.
pub(super) fn denied_by_policy(cx: &Context<'_>) -> (u16, &'static str) {
    let machine = cx.form().get("grant_type") == Some("client_credentials");
    let error = if machine {
        "invalid_scope"
    } else {
        "invalid_grant"
    };
    (400, error)
}

/// Gives a refusal in the envelope of Okta's API another status; with that, no methods are offered.
pub(super) fn set_status(outcome: &mut Outcome, other: u16) {
    if let Outcome::ApiError { status, allow, .. } = outcome {
        *status = other;
        *allow = None;
    }
}

/// Answers in the envelope of OAuth.
pub(super) fn as_invalid_request(outcome: &mut Outcome) {
    *outcome = Outcome::Refused(Refusal::InvalidRequest.into());
}

/// Answers with a page.
pub(super) fn as_not_found_page(outcome: &mut Outcome) {
    *outcome = Outcome::Page {
        status: 404,
        html: "<!doctype html><title>404</title><h1>Not found</h1>\n".to_owned(),
        refusal: None,
    };
}
