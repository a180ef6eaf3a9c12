//! Which places an answer has.

use serde_json::Value;

use super::{Place, Places};
use crate::context::{Context, Members, Outcome, Slot};
use crate::endpoints::Door;

/// The places of an answer, but for those of decisions, which recipes mark as they pass.
pub(super) fn places(cx: &Context<'_>, door: Door, outcome: &Outcome) -> Places {
    let mut places = Places::default();
    places.add(Place::Any);
    match outcome {
        Outcome::Json { members, .. } => {
            places.add(Place::Json);
            json(cx, door, members, &mut places);
        }
        Outcome::Refused(_) => {
            places.add(Place::Json);
            places.add(Place::OauthError);
        }
        Outcome::ApiError { .. } => places.add(Place::Json),
        Outcome::Challenge { .. }
        | Outcome::Redirect { .. }
        | Outcome::Page { .. }
        | Outcome::Empty(_) => {}
    }
    places
}

fn json(cx: &Context<'_>, door: Door, members: &Members, places: &mut Places) {
    match door {
        Door::Token => token_answer(cx, members, places),
        Door::OpenIdMetadata | Door::OauthMetadata => places.add(Place::Metadata),
        Door::Keys => places.add(Place::Keys),
        Door::ResourceMetadata => places.add(Place::ResourceMetadata),
        Door::UserInfo => places.add(Place::UserInfo),
        Door::Introspect => places.add(if is_active(members) {
            Place::ActiveToken
        } else {
            Place::InactiveToken
        }),
        _ => {}
    }
}

fn token_answer(cx: &Context<'_>, members: &Members, places: &mut Places) {
    places.add(Place::TokenAnswer);
    for (name, slot) in members {
        if matches!(slot, Slot::Value(_)) {
            continue;
        }
        places.add(Place::Token);
        places.add(match name.as_str() {
            "id_token" => Place::IdToken,
            _ if asks_for_id_jag(cx) => Place::IdJag,
            _ => Place::AccessToken,
        });
    }
}

/// Whether the token of an answer is an ID-JAG: what was asked for says so, whatever a defect made of the token.
pub(super) fn asks_for_id_jag(cx: &Context<'_>) -> bool {
    cx.form().get("requested_token_type") == Some("urn:ietf:params:oauth:token-type:id-jag")
}

fn is_active(members: &Members) -> bool {
    members
        .iter()
        .any(|(name, slot)| name == "active" && matches!(slot, Slot::Value(Value::Bool(true))))
}
