//! How a matcher is told: as written, and, when it does not hold, with its references filled in.

use serde_json::Value;

use crate::check::{Expected, Outcome};
use crate::fill::{self, Names};
use crate::scenario::model::{JsonType, Matcher, Template, TemplatePart, ValueTemplate};
use crate::value::{describe, describe_whole};

/// What a matcher expects.
pub(in crate::check) fn expected(
    matcher: &Matcher,
    outcome: &Outcome,
    names: &dyn Names,
) -> Expected {
    let written = tell(matcher, &As::Written);
    let here = match outcome {
        Outcome::Held => None,
        Outcome::Differs(_) | Outcome::Unjudged(_) => Some(tell(matcher, &As::Filled(names))),
    };
    Expected {
        here: here.filter(|here| *here != written),
        written,
    }
}

enum As<'n> {
    Written,
    Filled(&'n dyn Names),
}

impl As<'_> {
    fn text(&self, template: &Template) -> String {
        let filled = match self {
            Self::Written => None,
            Self::Filled(names) => fill::text(template, *names).ok(),
        };
        filled.unwrap_or_else(|| fill::written(template))
    }

    fn value(&self, template: &ValueTemplate) -> String {
        let filled = match self {
            Self::Written => None,
            Self::Filled(names) => fill::json(template, *names).ok(),
        };
        match (filled, template) {
            (Some(value), _) => describe_whole(&value),
            // A saved value may be of any type.
            (None, ValueTemplate::Text(template)) if is_saved(template) => {
                format!("`{}`", fill::written(template))
            }
            (None, template) => describe(&fill::written_json(template)),
        }
    }
}

fn is_saved(template: &Template) -> bool {
    match template.parts.as_slice() {
        [TemplatePart::Reference(name)] => !name.contains('.'),
        _ => false,
    }
}

fn tell(matcher: &Matcher, how: &As<'_>) -> String {
    match matcher {
        Matcher::Equals(value) => how.value(value),
        Matcher::OneOf(values) => {
            let values: Vec<_> = values.iter().map(|value| how.value(value)).collect();
            format!("one of {}", values.join(", "))
        }
        Matcher::Not(inner) => match &**inner {
            Matcher::Present => "absent".to_owned(),
            Matcher::Absent => "present".to_owned(),
            inner => format!("not {}", tell(inner, how)),
        },
        Matcher::Contains(part) => format!("contains `{}`", how.text(part)),
        Matcher::StartsWith(start) => format!("starts with `{}`", how.text(start)),
        Matcher::EndsWith(end) => format!("ends with `{}`", how.text(end)),
        Matcher::Matches(pattern) => format!("matches /{pattern}/"),
        Matcher::AtLeast(least) => format!("at least {}", plain(*least)),
        Matcher::AtMost(most) => format!("at most {}", plain(*most)),
        Matcher::Within { seconds, of } => format!("within {seconds} s of {of}"),
        Matcher::After(sibling) => format!("later than {sibling}"),
        Matcher::Type(kind) => format!("of type {}", name(*kind)),
        Matcher::Present => "present".to_owned(),
        Matcher::Absent => "absent".to_owned(),
        Matcher::AbsentOr(inner) => format!("absent, or {}", tell(inner, how)),
        Matcher::Scopes(scopes) => format!("the scopes `{}` in any order", how.text(scopes)),
        Matcher::Includes(parts) => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| format!("`{}`", how.text(part)))
                .collect();
            format!("includes {}", parts.join(", "))
        }
        Matcher::LengthAtLeast(length) => format!("of length {length} or more"),
        Matcher::DiffersFrom(other) => format!("anything but `{}`", how.text(other)),
        Matcher::AnyOf(inner) => {
            let parts: Vec<_> = inner.iter().map(|inner| tell(inner, how)).collect();
            parts.join(" or ")
        }
        Matcher::SubsetOf(scopes) => format!("no other scopes than `{}`", how.text(scopes)),
        Matcher::Origin(url) => format!("a URL with the origin of `{}`", how.text(url)),
        Matcher::MediaType(types) => format!("of media type {}", types.join(" or ")),
        Matcher::Directive(name) => format!("with the directive {name}"),
        Matcher::Challenge(challenge) => {
            let parameters: Vec<_> = challenge
                .parameters
                .iter()
                .map(|(name, inner)| format!("{name} {}", tell(inner, how)))
                .collect();
            let with = if parameters.is_empty() { "" } else { " with " };
            format!(
                "a {} challenge{with}{}",
                challenge.scheme,
                parameters.join(" and ")
            )
        }
        Matcher::All(inner) => {
            let parts: Vec<_> = inner.iter().map(|inner| tell(inner, how)).collect();
            parts.join(" and ")
        }
    }
}

/// Whole numbers without a decimal point.
fn plain(number: f64) -> String {
    Value::from(number)
        .to_string()
        .trim_end_matches(".0")
        .to_owned()
}

const fn name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::String => "string",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::Boolean => "boolean",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}
