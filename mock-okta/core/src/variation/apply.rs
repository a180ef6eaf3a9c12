//! Where the variations of an answer are done: those of its content after the decision, those of its bytes at the end.

#![deny(clippy::wildcard_enum_match_arm)]

use http::{Response, StatusCode};
use serde_json::Value;

use super::answers::get_mut;
use super::json_text::Style;
use super::locate::{asks_for_id_jag, places};
use super::work::Work;
use super::{Places, Variations, challenges, tokens, transport};
use crate::context::{Context, Outcome};
use crate::endpoints::Endpoint;

/// The variations of one answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Varied {
    on: Variations,
    places: Places,
}

impl Varied {
    /// The work of those that are on and show in this answer.
    fn work(self) -> impl Iterator<Item = Work> {
        let all = self.on.iter();
        all.filter(move |one| self.places.touched_by(*one))
            .flat_map(|one| one.work().iter().copied())
    }

    /// The status under which an answer with this one goes out.
    pub(crate) fn status(self, status: u16) -> u16 {
        self.work().fold(status, |status, work| {
            if let Work::Status(other) = work {
                other(status)
            } else {
                status
            }
        })
    }
}

/// Varies an outcome as the org's variations say. Returns the places it had, and what is left to do once the answer is
/// bytes.
pub(crate) fn apply(
    cx: &Context<'_>,
    endpoint: Endpoint,
    outcome: &mut Outcome,
) -> (Places, Varied) {
    let places = places(cx, endpoint, outcome).and(cx.gate.places());
    let varied = Varied {
        on: cx.gate.variations(),
        places,
    };
    if !varied.on.is_empty() {
        for work in varied.work() {
            content(work, cx, outcome);
        }
    }
    (places, varied)
}

/// Does what is done to the content of an answer.
fn content(work: Work, cx: &Context<'_>, outcome: &mut Outcome) {
    match work {
        Work::OauthRefusal(change) => {
            if let Outcome::Refused(refused) = outcome {
                let (status, error) = change(cx, refused);
                *refused = refused.clone().with_status(status).with_error(error);
            }
        }
        Work::ApiRefusal(change) => {
            if let Outcome::ApiError { .. } = outcome {
                change(outcome);
            }
        }
        Work::Revocation(change) => {
            if let Outcome::Empty(200) = outcome {
                change(outcome);
            }
        }
        Work::Location(change) => {
            if let Outcome::Redirect { location, .. } = outcome {
                change(cx.base_url, location);
            }
        }
        Work::Members(change) => {
            if let Outcome::Json { members, .. } = outcome {
                change(cx, members);
            }
        }
        Work::Keys(change) => {
            if let Outcome::Json { members, .. } = outcome
                && let Some(Value::Array(keys)) = get_mut(members, "keys")
            {
                change(cx, keys);
            }
        }
        Work::Tokens(work) => {
            if let Outcome::Json { members, .. } = outcome {
                tokens::vary(work, asks_for_id_jag(cx), members);
            }
        }
        // Done before the decision, or once the answer is bytes.
        Work::Switch(_)
        | Work::ReadBack(_)
        | Work::Decision
        | Work::Status(_)
        | Work::Content(_)
        | Work::Header(_)
        | Work::Travel(_)
        | Work::Challenge(_)
        | Work::BodyStyle(_) => {}
    }
}

/// Varies an answer on its way out.
pub(crate) fn respond(varied: Varied, response: &mut Response<Vec<u8>>) {
    if varied.on.is_empty() {
        return;
    }
    let (mut challenges, mut style) = (Vec::new(), Style::default());
    for work in varied.work() {
        match work {
            Work::Status(other) => {
                let status = other(response.status().as_u16());
                // It is a status of HTTP.
                if let Ok(status) = StatusCode::from_u16(status) {
                    *response.status_mut() = status;
                }
            }
            Work::Content(change) => change(response),
            Work::Header(change) => change(varied.places, response.headers_mut()),
            Work::Travel(change) => transport::note(change, response),
            Work::Challenge(change) => challenges.push(change),
            Work::BodyStyle(change) => change(&mut style),
            // Done before the answer was bytes.
            Work::Switch(_)
            | Work::ReadBack(_)
            | Work::Decision
            | Work::OauthRefusal(_)
            | Work::ApiRefusal(_)
            | Work::Revocation(_)
            | Work::Location(_)
            | Work::Members(_)
            | Work::Keys(_)
            | Work::Tokens(_) => {}
        }
    }
    challenges::vary(challenges, response);
    write_anew(style, response);
}

/// Writes a JSON body in another style; it is done last, when nothing is added any more.
fn write_anew(style: Style, response: &mut Response<Vec<u8>>) {
    if style.is_usual() {
        return;
    }
    if let Some(object) = body::object(response) {
        *response.body_mut() = style.write(&object);
    }
}

/// The body of an answer as JSON.
pub(super) mod body {
    use http::Response;
    use serde_json::{Map, Value};

    /// The object that a body is, when it is one.
    pub(crate) fn object(response: &Response<Vec<u8>>) -> Option<Map<String, Value>> {
        serde_json::from_slice(response.body()).ok()
    }

    /// Changes the object that a body is.
    pub(crate) fn change(
        response: &mut Response<Vec<u8>>,
        change: impl FnOnce(&mut Map<String, Value>),
    ) {
        if let Some(mut members) = object(response) {
            change(&mut members);
            // A map of JSON values always serialises.
            *response.body_mut() = serde_json::to_vec(&members).unwrap_or_default();
        }
    }
}
