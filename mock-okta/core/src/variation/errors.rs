//! Refusals in other words and with other members, at the token endpoint and its like.

use http::Response;
use serde_json::json;

use super::apply::body;
use super::{Variation, unknown};

/// What every refusal says where descriptions are reworded.
pub(super) const OTHER_WORDS: &str = "The request was not successful; see our documentation.";

/// A scope as a client may have asked for it: a refusal grants none of it.
const SCOPE: &str = "chat.read chat.history";

/// A page about errors.
pub(super) const URI: &str = "https://docs.example.com/errors";

/// Varies a refusal that is bytes already.
pub(super) fn vary(variation: Variation, response: &mut Response<Vec<u8>>) {
    match variation {
        Variation::UnknownInError => body::change(response, unknown::add_to),
        Variation::ErrorScope => body::change(response, |members| {
            members.insert("scope".to_owned(), json!(SCOPE));
        }),
        Variation::ErrorDescriptionMissing => body::change(response, |members| {
            members.shift_remove("error_description");
        }),
        Variation::ErrorDescriptionOther => body::change(response, |members| {
            members.insert("error_description".to_owned(), json!(OTHER_WORDS));
        }),
        Variation::ErrorUri => body::change(response, |members| {
            members.insert("error_uri".to_owned(), json!(URI));
        }),
        _ => {}
    }
}
