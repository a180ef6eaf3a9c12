//! Bends of what is bytes already: status, headers, and the bodies of refusals.

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::Bend;
use super::change::change_response;

/// Bends an answer on its way out.
pub(crate) fn bend(bend: Bend, response: &mut Response<Vec<u8>>) {
    match bend {
        Bend::Changed(line) => change_response(line.change(), response),
        Bend::TokenCacheable | Bend::ErrorCacheable => cacheable(response.headers_mut()),
        Bend::TokenHtml | Bend::ErrorHtml | Bend::MetadataHtml => {
            let html = HeaderValue::from_static("text/html");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
        }
        Bend::ErrorStatus => *response.status_mut() = StatusCode::OK,
        Bend::BearerChallengeStatus | Bend::RevocationStatus => {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        Bend::BasicChallengeMissing | Bend::BearerChallengeMissing => {
            response.headers_mut().remove(header::WWW_AUTHENTICATE);
        }
        _ => body(bend, response),
    }
}

fn cacheable(headers: &mut HeaderMap) {
    headers.remove(header::PRAGMA);
    headers.remove(header::EXPIRES);
    let public = HeaderValue::from_static("public, max-age=3600");
    headers.insert(header::CACHE_CONTROL, public);
}

fn body(bend: Bend, response: &mut Response<Vec<u8>>) {
    let change: fn(&mut Map<String, Value>) = match bend {
        Bend::ErrorMissing => |body| drop(body.remove("error")),
        Bend::ErrorMistyped => |body| drop(body.insert("error".to_owned(), json!(400))),
        Bend::ErrorInternals => |body| {
            let trace = "java.lang.NullPointerException\n\tat com.example.oauth.TokenEndpoint.post(TokenEndpoint.java:117)";
            body.insert("error_description".to_owned(), json!(trace));
        },
        Bend::ErrorToken => |body| {
            let token = json!("a-token-beside-a-refusal");
            body.insert("access_token".to_owned(), token);
        },
        Bend::InteractionUriMissing => |body| drop(body.remove("interaction_uri")),
        Bend::InteractionUriForeign => |body| {
            let elsewhere =
                json!("https://another.example.com/oauth2/v1/sts/redirect?dataHandle=x");
            body.insert("interaction_uri".to_owned(), elsewhere);
        },
        _ => return,
    };
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(response.body()) {
        change(&mut members);
        *response.body_mut() = serde_json::to_vec(&members).unwrap_or_default();
    }
}
