//! Matchers as people read them.

use std::fmt;

use crate::scenario::model::{Matcher, ValueTemplate};

/// For people: `at most 300`, `"N_A"`, `present`.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[ValueTemplate]| {
            values
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Self::Equals(value) => write!(f, "{value}"),
            Self::OneOf(values) => write!(f, "one of {}", list(values)),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Contains(text) => write!(f, "contains {text}"),
            Self::StartsWith(text) => write!(f, "starts with {text}"),
            Self::EndsWith(text) => write!(f, "ends with {text}"),
            Self::Matches(pattern) => write!(f, "matches /{pattern}/"),
            Self::AtLeast(number) => write!(f, "at least {number}"),
            Self::AtMost(number) => write!(f, "at most {number}"),
            Self::Within { seconds, of } => write!(f, "within {seconds} s of {of}"),
            Self::After(sibling) => write!(f, "later than {sibling}"),
            Self::Type(kind) => write!(f, "of type {}", format!("{kind:?}").to_lowercase()),
            Self::Present => f.write_str("present"),
            Self::Absent => f.write_str("absent"),
            Self::AbsentOr(inner) => write!(f, "absent, or {inner}"),
            Self::Scopes(scopes) => write!(f, "the scopes {scopes}"),
            Self::Includes(members) => {
                write!(
                    f,
                    "includes {}",
                    members
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }
            Self::LengthAtLeast(length) => write!(f, "of length at least {length}"),
            Self::DiffersFrom(value) => write!(f, "differs from {value}"),
            Self::AnyOf(any) => f.write_str(
                &any.iter()
                    .map(|one| format!("({one})"))
                    .collect::<Vec<_>>()
                    .join(" or "),
            ),
            Self::SubsetOf(scopes) => write!(f, "no other scopes than {scopes}"),
            Self::Origin(url) => write!(f, "a URL with the origin of {url}"),
            Self::MediaType(types) => write!(f, "of media type {}", types.join(" or ")),
            Self::Directive(name) => write!(f, "with the directive {name}"),
            Self::Challenge(challenge) => {
                write!(f, "a {} challenge", challenge.scheme)?;
                for (index, (name, matcher)) in challenge.parameters.iter().enumerate() {
                    let joint = if index == 0 { " with" } else { " and" };
                    write!(f, "{joint} {name} {matcher}")?;
                }
                Ok(())
            }
            Self::All(all) => f.write_str(
                &all.iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" and "),
            ),
        }
    }
}
