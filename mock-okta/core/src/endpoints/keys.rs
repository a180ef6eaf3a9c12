//! The JWKS of a server: public keys only, the signing one first.

use serde_json::json;

use crate::api_error::ApiError;
use crate::context::{Context, Outcome, value};

/// Answers with the published keys.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let Some(keys) = cx.keys.server(&cx.server) else {
        return ApiError::unknown_path(&cx.request.path).outcome();
    };
    let published: Vec<_> = keys.published().map(|key| json!(key.jwk)).collect();
    // Short, so that a rotated key is noticed; Okta's own value follows its rotation schedule.
    Outcome::Json {
        members: vec![value("keys", published)],
        cache: "max-age=60, must-revalidate",
    }
}
