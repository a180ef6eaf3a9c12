//! The token endpoint: POST a form; OAuth envelope for refusals.

use crate::behaviour::UnknownClient;
use crate::context::{Context, Outcome};
use crate::grants;
use crate::refusal::{Refusal, Refused};
use crate::request::Body;

/// Answers a token request.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    match form(cx).map_or_else(|| grants::token(cx).map(Outcome::json), Ok) {
        Ok(outcome) => outcome,
        Err(refused) => refuse(cx, refused),
    }
}

/// Another media type than a form is refused in the envelope of Okta's API.
pub(super) fn form(cx: &mut Context<'_>) -> Option<Outcome> {
    match cx.request.body {
        Body::Form(_) | Body::Empty => None,
        Body::Other => Some(Outcome::ApiError {
            status: 400,
            code: "E0000021",
            summary: "Bad request. Accept and/or Content-Type headers likely do not match supported values.".to_owned(),
            allow: None,
            refusal: Some(cx.gate.refuse(Refusal::InvalidRequest)),
        }),
    }
}

/// An unknown client may be answered in the other envelope.
pub(super) fn refuse(cx: &Context<'_>, refused: Refused) -> Outcome {
    let status = match (refused.refusal, cx.behaviours().unknown_client) {
        (Refusal::UnknownClient, UnknownClient::Envelope401) => 401,
        (Refusal::UnknownClient, UnknownClient::Envelope400) => 400,
        _ => return Outcome::Refused(refused),
    };
    Outcome::ApiError {
        status,
        code: "invalid_client",
        summary: "Invalid value for client_id parameter.".to_owned(),
        allow: None,
        refusal: Some(refused),
    }
}
