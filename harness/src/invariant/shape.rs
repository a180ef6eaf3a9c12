//! Types of members that are there.

use serde_json::Value;
use url::Url;

use crate::scenario::model::Shape;
use crate::value::{Found, find};

/// The first value at a path that has another type, or that all have it; `None` where there is nothing. A member that is
/// null is taken for one that is not there: no RFC of this catalogue gives null a meaning, and OIDC Core §5.3.2 advises
/// against it.
pub(super) fn judge<'v>(
    root: &'v Value,
    path: &str,
    shape: Shape,
) -> Option<Result<(), &'v Value>> {
    let there = |value: &&Value| !value.is_null();
    match find(root, path) {
        Found::Nothing => None,
        Found::One(value) => Some(value).filter(there).map(|value| one(value, shape)),
        Found::Each(values) => {
            let values: Vec<_> = values.into_iter().flatten().filter(there).collect();
            let wrong = values.iter().find(|value| !has(value, shape));
            match wrong {
                Some(wrong) => Some(Err(wrong)),
                None => (!values.is_empty()).then_some(Ok(())),
            }
        }
    }
}

fn one(value: &Value, shape: Shape) -> Result<(), &Value> {
    if has(value, shape) {
        Ok(())
    } else {
        Err(value)
    }
}

fn has(value: &Value, shape: Shape) -> bool {
    let all = |is: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(is));
    match shape {
        Shape::String => value.is_string(),
        Shape::Integer => value.is_i64() || value.is_u64(),
        Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::Array => value.is_array(),
        Shape::Object => value.is_object(),
        Shape::Strings => all(Value::is_string),
        Shape::StringOrStrings => value.is_string() || all(Value::is_string),
        Shape::Objects => all(Value::is_object),
        Shape::Url => value
            .as_str()
            .is_some_and(|text| Url::parse(text).is_ok_and(|url| url.has_host())),
    }
}

/// As findings say it.
pub(super) const fn words(shape: Shape) -> &'static str {
    match shape {
        Shape::String => "of type string, where it is there",
        Shape::Integer => "of type integer, where it is there",
        Shape::Number => "of type number, where it is there",
        Shape::Boolean => "of type boolean, where it is there",
        Shape::Array => "of type array, where it is there",
        Shape::Object => "of type object, where it is there",
        Shape::Strings => "a list of strings, where it is there",
        Shape::StringOrStrings => "a string or a list of strings, where it is there",
        Shape::Objects => "a list of objects, where it is there",
        Shape::Url => "an absolute URL, where it is there",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_has_its_type_or_another_or_is_not_there() {
        let root = json!({
            "s": "x", "i": 1, "f": 1.5, "b": true, "l": ["a"], "m": [1], "o": {}, "os": [{}], "n": null,
            "u": "https://a.example/b", "keys": [{"kid": "a"}, {"kid": 3}, {}],
        });
        let said = |path: &str, shape| judge(&root, path, shape).map(|found| found.is_ok());
        for (path, shape, expected) in [
            ("s", Shape::String, Some(true)),
            ("i", Shape::String, Some(false)),
            ("i", Shape::Integer, Some(true)),
            ("f", Shape::Integer, Some(false)),
            ("f", Shape::Number, Some(true)),
            ("b", Shape::Boolean, Some(true)),
            ("s", Shape::Boolean, Some(false)),
            ("l", Shape::Strings, Some(true)),
            ("m", Shape::Strings, Some(false)),
            ("s", Shape::StringOrStrings, Some(true)),
            ("l", Shape::StringOrStrings, Some(true)),
            ("m", Shape::StringOrStrings, Some(false)),
            ("o", Shape::Object, Some(true)),
            ("l", Shape::Object, Some(false)),
            ("os", Shape::Objects, Some(true)),
            ("m", Shape::Objects, Some(false)),
            ("l", Shape::Array, Some(true)),
            ("o", Shape::Array, Some(false)),
            ("u", Shape::Url, Some(true)),
            ("s", Shape::Url, Some(false)),
            ("n", Shape::String, None),
            ("missing", Shape::String, None),
            ("keys.*.kid", Shape::String, Some(false)),
            ("keys.*.kty", Shape::String, None),
        ] {
            assert_eq!(said(path, shape), expected, "{path} {shape}");
        }
    }
}
