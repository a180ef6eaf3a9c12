//! ID tokens and ID-JAGs with other claims.

use serde_json::{Map, Value, json};

use super::tokens::to_list;
use super::{Variation, unknown};
use crate::context::Context;

/// Claims of the user's profile that an ID token may leave to userinfo.
const PROFILE: [&str; 8] = [
    "name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "zoneinfo",
    "locale",
    "updated_at",
];

/// Varies the claims of an ID token.
pub(super) fn id_token(variation: Variation, claims: &mut Map<String, Value>) {
    match variation {
        Variation::UnknownInIdToken => unknown::add_to(claims),
        Variation::IdTokenAudList => to_list(claims, "aud"),
        Variation::IdTokenAzp => {
            let client = match claims.get("aud") {
                Some(Value::Array(all)) => all.first().cloned(),
                other => other.cloned(),
            };
            claims.extend(client.map(|client| ("azp".to_owned(), client)));
        }
        Variation::IdTokenAcr => {
            claims.insert("acr".to_owned(), json!("urn:example:loa:1"));
        }
        Variation::IdTokenNoAmr => drop(claims.shift_remove("amr")),
        Variation::IdTokenNoAuthTime => drop(claims.shift_remove("auth_time")),
        Variation::IdTokenPlain => {
            claims.shift_remove("ver");
            claims.shift_remove("idp");
        }
        Variation::IdTokenThin => claims.retain(|name, _| !PROFILE.contains(&name.as_str())),
        _ => {}
    }
}

/// Varies the claims of an ID-JAG.
pub(super) fn id_jag(variation: Variation, cx: &Context<'_>, claims: &mut Map<String, Value>) {
    match variation {
        Variation::UnknownInIdJag => unknown::add_to(claims),
        Variation::IdJagAudList => to_list(claims, "aud"),
        Variation::IdJagNoEmail => drop(claims.shift_remove("email")),
        Variation::IdJagNoAct => {
            claims.shift_remove("act");
            claims.shift_remove("sub_profile");
        }
        Variation::IdJagNoAuthTime => drop(claims.shift_remove("auth_time")),
        Variation::IdJagResourceList => to_list(claims, "resource"),
        // What the subject token does not say, the ID-JAG cannot repeat.
        Variation::IdTokenNoAuthTime => {
            let subject = cx.facts.subject_token.as_ref();
            if subject.is_some_and(|jwt| !jwt.claims.contains_key("auth_time")) {
                claims.shift_remove("auth_time");
            }
        }
        _ => {}
    }
}
