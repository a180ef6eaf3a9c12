//! Matchers as people read them. There is one wording; how the values in it are written is up to whoever asks.

use std::fmt;

use crate::scenario::model::{JsonType, Matcher, Template, ValueTemplate};

/// How the values in a wording are written.
pub(crate) trait Values {
    /// A text that may hold references.
    fn text(&self, template: &Template) -> String;

    /// A value of any type.
    fn value(&self, template: &ValueTemplate) -> String;

    /// A matcher inside another one.
    fn inner(&self, wording: String) -> String;
}

/// As they stand in the file: `at most 300`, `"N_A"`, `contains ${org.issuer}`.
struct AsWritten;

impl Values for AsWritten {
    fn text(&self, template: &Template) -> String {
        template.to_string()
    }

    fn value(&self, template: &ValueTemplate) -> String {
        template.to_string()
    }

    fn inner(&self, wording: String) -> String {
        format!("({wording})")
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&AsWritten))
    }
}

impl Matcher {
    /// What it wants, in words.
    pub(crate) fn describe(&self, values: &dyn Values) -> String {
        let text = |template: &Template| values.text(template);
        match self {
            Self::Equals(value) => values.value(value),
            Self::OneOf(all) => {
                format!("one of {}", joined(all, ", ", |value| values.value(value)))
            }
            Self::Not(inner) => match &**inner {
                Self::Present => "absent".to_owned(),
                Self::Absent => "present".to_owned(),
                inner => format!("not {}", values.inner(inner.describe(values))),
            },
            Self::Contains(part) => format!("contains {}", text(part)),
            Self::StartsWith(start) => format!("starts with {}", text(start)),
            Self::EndsWith(end) => format!("ends with {}", text(end)),
            Self::Matches(pattern) => format!("matches /{pattern}/"),
            Self::AtLeast(least) => format!("at least {least}"),
            Self::AtMost(most) => format!("at most {most}"),
            Self::Within { seconds, of } => format!("within {seconds} s of {of}"),
            Self::After(sibling) => format!("later than {sibling}"),
            Self::Type(kind) => format!("of type {}", type_name(*kind)),
            Self::Present => "present".to_owned(),
            Self::Absent => "absent".to_owned(),
            Self::AbsentOr(inner) => format!("absent, or {}", inner.describe(values)),
            Self::Scopes(scopes) => format!("the scopes {} in any order", text(scopes)),
            Self::Includes(parts) => format!("includes {}", joined(parts, ", ", text)),
            Self::LengthAtLeast(length) => format!("of length {length} or more"),
            Self::DiffersFrom(other) => format!("anything but {}", text(other)),
            Self::AnyOf(all) => joined(all, " or ", |one| values.inner(one.describe(values))),
            Self::SubsetOf(scopes) => format!("no other scopes than {}", text(scopes)),
            Self::Origin(url) => format!("a URL with the origin of {}", text(url)),
            Self::MediaType(types) => format!("of media type {}", types.join(" or ")),
            Self::Directive(name) => format!("with the directive {name}"),
            Self::Challenge(challenge) => {
                let parameters = joined(&challenge.parameters, " and ", |(name, inner)| {
                    format!("{name} {}", inner.describe(values))
                });
                let with = if parameters.is_empty() { "" } else { " with " };
                format!("a {} challenge{with}{parameters}", challenge.scheme)
            }
            Self::All(all) => joined(all, " and ", |one| one.describe(values)),
        }
    }
}

fn joined<T>(all: &[T], between: &str, describe: impl Fn(&T) -> String) -> String {
    let all: Vec<_> = all.iter().map(describe).collect();
    all.join(between)
}

const fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::String => "string",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::Boolean => "boolean",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}
