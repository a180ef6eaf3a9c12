//! Where the variations of an answer are done: those of its content after the decision, those of its bytes at the end.

use http::Response;

use super::locate::{asks_for_id_jag, places};
use super::{
    Places, Variation, Variations, answers, challenges, errors, headers, json_text, keys, metadata,
    redirects, refusals, tokens, transport, unknown,
};
use crate::context::{Context, Members, Outcome};
use crate::endpoints::Endpoint;

/// The variations of one answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Varied {
    on: Variations,
    places: Places,
}

impl Varied {
    /// Those that are on and show in this answer.
    fn at_work(self) -> impl Iterator<Item = Variation> {
        let all = self.on.iter();
        all.filter(move |one| self.places.touched_by(*one))
    }

    /// The status under which an answer with this one goes out.
    pub(crate) fn status(self, status: u16) -> u16 {
        self.at_work()
            .fold(status, |status, one| redirects::status(one, status))
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
        for variation in varied.at_work() {
            content(variation, cx, endpoint, outcome);
        }
    }
    (places, varied)
}

fn content(variation: Variation, cx: &Context<'_>, endpoint: Endpoint, outcome: &mut Outcome) {
    refusals::vary(variation, cx, outcome);
    match outcome {
        Outcome::Json { members, .. } => of_members(variation, cx, endpoint, members),
        Outcome::Redirect { location, .. } => redirects::vary(variation, cx.base_url, location),
        Outcome::Empty(200) if endpoint == Endpoint::Revoke => {
            answers::of_nothing(variation, outcome);
        }
        _ => {}
    }
}

fn of_members(variation: Variation, cx: &Context<'_>, endpoint: Endpoint, members: &mut Members) {
    match endpoint {
        Endpoint::Token => tokens::vary(variation, cx, asks_for_id_jag(cx), members),
        Endpoint::Keys => keys::vary(variation, cx, members),
        Endpoint::OpenIdMetadata | Endpoint::OauthMetadata => {
            metadata::of_server(variation, cx, members);
        }
        Endpoint::ResourceMetadata => metadata::of_resource(variation, cx, members),
        _ => {}
    }
    answers::vary(variation, cx, members);
    unknown::vary(variation, members);
}

/// Varies an answer on its way out.
pub(crate) fn respond(varied: Varied, response: &mut Response<Vec<u8>>) {
    if varied.on.is_empty() {
        return;
    }
    let at_work: Vec<Variation> = varied.at_work().collect();
    for variation in &at_work {
        redirects::respond(*variation, response);
        answers::respond(*variation, response);
        errors::vary(*variation, response);
        headers::vary(*variation, varied.places, response);
        transport::vary(*variation, response);
    }
    challenges::vary(&at_work, response);
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
