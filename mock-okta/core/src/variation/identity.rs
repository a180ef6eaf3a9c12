//! ID tokens with other claims.

use serde_json::{Map, Value, json};

/// Claims of the user's profile that an ID token may leave to userinfo.
pub(super) const PROFILE: [&str; 8] = [
    "name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "zoneinfo",
    "locale",
    "updated_at",
];

/// Adds the authorized party, which is the client.
pub(super) fn add_azp(claims: &mut Map<String, Value>) {
    let client = match claims.get("aud") {
        Some(Value::Array(all)) => all.first().cloned(),
        other => other.cloned(),
    };
    claims.extend(client.map(|client| ("azp".to_owned(), client)));
}

/// Adds the level at which the user was authenticated.
pub(super) fn add_acr(claims: &mut Map<String, Value>) {
    claims.insert("acr".to_owned(), json!("urn:example:loa:1"));
}
