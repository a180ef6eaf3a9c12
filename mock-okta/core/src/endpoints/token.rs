//! The token endpoint: POST a form; OAuth envelope for refusals.

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
        Body::Other => Some(Outcome::ApiError {
            status: match cx.behaviours().wrong_media_type {
                WrongMediaType::Status400 => 400,
                WrongMediaType::Status415 => 415,
            },
            code: "E0000021",
            summary: "Bad request. Accept and/or Content-Type headers likely do not match supported values.".to_owned(),
            causes: Vec::new(),
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
        causes: Vec::new(),
        allow: None,
        refusal: Some(refused),
    }
}
