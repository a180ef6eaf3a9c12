//! Another way through a flow whose ID-JAG no server accepts: test control signs one in place of the org, as the draft
//! demands it (draft-ietf-oauth-identity-assertion-authz-grant §3.1). So a mistake in the org's ID-JAG does not hide what
//! the servers behind it do.

use std::sync::Arc;

use super::model::{
    ClaimChange, Save, SaveSource, ServerRole, Template, TemplatePart, ValueTemplate,
};
use super::step::{Action, FormPost, Request, Sign};
use super::{Scenario, Step};

const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
/// Seconds that such an ID-JAG lives.
const LIFETIME: i64 = 300;

/// What reports say of a case that was run this way.
pub const WORDS: &str =
    "the org's own ID-JAG led to a refusal, so test control signed one for this case";

/// The scenario with the first exchange of an ID token for an ID-JAG replaced, and that step's position; `None` where it
/// has none that can be.
#[must_use]
pub fn other_way(scenario: &Scenario) -> Option<(usize, Arc<Scenario>)> {
    let (at, replaced) = scenario
        .steps
        .iter()
        .enumerate()
        .find_map(|(at, step)| Some((at, replace(step)?)))?;
    let mut other = scenario.clone();
    other.steps[at] = replaced;
    Some((at, Arc::new(other)))
}

/// The step that gives the same value by test control.
fn replace(step: &Step) -> Option<Step> {
    let Action::FormPost(form) = &step.action else {
        return None;
    };
    if form.request != Request::Exchange || literal(form, "requested_token_type") != Some(ID_JAG) {
        return None;
    }
    // Whoever looks into the answer needs the org's own.
    let saved = |save: &Save| save.from == SaveSource::Body("access_token".to_owned());
    if step.save.is_empty()
        || !step.save.iter().all(saved)
        || parameter(form, "actor_token").is_some()
    {
        return None;
    }
    let place = step.place;
    let reference = |name: String| set(Template::reference(place, name));
    let mut claims = vec![
        ("aud".to_owned(), set(parameter(form, "audience")?.clone())),
        (
            "client_id".to_owned(),
            reference(format!("{}.client_id", form.client)),
        ),
        ("jti".to_owned(), reference("random".to_owned())),
        ("iat".to_owned(), ClaimChange::In(0)),
        ("exp".to_owned(), ClaimChange::In(LIFETIME)),
    ];
    for name in ["scope", "resource"] {
        if let Some(asked) = parameter(form, name) {
            claims.push((name.to_owned(), set(asked.clone())));
        }
    }
    // What an ID token has and an ID-JAG does not.
    let of_id_token = [
        "nonce", "at_hash", "c_hash", "azp", "amr", "idp", "ver", "acr",
    ];
    claims.extend(of_id_token.map(|name| (name.to_owned(), ClaimChange::Drop)));
    let sign = Sign {
        by: ServerRole::Org,
        token: parameter(form, "subject_token")?.clone(),
        may_be_opaque: false,
        header: vec![(
            "typ".to_owned(),
            set(Template::literal(place, "oauth-id-jag+jwt")),
        )],
        claims,
    };
    let save = step.save.iter().map(|save| Save {
        from: SaveSource::Body("jwt".to_owned()),
        ..save.clone()
    });
    Some(Step {
        action: sign.into(),
        expect: Vec::new(),
        save: save.collect(),
        ..step.clone()
    })
}

const fn set(template: Template) -> ClaimChange {
    ClaimChange::Set(ValueTemplate::Text(template))
}

fn parameter<'f>(form: &'f FormPost, name: &str) -> Option<&'f Template> {
    let found = form.params.iter().find(|(known, _)| known == name);
    found.map(|(_, template)| template)
}

fn literal<'f>(form: &'f FormPost, name: &str) -> Option<&'f str> {
    match parameter(form, name)?.parts.as_slice() {
        [TemplatePart::Literal(text)] => Some(text),
        _ => None,
    }
}
