//! Where the variations of an answer are done: those of its content after the decision, those of its bytes at the end.

use http::Response;

use super::locate::{asks_for_id_jag, places};
use super::{Places, Variation, Variations, errors, json_text, tokens, unknown};
use crate::context::{Context, Members, Outcome};
use crate::endpoints::Door;

/// The variations of one answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Varied {
    on: Variations,
    places: Places,
}

impl Varied {
    /// Those that are on and show in this answer.
    fn at_work(self) -> impl Iterator<Item = Variation> {
        self.on
            .iter()
            .filter(move |one| self.places.touched_by(*one))
    }
}

/// Varies an outcome as the org's variations say. Returns the places it had, and what is left to do once the answer is
/// bytes.
pub(crate) fn apply(cx: &Context<'_>, door: Door, outcome: &mut Outcome) -> (Places, Varied) {
    let places = places(cx, door, outcome).and(cx.gate.places());
    let varied = Varied {
        on: cx.gate.variations(),
        places,
    };
    if !varied.on.is_empty() {
        for variation in varied.at_work() {
            if let Outcome::Json { members, .. } = outcome {
                of_members(variation, cx, members);
            }
        }
    }
    (places, varied)
}

fn of_members(variation: Variation, cx: &Context<'_>, members: &mut Members) {
    unknown::vary(variation, members);
    tokens::vary(variation, asks_for_id_jag(cx), members);
}

/// Varies an answer on its way out.
pub(crate) fn respond(varied: Varied, response: &mut Response<Vec<u8>>) {
    if varied.on.is_empty() {
        return;
    }
    for variation in varied.at_work() {
        errors::vary(variation, response);
    }
    write_anew(json_text::Style::of_bodies(varied.on), response);
}

/// Writes a JSON body in another style; it is done last, when nothing is added any more.
fn write_anew(style: json_text::Style, response: &mut Response<Vec<u8>>) {
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
