//! The two envelopes of a refusal; both occur at the token endpoint.

use serde_json::{Map, Value, json};

use super::Refused;

/// RFC 6749 §5.2, with `interaction_uri` where OAuth STS asks for one.
pub(crate) fn oauth_error(refused: &Refused) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("error".to_owned(), json!(refused.error()));
    body.insert(
        "error_description".to_owned(),
        json!(refused.refusal.text()),
    );
    if let Some(uri) = &refused.interaction_uri {
        body.insert("interaction_uri".to_owned(), json!(uri));
    }
    body
}

/// The envelope of Okta's management API, which also answers unknown servers, methods and media types.
pub(crate) fn api_error(
    code: &str,
    summary: &str,
    error_id: &str,
    causes: &[String],
) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("errorCode".to_owned(), json!(code));
    body.insert("errorSummary".to_owned(), json!(summary));
    body.insert("errorLink".to_owned(), json!(code));
    body.insert("errorId".to_owned(), json!(error_id));
    body.insert(
        "errorCauses".to_owned(),
        causes
            .iter()
            .map(|cause| json!({ "errorSummary": cause }))
            .collect(),
    );
    body
}
