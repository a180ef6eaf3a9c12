//! What an org says of itself to whoever asks: "Retrieve the Org metadata" of Okta's API reference. Of its members those are
//! answered that the mock has a value for.

use serde_json::json;

use crate::context::{Context, Outcome, value};

/// Answers with the org's id and that it is an Identity Engine org.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    Outcome::Json {
        members: vec![
            value("id", cx.org.id.as_str()),
            value("pipeline", "idx"),
            value("_links", json!({ "organization": { "href": cx.base_url } })),
        ],
        cache: "no-cache, no-store",
    }
}
