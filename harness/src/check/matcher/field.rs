//! `media_type`, `directive`, `challenge`: header fields, parsed and never compared as text.

use serde_json::Value;

use super::{Subject, holds};
use crate::check::Context;
use crate::exchange::field::{challenges, directives, media_type};
use crate::fill::Unfilled;
use crate::scenario::model::ChallengeMatcher;

/// Whether a `Content-Type` has one of these media types.
pub(super) fn is_of_type(field: &str, types: &[String]) -> bool {
    let found = media_type(field);
    types
        .iter()
        .any(|wanted| found.eq_ignore_ascii_case(wanted))
}

/// Whether a list of directives has one of this name.
pub(super) fn has_directive(field: &str, name: &str) -> bool {
    directives(field).any(|found| found.eq_ignore_ascii_case(name))
}

/// Whether one of the challenges of a field is as wanted.
pub(super) fn challenges_so(
    value: Option<&Value>,
    wanted: &ChallengeMatcher,
    cx: &Context<'_>,
) -> Result<bool, Unfilled> {
    let field = value.and_then(Value::as_str).unwrap_or_default();
    let of_scheme = challenges(field)
        .into_iter()
        .filter(|challenge| challenge.scheme.eq_ignore_ascii_case(&wanted.scheme));
    for challenge in of_scheme {
        let mut fits = true;
        for (name, matcher) in &wanted.parameters {
            let value = challenge.parameter(name).map(Value::from);
            fits = fits && holds(matcher, &Subject::text(name, value.as_ref()), cx)?;
        }
        if fits {
            return Ok(true);
        }
    }
    Ok(false)
}
