//! Tokens in other forms: their times and ids, the text of header and claims. What only one kind of token has is varied in
//! `access_tokens` and `identity`.

#![deny(clippy::wildcard_enum_match_arm)]

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answers::{get_mut, reversed};
use super::json_text::Style;
use crate::context::{Members, Slot};
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

/// What is done to the tokens of an answer.
#[derive(Clone, Copy)]
pub(super) enum TokenWork {
    /// To every token.
    Every(fn(&mut JwtPlan)),
    /// How the header and the claims of every token are written.
    Style(fn(&mut Style)),
    /// To the claims of an ID token.
    IdToken(fn(&mut Map<String, Value>)),
    /// An ID token gets no hash of its access token.
    IdTokenWithoutHash,
    /// To the claims of an ID-JAG.
    IdJag(fn(&mut Map<String, Value>)),
    /// To an access token.
    AccessToken(fn(&mut JwtPlan)),
    /// A kind of token lives for so many seconds at most.
    Lifetime(TokenKind, i64),
}

/// Does a piece of work on the tokens of an answer, and on what the answer says of them.
pub(super) fn vary(work: TokenWork, asks_for_id_jag: bool, members: &mut Members) {
    let mut lifetime = None;
    for (name, slot) in members.iter_mut() {
        let kind = match name.as_str() {
            "id_token" => TokenKind::IdToken,
            _ if asks_for_id_jag => TokenKind::IdJag,
            _ => TokenKind::AccessToken,
        };
        if let (TokenWork::IdTokenWithoutHash, Slot::IdToken(plan)) = (work, &*slot) {
            // Signed as any other JWT, it gets no hash.
            *slot = Slot::Jwt(plan.clone());
            continue;
        }
        let (Slot::Jwt(plan) | Slot::IdToken(plan)) = slot else {
            continue;
        };
        match work {
            TokenWork::Every(change) => change(plan),
            TokenWork::Style(change) => change(&mut plan.wire.style),
            TokenWork::IdToken(change) if kind == TokenKind::IdToken => change(&mut plan.claims),
            TokenWork::IdJag(change) if kind == TokenKind::IdJag => change(&mut plan.claims),
            TokenWork::AccessToken(change) if kind == TokenKind::AccessToken => change(plan),
            TokenWork::Lifetime(of, seconds) if kind == of => {
                shorten(&mut plan.claims, seconds);
                if kind != TokenKind::IdToken {
                    lifetime = Some(seconds);
                }
            }
            // The token is of another kind.
            TokenWork::IdToken(_)
            | TokenWork::IdTokenWithoutHash
            | TokenWork::IdJag(_)
            | TokenWork::AccessToken(_)
            | TokenWork::Lifetime(..) => {}
        }
    }
    if let (Some(seconds), Some(expires_in)) = (lifetime, get_mut(members, "expires_in")) {
        let shortened = expires_in.as_i64().map(|own| own.min(seconds));
        *expires_in = shortened.map_or_else(|| expires_in.take(), Value::from);
    }
}

/// Makes a token live for so many seconds at most.
fn shorten(claims: &mut Map<String, Value>, seconds: i64) {
    if let (Some(iat), Some(exp)) = (seconds_of(claims, "iat"), seconds_of(claims, "exp")) {
        claims.insert("exp".to_owned(), json!(exp.min(iat + seconds)));
    }
}

/// Dates a token by a clock that is behind.
pub(super) fn date_early(plan: &mut JwtPlan) {
    for name in ["iat", "exp", "auth_time"] {
        if let Some(at) = seconds_of(&plan.claims, name) {
            plan.claims.insert(name.to_owned(), json!(at - BEHIND));
        }
    }
}

/// Gives times a fraction of a second.
pub(super) fn add_fractions(plan: &mut JwtPlan) {
    for name in ["iat", "exp"] {
        if let Some(at) = seconds_of(&plan.claims, name) {
            // Seconds of this millennium are whole in a double.
            plan.claims.insert(name.to_owned(), json!(at as f64 + 0.25));
        }
    }
}

/// Adds `nbf`, which is the time of issue.
pub(super) fn add_not_before(plan: &mut JwtPlan) {
    if let Some(iat) = plan.claims.get("iat").cloned() {
        plan.claims.insert("nbf".to_owned(), iat);
    }
}

/// Reverses the order of the scopes.
pub(super) fn reverse_scope(plan: &mut JwtPlan) {
    change_text(&mut plan.claims, "scope", reversed);
    if let Some(Value::Array(scopes)) = plan.claims.get_mut("scp") {
        scopes.reverse();
    }
}

/// Removes the prefix of the `jti`.
pub(super) fn strip_jti(plan: &mut JwtPlan) {
    change_text(&mut plan.claims, "jti", |jti| bare(jti).to_owned());
}

fn seconds_of(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    claims.get(name)?.as_i64()
}

/// Removes claims.
pub(super) fn remove(claims: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        claims.shift_remove(*name);
    }
}

/// Changes a claim that is a string.
fn change_text(claims: &mut Map<String, Value>, name: &str, change: impl FnOnce(&str) -> String) {
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

/// A `jti` without the prefix that names the kind of its token.
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
