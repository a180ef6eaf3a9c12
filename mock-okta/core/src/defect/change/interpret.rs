//! The interpreter of changes: sees the parts of an answer as objects, edits them, and puts them back.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::edit::{Edit, Of, Source, parsed};
use super::{AnswerPart, Change, Edited, path};
use crate::context::{Context, Members, Outcome, Slot};
use crate::org::User;
use crate::refusal::oauth_error;
use crate::tokens::jwt::JwtPlan;

/// Whether a change makes a difference to an answer. Of headers and of the status nothing is known before the answer is
/// rendered, so there the site alone says it.
pub(in crate::defect) fn touches(change: &Change, cx: &Context<'_>, outcome: &Outcome) -> bool {
    change.edits.iter().any(|edited| {
        let object = match (edited.part, outcome) {
            (AnswerPart::Header | AnswerPart::Status, _) => return true,
            (AnswerPart::IdToken, Outcome::Json { members, .. }) => {
                return plan(members, "id_token")
                    .is_some_and(|plan| differs(edited, cx, &plan.claims));
            }
            (AnswerPart::AccessToken, Outcome::Json { members, .. }) => {
                return plan(members, "access_token")
                    .is_some_and(|plan| differs(edited, cx, &plan.claims));
            }
            (AnswerPart::Body, Outcome::Json { members, .. }) => seen(members),
            (AnswerPart::Error, Outcome::Refused(refused)) => oauth_error(refused),
            (AnswerPart::Location, Outcome::Redirect { location, .. }) => parameters(location),
            (
                AnswerPart::IdToken
                | AnswerPart::AccessToken
                | AnswerPart::Body
                | AnswerPart::Error
                | AnswerPart::Location,
                _,
            ) => return false,
        };
        differs(edited, cx, &object)
    })
}

/// Makes a change of what was decided; headers, status and error answers are changed once they are rendered.
pub(in crate::defect) fn change_outcome(change: &Change, cx: &Context<'_>, outcome: &mut Outcome) {
    for edited in change.edits {
        match (edited.part, &mut *outcome) {
            (AnswerPart::IdToken, Outcome::Json { members, .. }) => {
                change_token(edited, cx, members, "id_token");
            }
            (AnswerPart::AccessToken, Outcome::Json { members, .. }) => {
                change_token(edited, cx, members, "access_token");
            }
            (AnswerPart::Body, Outcome::Json { members, .. }) => {
                change_members(edited, cx, members);
            }
            (AnswerPart::Location, Outcome::Redirect { location, .. }) => {
                let mut object = parameters(location);
                edit(edited, Some(cx), &mut object);
                *location = with_parameters(location, &object);
            }
            // The answer has another form, or the part is changed once it is rendered.
            (
                AnswerPart::IdToken
                | AnswerPart::AccessToken
                | AnswerPart::Body
                | AnswerPart::Location
                | AnswerPart::Header
                | AnswerPart::Status
                | AnswerPart::Error,
                _,
            ) => {}
        }
    }
}

/// Makes a change of what was rendered.
pub(in crate::defect) fn change_response(change: &Change, response: &mut Response<Vec<u8>>) {
    for edited in change.edits {
        match edited.part {
            AnswerPart::Header => change_header(edited, response),
            AnswerPart::Status => {
                let mut object = Map::new();
                object.insert("status".to_owned(), json!(response.status().as_u16()));
                edit(edited, None, &mut object);
                let status = object.get("status").and_then(Value::as_u64);
                let status = status.and_then(|status| u16::try_from(status).ok());
                if let Some(Ok(status)) = status.map(StatusCode::from_u16) {
                    *response.status_mut() = status;
                }
            }
            AnswerPart::Error => {
                if let Ok(Value::Object(mut body)) = serde_json::from_slice(response.body()) {
                    edit(edited, None, &mut body);
                    *response.body_mut() = serde_json::to_vec(&body).unwrap_or_default();
                }
            }
            AnswerPart::IdToken
            | AnswerPart::AccessToken
            | AnswerPart::Body
            | AnswerPart::Location => {}
        }
    }
}

fn differs(edited: &Edited, cx: &Context<'_>, object: &Map<String, Value>) -> bool {
    let found = found(edited.edit, Some(cx), object);
    path::any(object, edited.path, &|now| {
        edited.edit.touches(now, found.as_ref())
    })
}

fn edit(edited: &Edited, cx: Option<&Context<'_>>, object: &mut Map<String, Value>) {
    let found = found(edited.edit, cx, object);
    path::each(object, edited.path, &|object, name| {
        let now = object.get(name).cloned();
        match edited.edit.edited(now, found.as_ref()) {
            Some(value) => drop(object.insert(name.to_owned(), value)),
            None => drop(object.remove(name)),
        }
    });
}

fn change_header(edited: &Edited, response: &mut Response<Vec<u8>>) {
    let Ok(name) = HeaderName::from_lowercase(edited.path.as_bytes()) else {
        return;
    };
    let mut object = Map::new();
    if let Some(Ok(value)) = response.headers().get(&name).map(HeaderValue::to_str) {
        object.insert(edited.path.to_owned(), json!(value));
    }
    edit(edited, None, &mut object);
    match object.get(edited.path).and_then(Value::as_str) {
        Some(value) => {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        }
        None => drop(response.headers_mut().remove(name)),
    }
}

fn change_token(edited: &Edited, cx: &Context<'_>, members: &mut Members, name: &str) {
    let slot = members.iter_mut().find(|(known, _)| known == name);
    if let Some((_, Slot::Jwt(plan) | Slot::IdToken(plan))) = slot {
        edit(edited, Some(cx), &mut plan.claims);
    }
}

/// Edits the members of an answer; one that is signed later can be replaced or left out, and nothing else.
fn change_members(edited: &Edited, cx: &Context<'_>, members: &mut Members) {
    let before = seen(members);
    let mut after = before.clone();
    edit(edited, Some(cx), &mut after);
    members.retain(|(name, _)| after.contains_key(name));
    for (name, value) in after {
        if before.get(&name) == Some(&value) {
            continue;
        }
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = Slot::Value(value),
            None => members.push((name, Slot::Value(value))),
        }
    }
}

/// The members of an answer, with a placeholder for what is still to be signed.
fn seen(members: &Members) -> Map<String, Value> {
    let object = members.iter().map(|(name, slot)| {
        let value = match slot {
            Slot::Value(value) => value.clone(),
            Slot::Jwt(_) | Slot::IdToken(_) => json!("a token that is still to be signed"),
        };
        (name.clone(), value)
    });
    object.collect()
}

fn plan<'m>(members: &'m Members, name: &str) -> Option<&'m JwtPlan> {
    members.iter().find_map(|(known, slot)| match slot {
        Slot::Jwt(plan) | Slot::IdToken(plan) if known == name => Some(&**plan),
        _ => None,
    })
}

/// The parameters of an address.
fn parameters(location: &str) -> Map<String, Value> {
    let query = location
        .split_once(['?', '#'])
        .map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect()
}

fn with_parameters(location: &str, object: &Map<String, Value>) -> String {
    let at = location.find(['?', '#']).unwrap_or(location.len());
    let mark = location[at..].chars().next().unwrap_or('?');
    let pairs = object
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{}{mark}{query}", &location[..at])
}

/// What the source of an edit gives, for an object that is about somebody.
fn found(edit: Edit, cx: Option<&Context<'_>>, object: &Map<String, Value>) -> Option<Value> {
    match edit.source()? {
        Source::Json(json) => Some(parsed(json)),
        Source::OtherUser(of) => {
            let user = other_user(cx?, object)?;
            Some(match of {
                Of::Id => json!(user.id.as_str()),
                Of::Login => json!(user.login),
                Of::Profile(claim) => json!(user.profile.get(claim)?),
            })
        }
        Source::OtherClient => other_client(cx?, object).map(Value::from),
        Source::After(seconds) => Some(json!(cx?.now + seconds)),
    }
}

/// A user who may sign in and whom the object is not about.
fn other_user<'a>(cx: &Context<'a>, object: &Map<String, Value>) -> Option<&'a User> {
    let named = |name: &str| object.get(name).and_then(Value::as_str);
    let about = [named("uid"), named("sub"), named("username")];
    let is_another = |user: &&User| {
        let own = [Some(user.id.as_str()), Some(user.login.as_str())];
        user.is_active() && !own.iter().any(|own| about.contains(own))
    };
    cx.org.users.values().find(is_another)
}

/// A client that the object does not name in any of its claims.
fn other_client(cx: &Context<'_>, object: &Map<String, Value>) -> Option<String> {
    let mut named: Vec<&str> = ["aud", "client_id", "cid", "sub", "azp"]
        .into_iter()
        .filter_map(|name| object.get(name).and_then(Value::as_str))
        .collect();
    let act = object.get("act").and_then(|act| act["sub"].as_str());
    named.extend(act);
    let mut ids = cx.org.clients.keys().map(crate::org::ClientId::as_str);
    ids.find(|id| !named.contains(id)).map(str::to_owned)
}
