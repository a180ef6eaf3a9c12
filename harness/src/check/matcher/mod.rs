//! Matchers: pure predicates over one value, and what they say that they expect.

mod alternative;
mod compare;
mod expected;
mod field;

use serde_json::Value;

pub(super) use alternative::alternative;
pub(super) use expected::expected;

use super::{Context, Outcome, Seen};
use crate::fill::{self, Unfilled};
use crate::scenario::model::{Matcher, ValueTemplate};
use crate::value::{find_one, same};

/// What a matcher is held against.
pub(super) struct Subject<'s> {
    path: &'s str,
    value: Option<&'s Value>,
    /// Everything of this place is text (header fields, query parameters), so numbers are read from it.
    textual: bool,
    /// What the path begins at, for siblings.
    root: Option<&'s Value>,
}

impl<'s> Subject<'s> {
    /// A JSON value, or that there is none.
    pub(super) fn value(path: &'s str, value: Option<&'s Value>) -> Self {
        Self {
            path,
            value,
            textual: false,
            root: None,
        }
    }

    /// A value of a place where everything is text.
    pub(super) fn text(path: &'s str, value: Option<&'s Value>) -> Self {
        Self {
            textual: true,
            ..Self::value(path, value)
        }
    }

    /// The same, with siblings.
    pub(super) fn among(mut self, root: &'s Value) -> Self {
        self.root = Some(root);
        self
    }

    /// A sibling: a member of the same object, else of the whole.
    fn sibling(&self, name: &str) -> Option<&'s Value> {
        let root = self.root?;
        let parent = self.path.rsplit_once('.').map(|(parent, _)| parent);
        let beside = parent.and_then(|parent| find_one(root, &format!("{parent}.{name}")));
        beside.or_else(|| find_one(root, name))
    }

    /// The number that is there.
    fn number(&self) -> Option<f64> {
        match self.value? {
            Value::String(text) if self.textual => text.trim().parse().ok(),
            value => value.as_f64(),
        }
    }
}

/// Holds a matcher against a subject.
pub(super) fn judge(matcher: &Matcher, subject: &Subject<'_>, cx: &Context<'_>) -> Outcome {
    match holds(matcher, subject, cx) {
        Ok(true) => Outcome::Held,
        Ok(false) => Outcome::Differs(match subject.value {
            None => Seen::Absent,
            Some(value) => Seen::Value {
                path: subject.path.to_owned(),
                value: value.clone(),
            },
        }),
        Err(unfilled) => Outcome::Unjudged(unfilled.to_string()),
    }
}

fn holds(matcher: &Matcher, subject: &Subject<'_>, cx: &Context<'_>) -> Result<bool, Unfilled> {
    let text = |template| fill::text(template, cx.names);
    Ok(match matcher {
        Matcher::Not(inner) => !holds(inner, subject, cx)?,
        Matcher::All(inner) => {
            for matcher in inner {
                if !holds(matcher, subject, cx)? {
                    return Ok(false);
                }
            }
            true
        }
        Matcher::AnyOf(inner) => {
            for matcher in inner {
                if holds(matcher, subject, cx)? {
                    return Ok(true);
                }
            }
            false
        }
        Matcher::SubsetOf(template) => compare::subset_of(subject.value, &text(template)?),
        Matcher::Origin(template) => compare::same_origin(subject.value, &text(template)?),
        Matcher::MediaType(types) => {
            compare::is_string(subject.value, |field| field::is_of_type(field, types))
        }
        Matcher::Directive(name) => {
            compare::is_string(subject.value, |field| field::has_directive(field, name))
        }
        Matcher::Challenge(wanted) => field::challenges_so(subject.value, wanted, cx)?,
        Matcher::Present => subject.value.is_some(),
        Matcher::Absent => subject.value.is_none(),
        Matcher::AbsentOr(inner) => subject.value.is_none() || holds(inner, subject, cx)?,
        Matcher::Equals(template) => equals(template, subject, cx)?,
        Matcher::OneOf(templates) => {
            let mut any = false;
            for template in templates {
                any = any || equals(template, subject, cx)?;
            }
            any
        }
        Matcher::DiffersFrom(template) => {
            let other = fill::value(template, cx.names)?;
            subject.value.is_some_and(|value| !same(value, &other))
        }
        Matcher::Contains(template) => compare::contains(subject.value, &text(template)?),
        Matcher::StartsWith(template) => {
            let start = text(template)?;
            compare::is_string(subject.value, |value| value.starts_with(&start))
        }
        Matcher::EndsWith(template) => {
            let end = text(template)?;
            compare::is_string(subject.value, |value| value.ends_with(&end))
        }
        Matcher::Matches(pattern) => {
            compare::is_string(subject.value, |value| pattern.is_match(value))
        }
        Matcher::AtLeast(least) => compare::at_least(subject.number(), *least),
        Matcher::AtMost(most) => compare::at_most(subject.number(), *most),
        Matcher::Within { seconds, of } => compare::within(subject, *seconds, of, cx.now),
        Matcher::After(sibling) => compare::after(subject, sibling),
        Matcher::Type(kind) => compare::is_of_json_type(subject.value, *kind),
        Matcher::LengthAtLeast(length) => compare::length_at_least(subject.value, *length),
        Matcher::Scopes(template) => compare::same_scopes(subject.value, &text(template)?),
        Matcher::Includes(templates) => {
            let mut wanted = Vec::new();
            for template in templates {
                wanted.push(text(template)?);
            }
            compare::includes(subject.value, &wanted)
        }
    })
}

fn equals(
    template: &ValueTemplate,
    subject: &Subject<'_>,
    cx: &Context<'_>,
) -> Result<bool, Unfilled> {
    let wanted = fill::json(template, cx.names)?;
    Ok(subject.value.is_some_and(|value| match (value, &wanted) {
        // In a header field the number 0 is the text 0.
        (Value::String(text), Value::Number(_) | Value::Bool(_)) if subject.textual => {
            serde_json::from_str::<Value>(text).is_ok_and(|value| same(&value, &wanted))
        }
        _ => same(value, &wanted),
    }))
}

#[cfg(test)]
mod tests;
