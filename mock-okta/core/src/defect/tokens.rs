//! Changes of tokens: claims, header, key.

#![deny(clippy::wildcard_enum_match_arm)]

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::site::Site;
use crate::context::{Context, Members, Slot};
use crate::keys::{ServerName, SigningKey};
use crate::org::User;
use crate::tokens::jwt::{Forgery, JwtPlan};

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;
/// How much longer a token lives than its policy says, by its `exp` and by `expires_in` alike.
pub(super) const OUTLIVES_BY: i64 = 7 * DAY;

/// What is different in a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum TokenChange {
    // --- header, key and signature
    /// The header has this `typ`, or none.
    Typ(Option<&'static str>),
    /// It is signed with the key of another server.
    KeyOfAnotherServer,
    /// It is signed with the key from before the last rotation.
    PreviousKey,
    /// Its `kid` is not published.
    KidUnknown,
    /// It is not signed.
    Unsigned,
    // --- claims in general
    /// It lacks a claim.
    Remove(&'static str),
    /// A claim has this text.
    Set(&'static str, &'static str),
    /// A claim has the value of another.
    Copy {
        from: &'static str,
        to: &'static str,
    },
    /// A claim names the org.
    Org(&'static str),
    /// A claim names another client than it does.
    OtherClient(&'static str),
    // --- single claims
    /// `at_hash` is that of another access token.
    HashOther,
    /// `exp` is a string.
    ExpiryAsText,
    /// `exp` is so many seconds later.
    LaterBy(i64),
    /// `iss` ends in a slash.
    IssuerWithSlash,
    /// `aud` has a second member.
    SecondAudience,
    /// `sub` is the id of another user.
    SubjectOther,
    /// `sub` is the login of another user, and `uid` that user's id.
    SubjectOtherByLogin,
    /// `email` is that of another user.
    EmailOther,
    /// `act` names another client.
    ActorOther,
    /// `act` has an `exp`.
    ActorWithExpiry,
    /// `act` is what the request says.
    ActorOfRequest,
    /// Its scopes are different.
    Scopes(ScopeChange),
}

/// What is different in the scopes of a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum ScopeChange {
    /// `scope` has one scope more.
    Wider,
    /// `scope` lacks its first scope.
    Narrower,
    /// `scp` has one scope more.
    ListWider,
    /// `scp` lacks its last scope.
    ListNarrower,
    /// `scp` is a number.
    Mistyped,
}

/// Changes the token of an answer that a site is about.
pub(super) fn apply(change: TokenChange, site: Site, cx: &Context<'_>, members: &mut Members) {
    let of_id_token = matches!(site, Site::IdToken | Site::IdTokenWithNonce);
    let name = if of_id_token {
        "id_token"
    } else {
        "access_token"
    };
    let Some(slot) = members
        .iter_mut()
        .find_map(|(known, slot)| (known == name).then_some(slot))
    else {
        return;
    };
    if matches!(change, TokenChange::HashOther) {
        if let Slot::IdToken(plan) = slot {
            // Signed as any other JWT, it keeps the hash it has.
            set(&mut plan.claims, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA");
            *slot = Slot::Jwt(plan.clone());
        }
        return;
    }
    match slot {
        Slot::Jwt(plan) | Slot::IdToken(plan) => change_plan(change, cx, plan),
        Slot::Value(_) => {}
    }
}

fn change_plan(change: TokenChange, cx: &Context<'_>, plan: &mut JwtPlan) {
    let claims = &mut plan.claims;
    match change {
        TokenChange::Typ(typ) => plan.typ = typ,
        TokenChange::KeyOfAnotherServer => {
            if let Some(other) = other_key(cx) {
                plan.forgery = Forgery::Kid(plan.key.public.kid.clone());
                plan.key = other;
            }
        }
        TokenChange::PreviousKey => {
            let keys = cx.keys.server(&cx.server);
            if let Some(old) = keys.and_then(|keys| keys.previous.clone()) {
                plan.key = old;
            }
        }
        TokenChange::KidUnknown => {
            plan.forgery = Forgery::Kid("a-key-that-nobody-published".to_owned());
        }
        TokenChange::Unsigned => plan.forgery = Forgery::Unsigned,
        TokenChange::Remove(name) => drop(claims.remove(name)),
        TokenChange::Set(name, text) => set(claims, name, text),
        TokenChange::Copy { from, to } => set(claims, to, claims.get(from).cloned()),
        TokenChange::Org(name) => set(claims, name, cx.base_url),
        TokenChange::OtherClient(name) => set(claims, name, other_client(cx, claims, name)),
        // Made where the token is replaced.
        TokenChange::HashOther => {}
        TokenChange::ExpiryAsText => {
            if let Some(exp) = claims.get_mut("exp") {
                *exp = Value::String(exp.to_string());
            }
        }
        TokenChange::LaterBy(seconds) => {
            let exp = claims.get("exp").and_then(Value::as_i64);
            set(claims, "exp", exp.unwrap_or_default() + seconds);
        }
        TokenChange::IssuerWithSlash => set(claims, "iss", format!("{}/", cx.issuer(&cx.server))),
        TokenChange::SecondAudience => {
            let both = json!([claims.get("aud"), "https://another.example.com"]);
            set(claims, "aud", both);
        }
        TokenChange::SubjectOther => {
            let other = other_user(cx, claims).map(|user| user.id.as_str());
            set(claims, "sub", other);
        }
        TokenChange::SubjectOtherByLogin => {
            if let Some(user) = other_user(cx, claims) {
                set(claims, "sub", user.login.as_str());
                set(claims, "uid", user.id.as_str());
            }
        }
        TokenChange::EmailOther => {
            let other = other_user(cx, claims).map(|user| user.login.as_str());
            set(claims, "email", other);
        }
        TokenChange::ActorOther => {
            if let Some(Value::Object(act)) = claims.get_mut("act") {
                let other = other_client(cx, act, "sub");
                set(act, "sub", other);
            }
        }
        TokenChange::ActorWithExpiry => {
            let exp = claims.get("exp").cloned();
            if let Some(Value::Object(act)) = claims.get_mut("act") {
                set(act, "exp", exp);
            }
        }
        TokenChange::ActorOfRequest => {
            let chosen = cx.form().get("act");
            if let Some(chosen) = chosen.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
                set(claims, "act", chosen);
            }
        }
        TokenChange::Scopes(change) => change_scopes(change, claims),
    }
}

fn change_scopes(change: ScopeChange, claims: &mut Map<String, Value>) {
    let scope = claims.get("scope").and_then(Value::as_str);
    let scope = scope.unwrap_or_default().to_owned();
    match change {
        ScopeChange::Wider => set(claims, "scope", format!("{scope} everything")),
        ScopeChange::Narrower => {
            let fewer = scope.split_once(' ').map_or("", |(_, rest)| rest);
            set(claims, "scope", fewer);
        }
        ScopeChange::ListWider => {
            if let Some(Value::Array(scopes)) = claims.get_mut("scp") {
                scopes.push(json!("everything"));
            }
        }
        ScopeChange::ListNarrower => {
            if let Some(Value::Array(scopes)) = claims.get_mut("scp") {
                scopes.pop();
            }
        }
        ScopeChange::Mistyped => set(claims, "scp", 7),
    }
}

fn set(claims: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    claims.insert(name.to_owned(), value.into());
}

/// A client of the org that a claim does not name.
fn other_client(cx: &Context<'_>, claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let named = claims.get(claim).and_then(Value::as_str);
    let mut ids = cx.org.clients.keys().map(|id| id.as_str().to_owned());
    ids.find(|id| named != Some(id))
}

/// A user of the org whom the token is not about.
fn other_user<'a>(cx: &Context<'a>, claims: &Map<String, Value>) -> Option<&'a User> {
    let about = |name: &str| claims.get(name).and_then(Value::as_str);
    let named = [about("uid"), about("sub")];
    cx.org
        .users
        .values()
        .find(|user| !named.contains(&Some(user.id.as_str())) && user.is_active())
}

/// The key of a server that is not the one addressed.
fn other_key(cx: &Context<'_>) -> Option<Arc<SigningKey>> {
    let other = match cx.server {
        ServerName::Org => ServerName::Custom(cx.org.custom_servers.keys().next()?.clone()),
        ServerName::Custom(_) => ServerName::Org,
    };
    Some(cx.keys.server(&other)?.active.clone())
}
