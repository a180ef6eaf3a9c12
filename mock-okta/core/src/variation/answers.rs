//! Members of JSON answers: left out where they may be, or written in another way.

use std::collections::BTreeSet;

use http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::locate::{asks_for_id_jag, value};
use super::tokens::bare;
use crate::context::{Context, Members, Outcome, Slot};
use crate::rules::scopes::split;

/// Makes an empty answer an empty object.
pub(super) fn make_empty_object(outcome: &mut Outcome) {
    *outcome = Outcome::Json {
        members: Vec::new(),
        cache: "no-cache, no-store",
    };
}

/// Makes the content a word of plain text.
pub(super) fn say_revoked(response: &mut Response<Vec<u8>>) {
    *response.body_mut() = b"revoked\n".to_vec();
    let text = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
}

/// Removes all members but one.
pub(super) fn keep_only(members: &mut Members, kept: &str) {
    members.retain(|(name, _)| name == kept);
}

/// Makes an `aud` that is a string a list of one.
pub(super) fn list_audience(members: &mut Members) {
    if let Some(aud) = get_mut(members, "aud")
        && aud.is_string()
    {
        *aud = json!([aud.take()]);
    }
}

/// Removes the prefix of the `jti`: inside the org it says of which kind a token is, outside nothing does.
pub(super) fn strip_jti(members: &mut Members) {
    text(members, "jti", |jti| *jti = bare(jti).to_owned());
}

/// Reverses the order of `scope`.
pub(super) fn reverse_scope(members: &mut Members) {
    text(members, "scope", |scope| *scope = reversed(scope));
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

/// Adds the scope that an ID-JAG carries, where it is not the one that was asked for.
pub(super) fn add_scope_if_narrowed(cx: &Context<'_>, members: &mut Members) {
    if asks_for_id_jag(cx) && !scope_is_as_asked(cx, members) {
        add_scope(members);
    }
}

/// Adds the scope that an ID-JAG carries.
pub(super) fn add_scope(members: &mut Members) {
    if let (None, Some(scope)) = (value(members, "scope"), granted(members)) {
        members.push(("scope".to_owned(), Slot::Value(json!(scope))));
    }
}

/// Removes a member.
pub(super) fn remove(members: &mut Members, name: &str) {
    members.retain(|(known, _)| known != name);
}

/// A member that is there already.
pub(super) fn get_mut<'m>(members: &'m mut Members, name: &str) -> Option<&'m mut Value> {
    members.iter_mut().find_map(|(known, slot)| match slot {
        Slot::Value(value) if known == name => Some(value),
        Slot::Value(_) | Slot::Jwt(_) | Slot::IdToken(_) => None,
    })
}

/// Changes a member that is a string.
pub(super) fn text(members: &mut Members, name: &str, change: impl FnOnce(&mut String)) {
    if let Some(Value::String(text)) = get_mut(members, name) {
        change(text);
    }
}
