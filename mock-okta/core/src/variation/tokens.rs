//! Tokens in other forms: claims, headers, the text of both.

use super::{Variation, unknown};
use crate::context::{Members, Slot};
use crate::tokens::jwt::JwtPlan;

/// What kind of token a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    IdToken,
    IdJag,
    AccessToken,
}

/// Varies the tokens of an answer.
pub(super) fn vary(variation: Variation, asks_for_id_jag: bool, members: &mut Members) {
    for (name, slot) in members {
        let kind = match name.as_str() {
            "id_token" => Kind::IdToken,
            _ if asks_for_id_jag => Kind::IdJag,
            _ => Kind::AccessToken,
        };
        if let Slot::Jwt(plan) | Slot::IdToken(plan) = slot {
            token(variation, kind, plan);
        }
    }
}

fn token(variation: Variation, kind: Kind, plan: &mut JwtPlan) {
    match (variation, kind) {
        (Variation::UnknownInIdToken, Kind::IdToken)
        | (Variation::UnknownInIdJag, Kind::IdJag)
        | (Variation::UnknownInAccessToken, Kind::AccessToken) => unknown::add_to(&mut plan.claims),
        (Variation::UnknownInJoseHeader, _) => unknown::add_to(&mut plan.wire.header),
        _ => {}
    }
}
