//! Members of JSON answers: left out where they may be, or written in another way.

use std::collections::BTreeSet;

use http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::Variation;
use super::locate::{asks_for_id_jag, value};
use crate::context::{Context, Members, Outcome, Slot};
use crate::rules::scopes::split;

/// Varies the members of an answer; those of metadata and keys are varied elsewhere.
pub(super) fn vary(variation: Variation, cx: &Context<'_>, members: &mut Members) {
    match variation {
        Variation::ScopeOmitted => remove(members, "scope"),
        Variation::ExpiresInOmitted => remove(members, "expires_in"),
        Variation::RefreshWithoutIdToken => remove(members, "id_token"),
        Variation::IdJagScopeTold => tell_scope(members),
        Variation::ScopesIgnored if asks_for_id_jag(cx) && !scope_is_as_asked(cx, members) => {
            tell_scope(members);
        }
        Variation::TokenTypeLower => {
            text(members, "token_type", |text| text.make_ascii_lowercase());
        }
        Variation::TokenTypeUpper => {
            text(members, "token_type", |text| text.make_ascii_uppercase());
        }
        Variation::ScopeReversed => text(members, "scope", |text| *text = reversed(text)),
        Variation::IntrospectionMinimal => members.retain(|(name, _)| name == "active"),
        Variation::UserInfoMinimal => members.retain(|(name, _)| name == "sub"),
        Variation::IntrospectionAudList => {
            if let Some(aud) = get_mut(members, "aud")
                && aud.is_string()
            {
                *aud = json!([aud.take()]);
            }
        }
        // Inside the org the jti says of which kind a token is; outside it nothing does.
        Variation::JtiUuid => text(members, "jti", |text| {
            *text = super::tokens::bare(text).to_owned();
        }),
        _ => {}
    }
}

/// Varies an answer that is empty.
pub(super) fn of_nothing(variation: Variation, outcome: &mut Outcome) {
    if variation == Variation::RevocationJson {
        *outcome = Outcome::Json {
            members: Vec::new(),
            cache: "no-cache, no-store",
        };
    }
}

/// Varies an answer that is bytes already.
pub(super) fn respond(variation: Variation, response: &mut Response<Vec<u8>>) {
    if variation == Variation::RevocationText {
        *response.body_mut() = b"revoked\n".to_vec();
        let text = HeaderValue::from_static("text/plain");
        response.headers_mut().insert(header::CONTENT_TYPE, text);
    }
}

/// The words of a scope from the last to the first.
pub(super) fn reversed(scope: &str) -> String {
    let mut words = split(scope);
    words.reverse();
    words.join(" ")
}

/// The scope that an ID-JAG carries.
fn granted(members: &Members) -> Option<String> {
    members.iter().find_map(|(_, slot)| match slot {
        Slot::Jwt(plan) => Some(plan.claims.get("scope")?.as_str()?.to_owned()),
        Slot::IdToken(_) | Slot::Value(_) => None,
    })
}

/// RFC 8693 §2.2.1: the answer names a scope that differs from the requested one.
fn scope_is_as_asked(cx: &Context<'_>, members: &Members) -> bool {
    let set =
        |text: &str| -> BTreeSet<String> { split(text).into_iter().map(str::to_owned).collect() };
    let asked = cx.form().get("scope").map(set);
    asked == granted(members).map(|scope| set(&scope))
}

fn tell_scope(members: &mut Members) {
    if let (None, Some(scope)) = (value(members, "scope"), granted(members)) {
        members.push(("scope".to_owned(), Slot::Value(json!(scope))));
    }
}

pub(super) fn remove(members: &mut Members, name: &str) {
    members.retain(|(known, _)| known != name);
}

pub(super) fn get_mut<'m>(members: &'m mut Members, name: &str) -> Option<&'m mut Value> {
    members.iter_mut().find_map(|(known, slot)| match slot {
        Slot::Value(value) if known == name => Some(value),
        _ => None,
    })
}

fn text(members: &mut Members, name: &str, change: impl FnOnce(&mut String)) {
    if let Some(Value::String(text)) = get_mut(members, name) {
        change(text);
    }
}
