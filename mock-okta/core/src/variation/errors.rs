//! Refusals in other words and with other members, at the token endpoint and its like.

use http::Response;
use serde_json::json;

use super::apply::body;
use super::unknown;

/// What every refusal says where descriptions are reworded.
pub(super) const OTHER_WORDS: &str = "The request was not successful; see our documentation.";

/// A scope as a client may have asked for it: a refusal grants none of it.
const SCOPE: &str = "chat.read chat.history";

/// A page about errors.
pub(super) const URI: &str = "https://docs.example.com/errors";

/// Adds members that nobody knows.
pub(super) fn with_unknown_members(response: &mut Response<Vec<u8>>) {
    body::change(response, unknown::add_to);
}

/// Adds a scope.
pub(super) fn with_scope(response: &mut Response<Vec<u8>>) {
    set(response, "scope", SCOPE);
}

/// Removes the description.
pub(super) fn without_description(response: &mut Response<Vec<u8>>) {
    body::change(response, |members| {
        drop(members.shift_remove("error_description"));
    });
}

/// Replaces the description.
pub(super) fn reworded(response: &mut Response<Vec<u8>>) {
    set(response, "error_description", OTHER_WORDS);
}

/// Adds the address of a page about errors.
pub(super) fn with_uri(response: &mut Response<Vec<u8>>) {
    set(response, "error_uri", URI);
}

fn set(response: &mut Response<Vec<u8>>, name: &str, text: &str) {
    body::change(response, |members| {
        drop(members.insert(name.to_owned(), json!(text)));
    });
}
