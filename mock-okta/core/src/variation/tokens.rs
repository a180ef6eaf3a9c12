//! Tokens in other forms: their times and ids, the text of header and claims. What only one kind of token has is varied in
//! `access_tokens` and `identity`.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answers::{get_mut, reversed};
use super::{Variation, access_tokens, identity, unknown};
use crate::context::{Context, Members, Slot};
use crate::tokens::jwt::JwtPlan;

/// By how many seconds the clock that dates tokens is behind.
pub(super) const BEHIND: i64 = 3;

/// What kind of token a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    IdToken,
    IdJag,
    AccessToken,
}

/// Varies the tokens of an answer, and what the answer says of them.
pub(super) fn vary(
    variation: Variation,
    cx: &Context<'_>,
    asks_for_id_jag: bool,
    members: &mut Members,
) {
    let mut lifetime = None;
    for (name, slot) in members.iter_mut() {
        let kind = match name.as_str() {
            "id_token" => TokenKind::IdToken,
            _ if asks_for_id_jag => TokenKind::IdJag,
            _ => TokenKind::AccessToken,
        };
        if let (Variation::IdTokenNoHash, Slot::IdToken(plan)) = (variation, &*slot) {
            // Signed as any other JWT, it gets no hash.
            *slot = Slot::Jwt(plan.clone());
            continue;
        }
        let (Slot::Jwt(plan) | Slot::IdToken(plan)) = slot else {
            continue;
        };
        if let (Some(seconds), true) = (shorter(variation, kind), kind != TokenKind::IdToken) {
            lifetime = Some(seconds);
        }
        times(variation, kind, &mut plan.claims);
        of_every_kind(variation, plan);
        match kind {
            TokenKind::AccessToken => access_tokens::vary(variation, plan),
            TokenKind::IdToken => identity::id_token(variation, &mut plan.claims),
            TokenKind::IdJag => identity::id_jag(variation, cx, &mut plan.claims),
        }
    }
    if let (Some(seconds), Some(expires_in)) = (lifetime, get_mut(members, "expires_in")) {
        let shortened = expires_in.as_i64().map(|own| own.min(seconds));
        *expires_in = shortened.map_or_else(|| expires_in.take(), Value::from);
    }
}

/// The lifetime that a variation gives to a kind of token.
fn shorter(variation: Variation, kind: TokenKind) -> Option<i64> {
    match (variation, kind) {
        (Variation::AccessTokenShort, TokenKind::AccessToken) => Some(300),
        (Variation::IdTokenShort, TokenKind::IdToken) => Some(600),
        (Variation::IdJagShort, TokenKind::IdJag) => Some(60),
        _ => None,
    }
}

fn times(variation: Variation, kind: TokenKind, claims: &mut Map<String, Value>) {
    if let Some(seconds) = shorter(variation, kind)
        && let (Some(iat), Some(exp)) = (seconds_of(claims, "iat"), seconds_of(claims, "exp"))
    {
        claims.insert("exp".to_owned(), json!(exp.min(iat + seconds)));
    }
    match variation {
        Variation::TimesEarly => {
            for name in ["iat", "exp", "auth_time"] {
                if let Some(at) = seconds_of(claims, name) {
                    claims.insert(name.to_owned(), json!(at - BEHIND));
                }
            }
        }
        Variation::TimesFractional => {
            for name in ["iat", "exp"] {
                if let Some(at) = seconds_of(claims, name) {
                    // Seconds of this millennium are whole in a double.
                    claims.insert(name.to_owned(), json!(at as f64 + 0.25));
                }
            }
        }
        Variation::NotBefore => {
            if let Some(iat) = claims.get("iat").cloned() {
                claims.insert("nbf".to_owned(), iat);
            }
        }
        _ => {}
    }
}

fn seconds_of(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    claims.get(name)?.as_i64()
}

fn of_every_kind(variation: Variation, plan: &mut JwtPlan) {
    match variation {
        Variation::UnknownInJoseHeader => unknown::add_to(&mut plan.wire.header),
        Variation::JtiUuid => change_text(&mut plan.claims, "jti", |jti| bare(jti).to_owned()),
        Variation::ScopeReversed => {
            change_text(&mut plan.claims, "scope", reversed);
            if let Some(Value::Array(scopes)) = plan.claims.get_mut("scp") {
                scopes.reverse();
            }
        }
        Variation::TokenReversed | Variation::TokenSpaced | Variation::TokenEscaped => {
            plan.wire.style = plan.wire.style.of_tokens(variation);
        }
        _ => {}
    }
}

/// Changes a claim that is a string.
pub(super) fn change_text(
    claims: &mut Map<String, Value>,
    name: &str,
    change: impl FnOnce(&str) -> String,
) {
    if let Some(Value::String(text)) = claims.get_mut(name) {
        *text = change(text);
    }
}

/// Makes a claim that is a string a list of one.
pub(super) fn to_list(claims: &mut Map<String, Value>, name: &str) {
    if let Some(value) = claims.get_mut(name)
        && value.is_string()
    {
        *value = json!([value.take()]);
    }
}

/// A `jti` without the prefix that tells the kind of its token.
pub(super) fn bare(jti: &str) -> &str {
    let kinds = ["IDAAG.", "ID.", "AT."];
    kinds
        .iter()
        .find_map(|kind| jti.strip_prefix(kind))
        .unwrap_or(jti)
}

/// A UUID (RFC 9562 §5.8) that follows from an unguessable text, behind its prefix.
pub(crate) fn uuid(prefix: &str, text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let groups = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    format!("{prefix}{}", groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_form_and_follows_from_the_text() {
        let one = uuid("AT.", "AT.x");
        assert_eq!(one, uuid("AT.", "AT.x"));
        assert_ne!(one, uuid("AT.", "AT.y"));
        let bare = bare(&one);
        let lengths: Vec<usize> = bare.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&bare[14..15], "8");
    }
}
