//! Bends of tokens: claims, header, key.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Bend;
use super::site::Site;
use crate::context::{Context, Members, Slot};
use crate::keys::{ServerName, SigningKey};
use crate::org::User;
use crate::tokens::jwt::{Forgery, JwtPlan};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How much longer a token lives than its policy says, by its `exp` and by `expires_in` alike.
pub(super) const OUTLIVES_BY: i64 = 7 * DAY;

/// Bends the token of an answer, when it is a token that this bend is about.
pub(super) fn bend(bend: Bend, cx: &Context<'_>, members: &mut Members) {
    let name = match bend.site() {
        Site::IdToken | Site::IdTokenWithNonce => "id_token",
        _ => "access_token",
    };
    let Some(slot) = members
        .iter_mut()
        .find_map(|(known, slot)| (known == name).then_some(slot))
    else {
        return;
    };
    if bend == Bend::IdTokenHash
        && let Slot::IdToken(plan) = slot
    {
        // Signed as any other JWT, it keeps the hash it has.
        plan.claims
            .insert("at_hash".to_owned(), json!("AAAAAAAAAAAAAAAAAAAAAA"));
        *slot = Slot::Jwt(plan.clone());
        return;
    }
    let (Slot::Jwt(plan) | Slot::IdToken(plan)) = slot else {
        return;
    };
    header(bend, cx, plan);
    times(bend, &mut plan.claims);
    parties(bend, cx, &mut plan.claims);
    content(bend, &mut plan.claims);
}

fn header(bend: Bend, cx: &Context<'_>, plan: &mut JwtPlan) {
    match bend {
        Bend::IdJagTypMissing => plan.typ = None,
        Bend::IdJagTypJwt => plan.typ = Some("JWT"),
        Bend::IdTokenKey | Bend::IdJagKey | Bend::AccessKey => {
            if let Some(other) = other_key(cx) {
                plan.forgery = Forgery::Kid(plan.key.public.kid.clone());
                plan.key = other;
            }
        }
        Bend::IdTokenKid | Bend::IdJagKid => {
            plan.forgery = Forgery::Kid("a-key-that-nobody-published".to_owned());
        }
        Bend::IdTokenUnsigned | Bend::IdJagUnsigned | Bend::AccessUnsigned => {
            plan.forgery = Forgery::Unsigned;
        }
        Bend::KeysOldSigns => {
            let keys = cx.keys.server(&cx.server);
            if let Some(old) = keys.and_then(|keys| keys.previous.clone()) {
                plan.key = old;
            }
        }
        _ => {}
    }
}

fn times(bend: Bend, claims: &mut Map<String, Value>) {
    let later = |claims: &mut Map<String, Value>, seconds: i64| {
        let exp = claims
            .get("exp")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        claims.insert("exp".to_owned(), json!(exp + seconds));
    };
    match bend {
        Bend::IdTokenExpiryMissing | Bend::IdJagExpiryMissing | Bend::AccessExpiryMissing => {
            claims.remove("exp");
        }
        Bend::IdTokenExpiryText | Bend::IdJagExpiryText => as_text(claims, "exp"),
        Bend::IdTokenIssuedMissing | Bend::IdJagIssuedMissing => drop(claims.remove("iat")),
        Bend::IdTokenExpired => later(claims, -2 * HOUR),
        Bend::IdJagLong => later(claims, DAY),
        Bend::AccessExpiryLater => later(claims, HOUR),
        Bend::AccessOutlives => later(claims, OUTLIVES_BY),
        _ => {}
    }
}

fn parties(bend: Bend, cx: &Context<'_>, claims: &mut Map<String, Value>) {
    match bend {
        Bend::IdTokenAudience => set(claims, "aud", other_client(cx, claims, "aud")),
        Bend::IdTokenIssuer => set(claims, "iss", json!(format!("{}/", cx.issuer(&cx.server)))),
        Bend::IdTokenSubject | Bend::IdJagSubjectOther => {
            set(
                claims,
                "sub",
                other_user(cx, claims).map(|user| user.id.as_str()),
            );
        }
        Bend::IdJagSubjectMissing => drop(claims.remove("sub")),
        Bend::IdJagIssuer => set(claims, "iss", claims.get("aud").cloned()),
        Bend::IdJagAudienceMissing => drop(claims.remove("aud")),
        Bend::IdJagAudienceTwo => {
            let both = json!([claims.get("aud"), "https://another.example.com"]);
            set(claims, "aud", both);
        }
        Bend::IdJagAudienceOrg => set(claims, "aud", json!(cx.base_url)),
        Bend::IdJagClientMissing => drop(claims.remove("client_id")),
        Bend::IdJagClientOther => set(claims, "client_id", other_client(cx, claims, "client_id")),
        Bend::AccessIssuer => set(claims, "iss", json!(cx.base_url)),
        Bend::AccessAudience => set(claims, "aud", claims.get("cid").cloned()),
        Bend::AccessSubjectOther => {
            if let Some(user) = other_user(cx, claims) {
                set(claims, "sub", json!(user.login));
                set(claims, "uid", json!(user.id.as_str()));
            }
        }
        Bend::AccessClientOther => set(claims, "cid", other_client(cx, claims, "cid")),
        Bend::IdJagActorMissing | Bend::AccessActorMissing => drop(claims.remove("act")),
        Bend::IdJagActorOther => {
            if let Some(Value::Object(act)) = claims.get_mut("act") {
                let other = other_client(cx, act, "sub");
                set(act, "sub", other);
            }
        }
        Bend::IdJagActorClaims => {
            let exp = claims.get("exp").cloned();
            if let Some(Value::Object(act)) = claims.get_mut("act") {
                set(act, "exp", exp);
            }
        }
        Bend::IdJagActorChosen => {
            let chosen = cx.form().get("act");
            if let Some(chosen) = chosen.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
                set(claims, "act", chosen);
            }
        }
        Bend::IdJagProfileMissing => drop(claims.remove("sub_profile")),
        Bend::IdJagEmailOther => {
            set(
                claims,
                "email",
                other_user(cx, claims).map(|user| user.login.as_str()),
            );
        }
        _ => {}
    }
}

fn content(bend: Bend, claims: &mut Map<String, Value>) {
    match bend {
        Bend::IdTokenNonceMissing => drop(claims.remove("nonce")),
        Bend::IdTokenNonceOther => set(claims, "nonce", json!("another-nonce")),
        Bend::IdJagJtiMissing => drop(claims.remove("jti")),
        Bend::IdJagJtiSame => set(claims, "jti", json!("IDAAG.the-same-every-time")),
        Bend::AccessJtiSame => set(claims, "jti", json!("AT.the-same-every-time")),
        Bend::IdJagScopeMissing => drop(claims.remove("scope")),
        Bend::IdJagScopeWider => {
            let scope = claims
                .get("scope")
                .and_then(Value::as_str)
                .unwrap_or_default();
            set(claims, "scope", json!(format!("{scope} everything")));
        }
        Bend::IdJagScopeNarrower => {
            let scope = claims
                .get("scope")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let fewer = scope
                .split_once(' ')
                .map_or("", |(_, rest)| rest)
                .to_owned();
            set(claims, "scope", json!(fewer));
        }
        Bend::IdJagResourceMissing => drop(claims.remove("resource")),
        Bend::AccessScopeWider | Bend::RefreshScopeWider => {
            if let Some(Value::Array(scopes)) = claims.get_mut("scp") {
                scopes.push(json!("everything"));
            }
        }
        Bend::AccessScopeNarrower => {
            if let Some(Value::Array(scopes)) = claims.get_mut("scp") {
                scopes.pop();
            }
        }
        Bend::AccessScopeText => set(claims, "scp", json!(7)),
        _ => {}
    }
}

fn set(claims: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    claims.insert(name.to_owned(), value.into());
}

fn as_text(members: &mut Map<String, Value>, name: &str) {
    if let Some(value) = members.get_mut(name) {
        *value = Value::String(value.to_string());
    }
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
        .find(|user| !named.contains(&Some(user.id.as_str())) && !user.suspended)
}

/// The key of a server that is not the one addressed.
fn other_key(cx: &Context<'_>) -> Option<Arc<SigningKey>> {
    let other = match cx.server {
        ServerName::Org => ServerName::Custom(cx.org.custom_servers.keys().next()?.clone()),
        ServerName::Custom(_) => ServerName::Org,
    };
    Some(cx.keys.server(&other)?.active.clone())
}
