//! What comes back in a varied form is brought into the common one before it is judged.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value, json};

use super::tokens::{BEHIND, TokenKind};
use super::work::Work;
use super::{Variation, Variations};
use crate::org::Org;
use crate::request::Request;
use crate::tokens::id_jag::TYP;
use crate::tokens::jwt::Jwt;

/// Begins an opaque access token.
const OPAQUE: &str = "oat_";

/// A token as only the org can read it. That it holds the token itself is the org's own business.
pub(crate) fn conceal(token: &str) -> String {
    format!("{OPAQUE}{}", B64.encode(token))
}

/// The JWT behind what was presented.
pub(crate) fn reveal(on: Variations, text: &str) -> Cow<'_, str> {
    let opaque = on.has(Variation::AccessTokenOpaque) || on.has(Variation::OrgAccessTokenOpaque);
    let inside = || {
        let encoded = text.strip_prefix(OPAQUE)?;
        String::from_utf8(B64.decode(encoded).ok()?).ok()
    };
    match opaque.then(inside).flatten() {
        Some(token) => Cow::Owned(token),
        None => Cow::Borrowed(text),
    }
}

/// Brings a token of the org into the form that its rules know. Its signature was verified before.
pub(crate) fn canonical(on: Variations, org: &Org, jwt: &mut Jwt) {
    if on.is_empty() {
        return;
    }
    let id_jag = jwt.header_str("typ") == Some(TYP);
    // No ID token names a client by one of these.
    let names_client = ["cid", "client_id"].map(|name| jwt.claims.contains_key(name));
    let access = !id_jag && names_client.contains(&true);
    let kind = match (id_jag, access) {
        (true, _) => TokenKind::IdJag,
        (false, true) => TokenKind::AccessToken,
        (false, false) => TokenKind::IdToken,
    };
    for work in on.iter().flat_map(Variation::work) {
        if let Work::ReadBack(change) = work {
            change(kind, org, jwt);
        }
    }
}

/// Puts the prefix back that says of which kind a token is.
pub(super) fn restore_jti(kind: TokenKind, jwt: &mut Jwt) {
    let prefix = match kind {
        TokenKind::IdJag => "IDAAG.",
        TokenKind::AccessToken => "AT.",
        TokenKind::IdToken => "ID.",
    };
    // One that names its kind was written by somebody else.
    if let Some(Value::String(jti)) = jwt.claims.get_mut("jti")
        && !jti.contains('.')
        && !jti.is_empty()
    {
        jti.insert_str(0, prefix);
    }
}

/// Dates the sign-in by the org's own clock again.
pub(super) fn undo_early_auth_time(jwt: &mut Jwt) {
    if let Some(at) = jwt.claims.get("auth_time").and_then(Value::as_i64) {
        jwt.claims
            .insert("auth_time".to_owned(), json!(at + BEHIND));
    }
}

/// Takes times in whole seconds.
pub(super) fn round_times(jwt: &mut Jwt) {
    for name in ["iat", "exp", "nbf"] {
        whole(&mut jwt.claims, name);
    }
}

/// A time in whole seconds, rounded down.
fn whole(claims: &mut Map<String, Value>, name: &str) {
    let at = claims.get(name).and_then(Value::as_f64);
    if let Some(at) = at {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a saturating cast keeps far dates far"
        )]
        let seconds = at.floor() as i64;
        claims.insert(name.to_owned(), json!(seconds));
    }
}

/// RFC 9068 §4: whoever is given an access token looks at its `typ`. The rules know tokens without one.
pub(super) fn remove_typ(kind: TokenKind, jwt: &mut Jwt) {
    if kind != TokenKind::AccessToken {
        return;
    }
    match jwt.header_str("typ") {
        Some("at+jwt" | "application/at+jwt") => drop(jwt.header.shift_remove("typ")),
        Some(_) => {}
        None => drop(jwt.header.insert("typ".to_owned(), json!("none"))),
    }
}

/// `scp` of an access token from its `scope`.
pub(super) fn restore_scp(kind: TokenKind, jwt: &mut Jwt) {
    restore(kind, jwt, "scp", |claims| {
        let scope = claims.get("scope")?.as_str()?;
        Some(json!(scope.split(' ').collect::<Vec<_>>()))
    });
}

/// `cid` of an access token from its `client_id`.
pub(super) fn restore_cid(kind: TokenKind, jwt: &mut Jwt) {
    restore(kind, jwt, "cid", |claims| claims.get("client_id").cloned());
}

/// `uid` of an access token from its `sub`, which is the login of a user.
pub(super) fn restore_uid(kind: TokenKind, org: &Org, jwt: &mut Jwt) {
    restore(kind, jwt, "uid", |claims| {
        let user = org.user_by_login(claims.get("sub")?.as_str()?)?;
        Some(json!(user.id.as_str()))
    });
}

/// Adds a claim that an access token lacks.
fn restore(
    kind: TokenKind,
    jwt: &mut Jwt,
    name: &str,
    value: impl FnOnce(&Map<String, Value>) -> Option<Value>,
) {
    if kind == TokenKind::AccessToken && !jwt.claims.contains_key(name) {
        let value = value(&jwt.claims);
        jwt.claims
            .extend(value.map(|value| (name.to_owned(), value)));
    }
}

/// Makes a `resource` of an ID-JAG that is a list of one its item.
pub(super) fn unlist_resource(kind: TokenKind, jwt: &mut Jwt) {
    if kind == TokenKind::IdJag
        && let Some(value) = jwt.claims.get_mut("resource")
        && let Value::Array(items) = value
        && items.len() == 1
    {
        *value = items.remove(0);
    }
}

/// Takes the members of a JSON body for a form.
pub(crate) fn json_body(on: Variations, body: &[u8], request: &mut Request) {
    let is_json = |request: &Request| {
        let media = request.header(http::header::CONTENT_TYPE)?;
        let media = media.split(';').next()?.trim();
        Some(media.eq_ignore_ascii_case("application/json"))
    };
    if !on.has(Variation::JsonBodies) || is_json(request) != Some(true) {
        return;
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return;
    };
    let pairs = members.into_iter().flat_map(|(name, value)| {
        let values = match value {
            Value::Array(items) => items,
            one => vec![one],
        };
        let texts = values.into_iter().filter_map(|value| match value {
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        });
        texts.map(move |text| (name.clone(), text))
    });
    request.take_for_form(pairs.collect());
}
