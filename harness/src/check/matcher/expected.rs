//! Describes what a matcher expects: as written and, if the check does not hold, with its references filled in too.

use crate::check::{Expected, Outcome};
use crate::fill::{self, Names};
use crate::scenario::matcher::Values;
use crate::scenario::model::{Matcher, Template, TemplatePart, ValueTemplate};
use crate::value::{describe, describe_whole};

/// What a matcher expects.
pub(in crate::check) fn expected(
    matcher: &Matcher,
    outcome: &Outcome,
    names: &dyn Names,
) -> Expected {
    let written = matcher.describe(&Rendering::AsWritten);
    let filled = match outcome {
        Outcome::Held => None,
        Outcome::Differs(_) | Outcome::Unjudged(_) => {
            Some(matcher.describe(&Rendering::Filled(names)))
        }
    };
    Expected {
        here: filled.filter(|filled| *filled != written),
        written,
    }
}

/// Values with their types, in the words of findings.
enum Rendering<'n> {
    AsWritten,
    /// With references filled in, where they have a value.
    Filled(&'n dyn Names),
}

impl Values for Rendering<'_> {
    fn text(&self, template: &Template) -> String {
        let filled = match self {
            Self::AsWritten => None,
            Self::Filled(names) => fill::text(template, *names).ok(),
        };
        format!("`{}`", filled.unwrap_or_else(|| template.to_string()))
    }

    fn value(&self, template: &ValueTemplate) -> String {
        let filled = match self {
            Self::AsWritten => None,
            Self::Filled(names) => fill::json(template, *names).ok(),
        };
        match (filled, template) {
            (Some(value), _) => describe_whole(&value),
            // A saved value may be of any type.
            (None, ValueTemplate::Text(template)) if is_saved(template) => format!("`{template}`"),
            (None, template) => describe(&template.to_json()),
        }
    }

    fn inner(&self, wording: String) -> String {
        wording
    }
}

/// Whether it refers to a saved value: a name without a dot. `role.member` comes from the target.
fn is_saved(template: &Template) -> bool {
    match template.parts.as_slice() {
        [TemplatePart::Reference(name)] => !name.contains('.'),
        _ => false,
    }
}
