//! Refusals with another status, another code or another envelope.

use crate::context::{Context, Outcome};
use crate::refusal::{Refusal, Refused};

use super::Variation;

/// Varies a refusal before it is bytes.
pub(super) fn vary(variation: Variation, cx: &Context<'_>, outcome: &mut Outcome) {
    match outcome {
        Outcome::Refused(refused) => {
            let changed = oauth(variation, cx, refused);
            if let Some((status, error)) = changed {
                *refused = refused.clone().with_status(status).with_error(error);
            }
        }
        Outcome::ApiError { .. } => {
            if let Some(other) = api(variation, outcome) {
                *outcome = other;
            }
        }
        _ => {}
    }
}

/// Another status and another code in the envelope of OAuth.
fn oauth(variation: Variation, cx: &Context<'_>, refused: &Refused) -> Option<(u16, &'static str)> {
    match variation {
        Variation::ClientStatus400 | Variation::PolicyStatus400 => Some((400, refused.error())),
        Variation::ClientUnnamed | Variation::SeveralCredentials400 | Variation::ExpiredSubject => {
            Some((400, "invalid_request"))
        }
        Variation::PolicyInvalidGrant => {
            let machine = cx.form().get("grant_type") == Some("client_credentials");
            let error = if machine {
                "invalid_scope"
            } else {
                "invalid_grant"
            };
            Some((400, error))
        }
        Variation::RefreshScope => Some((400, "invalid_scope")),
        Variation::NotAnAgent => Some((400, "unauthorized_client")),
        _ => None,
    }
}

/// Another answer in place of one in the envelope of Okta's API.
fn api(variation: Variation, outcome: &Outcome) -> Option<Outcome> {
    let Outcome::ApiError {
        code,
        summary,
        refusal,
        ..
    } = outcome
    else {
        return None;
    };
    let with_status = |status| Outcome::ApiError {
        status,
        code,
        summary: summary.clone(),
        allow: None,
        refusal: refusal.clone(),
    };
    Some(match variation {
        Variation::ClientStatus400 => with_status(400),
        Variation::MediaType415 => with_status(415),
        Variation::Method404 => with_status(404),
        Variation::Method501 => with_status(501),
        Variation::MediaTypeOauth | Variation::Method400 => {
            Outcome::Refused(Refusal::InvalidRequest.into())
        }
        Variation::NotFoundEmpty => Outcome::Empty(404),
        Variation::NotFoundHtml => Outcome::Page {
            status: 404,
            html: "<!doctype html><title>404</title><h1>Not found</h1>\n".to_owned(),
            refusal: None,
        },
        _ => return None,
    })
}
