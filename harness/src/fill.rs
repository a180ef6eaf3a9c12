//! Templates become text and values: `${…}` is looked up, everything else stays.

use serde_json::{Map, Number, Value};

use crate::scenario::model::{Template, TemplatePart, ValueTemplate};

/// What the names in `${…}` stand for.
pub trait Names: Sync {
    /// The value of a dotted name, e.g. `custom_as.issuer`; `None` when nothing has that name.
    fn value(&self, name: &str) -> Option<Value>;
}

/// No names, for requests that no scenario writes.
#[derive(Debug, Clone, Copy)]
pub struct NoNames;

impl Names for NoNames {
    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

/// A reference that nothing answers to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`${{{0}}}` has no value here")]
pub struct Unfilled(pub String);

/// A template as text. Values that are not strings are written as JSON.
pub fn text(template: &Template, names: &dyn Names) -> Result<String, Unfilled> {
    let mut filled = String::new();
    for part in &template.parts {
        match part {
            TemplatePart::Literal(literal) => filled.push_str(literal),
            TemplatePart::Reference(name) => match look_up(name, names)? {
                Value::String(text) => filled.push_str(&text),
                other => filled.push_str(&other.to_string()),
            },
        }
    }
    Ok(filled)
}

/// A template as a value: one lone reference keeps its type, anything else is a string.
pub fn value(template: &Template, names: &dyn Names) -> Result<Value, Unfilled> {
    match template.parts.as_slice() {
        [TemplatePart::Reference(name)] => look_up(name, names),
        _ => text(template, names).map(Value::String),
    }
}

/// JSON with every template in it filled.
pub fn json(template: &ValueTemplate, names: &dyn Names) -> Result<Value, Unfilled> {
    Ok(match template {
        ValueTemplate::Null => Value::Null,
        ValueTemplate::Bool(value) => Value::Bool(*value),
        ValueTemplate::Int(value) => Value::Number((*value).into()),
        ValueTemplate::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        ValueTemplate::Text(template) => value(template, names)?,
        ValueTemplate::List(items) => {
            let items: Result<_, _> = items.iter().map(|item| json(item, names)).collect();
            Value::Array(items?)
        }
        ValueTemplate::Object(members) => {
            let mut object = Map::new();
            for (name, member) in members {
                object.insert(name.clone(), json(member, names)?);
            }
            Value::Object(object)
        }
    })
}

/// A path whose parts may be references: `vaulted_secret.${secret.field}`.
pub fn path(written: &str, names: &dyn Names) -> Result<String, Unfilled> {
    let mut filled = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        match look_up(name, names)? {
            Value::String(text) => filled.push_str(&text),
            other => filled.push_str(&other.to_string()),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn look_up(name: &str, names: &dyn Names) -> Result<Value, Unfilled> {
    names.value(name).ok_or_else(|| Unfilled(name.to_owned()))
}

/// Names for tests of other modules.
#[cfg(test)]
pub(crate) mod sample {
    use std::collections::BTreeMap;

    use strict_yaml::Place;

    use super::*;

    /// A fixed table.
    #[derive(Default)]
    pub(crate) struct Table(pub(crate) BTreeMap<String, Value>);

    impl Table {
        pub(crate) fn of(entries: &[(&str, Value)]) -> Self {
            let entries = entries.iter();
            Self(
                entries
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect(),
            )
        }
    }

    impl Names for Table {
        fn value(&self, name: &str) -> Option<Value> {
            self.0.get(name).cloned()
        }
    }

    /// A template as a file would have it.
    pub(crate) fn template(text: &str) -> Template {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').unwrap();
            if !before.is_empty() {
                parts.push(TemplatePart::Literal(before.to_owned()));
            }
            parts.push(TemplatePart::Reference(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(TemplatePart::Literal(rest.to_owned()));
        }
        Template {
            parts,
            place: Place::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json as value_of;

    use super::sample::{Table, template};
    use super::*;

    #[test]
    fn references_are_filled_and_the_rest_stays() {
        let names = Table::of(&[("as.scope", "read".into()), ("n", 300.into())]);
        let both = template("${as.scope} write ${n}");
        assert_eq!(text(&both, &names).as_deref(), Ok("read write 300"));
        assert_eq!(value(&template("${n}"), &names), Ok(value_of!(300)));
        assert_eq!(value(&template("${n}s"), &names), Ok(value_of!("300s")));
        assert_eq!(both.to_string(), "${as.scope} write ${n}");
        assert_eq!(path("a.${as.scope}.b", &names).as_deref(), Ok("a.read.b"));
        assert_eq!(path("a.${open", &names).as_deref(), Ok("a.${open"));
        let missing = text(&template("${x.y}"), &names).unwrap_err();
        assert_eq!(missing.to_string(), "`${x.y}` has no value here");
    }

    #[test]
    fn values_are_filled_inside_lists_and_objects() {
        let names = Table::of(&[("x", "a".into())]);
        let template = ValueTemplate::Object(vec![
            (
                "list".into(),
                ValueTemplate::List(vec![ValueTemplate::Text(template("${x}"))]),
            ),
            ("n".into(), ValueTemplate::Int(1)),
        ]);
        assert_eq!(
            json(&template, &names),
            Ok(value_of!({"list": ["a"], "n": 1}))
        );
        assert_eq!(template.to_json(), value_of!({"list": ["${x}"], "n": 1}));
    }
}
