//! Changes of what is bytes already: status, headers, and the bodies of refusals.

#![deny(clippy::wildcard_enum_match_arm)]

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::Bend;
use super::change::change_response;
use super::work::Work;

/// What is different in a finished response.
#[derive(Debug, Clone, Copy)]
pub(super) enum ResponseChange {
    /// It may be cached.
    Cacheable,
    /// It calls itself HTML.
    Html,
    /// It has the status 200.
    StatusOk,
    /// It has the status 400.
    StatusBadRequest,
    /// It has no challenge.
    ChallengeMissing,
    /// Its JSON body is different.
    Body(BodyChange),
}

/// What is different in the JSON body of a refusal.
#[derive(Debug, Clone, Copy)]
pub(super) enum BodyChange {
    /// It lacks a member.
    Remove(&'static str),
    /// A member is another text.
    Set(&'static str, &'static str),
    /// A member is the number 400.
    SetNumber(&'static str),
}

/// Changes an answer on its way out.
pub(crate) fn change_finished(bend: Bend, response: &mut Response<Vec<u8>>) {
    match bend.work() {
        Work::Table(change) => change_response(change, response),
        Work::Response(change) => apply(change, response),
        Work::Token(_)
        | Work::Answer(_)
        | Work::TokenAndAnswer(..)
        | Work::Redirect(_)
        | Work::Page(_)
        | Work::Decision => {}
    }
}

fn apply(change: ResponseChange, response: &mut Response<Vec<u8>>) {
    match change {
        ResponseChange::Cacheable => cacheable(response.headers_mut()),
        ResponseChange::Html => {
            let html = HeaderValue::from_static("text/html");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
        }
        ResponseChange::StatusOk => *response.status_mut() = StatusCode::OK,
        ResponseChange::StatusBadRequest => *response.status_mut() = StatusCode::BAD_REQUEST,
        ResponseChange::ChallengeMissing => {
            response.headers_mut().remove(header::WWW_AUTHENTICATE);
        }
        ResponseChange::Body(change) => body(change, response),
    }
}

fn cacheable(headers: &mut HeaderMap) {
    headers.remove(header::PRAGMA);
    headers.remove(header::EXPIRES);
    let public = HeaderValue::from_static("public, max-age=3600");
    headers.insert(header::CACHE_CONTROL, public);
}

fn body(change: BodyChange, response: &mut Response<Vec<u8>>) {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(response.body()) else {
        return;
    };
    let members: &mut Map<String, Value> = &mut members;
    match change {
        BodyChange::Remove(name) => drop(members.remove(name)),
        BodyChange::Set(name, text) => drop(members.insert(name.to_owned(), json!(text))),
        BodyChange::SetNumber(name) => drop(members.insert(name.to_owned(), json!(400))),
    }
    *response.body_mut() = serde_json::to_vec(members).unwrap_or_default();
}
