//! The token endpoint: POST a form; OAuth envelope for refusals.

use crate::api_error::{self, ApiError};
use crate::behaviour::{TokenCacheControl, UnknownClient, WrongMediaType};
use crate::context::{Context, Outcome};
use crate::grants;
use crate::refusal::{Refusal, Refused};
use crate::request::Body;

/// Answers a token request.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    if let Some(wrong_media_type) = form(cx) {
        return wrong_media_type;
    }
    match grants::token(cx) {
        Ok(members) => Outcome::Json {
            members,
            cache: cache_control(cx),
        },
        Err(refused) => refuse(cx, refused),
    }
}

/// What carries a token is kept by nobody (RFC 6749 §5.1).
fn cache_control(cx: &Context<'_>) -> &'static str {
    match cx.behaviours().token_cache_control {
        TokenCacheControl::NoCacheNoStore => "no-cache, no-store",
        TokenCacheControl::NoStore => "no-store",
    }
}

/// Another media type than a form is refused in the envelope of Okta's API.
pub(super) fn form(cx: &mut Context<'_>) -> Option<Outcome> {
    match cx.request.body {
        Body::Form(_) | Body::Empty => None,
        Body::Other => {
            let error = match cx.behaviours().wrong_media_type {
                WrongMediaType::Status400 => ApiError::MediaType(400),
                WrongMediaType::Status415 => ApiError::MediaType(415),
            };
            Some(error.outcome_of(cx.gate.refuse(Refusal::InvalidRequest)))
        }
    }
}

/// An unknown client may be answered in the other envelope.
pub(super) fn refuse(cx: &Context<'_>, refused: Refused) -> Outcome {
    let status = match (refused.refusal, cx.behaviours().unknown_client) {
        (Refusal::UnknownClient, UnknownClient::Envelope401) => 401,
        (Refusal::UnknownClient, UnknownClient::Envelope400) => 400,
        _ => return Outcome::Refused(refused),
    };
    let summary = "Invalid value for client_id parameter.";
    api_error::refused(status, "invalid_client", summary, refused)
}
