//! Paths through an object: `a.b`, every element of a list as `*`, and several members at the end as `a|b`.

use serde_json::{Map, Value};

/// Whether a member that the path leads to, there or not, is as `wanted` says.
pub(super) fn any(
    object: &Map<String, Value>,
    path: &str,
    wanted: &dyn Fn(Option<&Value>) -> bool,
) -> bool {
    let Some((first, rest)) = path.split_once('.') else {
        return names(object, path).any(|name| wanted(object.get(&name)));
    };
    let below = object.get(first);
    match (below, rest.strip_prefix("*.")) {
        (Some(Value::Array(items)), Some(rest)) => items
            .iter()
            .filter_map(Value::as_object)
            .any(|item| any(item, rest, wanted)),
        (Some(Value::Object(inner)), _) => any(inner, rest, wanted),
        _ => false,
    }
}

/// Edits every member that the path leads to: `edit` has the object that holds it and its name.
pub(super) fn each(
    object: &mut Map<String, Value>,
    path: &str,
    edit: &dyn Fn(&mut Map<String, Value>, &str),
) {
    let Some((first, rest)) = path.split_once('.') else {
        let names: Vec<String> = names(object, path).collect();
        for name in names {
            edit(object, &name);
        }
        return;
    };
    let below = object.get_mut(first);
    match (below, rest.strip_prefix("*.")) {
        (Some(Value::Array(items)), Some(rest)) => {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                each(item, rest, edit);
            }
        }
        (Some(Value::Object(inner)), _) => each(inner, rest, edit),
        _ => {}
    }
}

/// The members that the last step of a path names.
fn names(object: &Map<String, Value>, step: &str) -> Box<dyn Iterator<Item = String>> {
    if step == "*" {
        let all: Vec<String> = object.keys().cloned().collect();
        return Box::new(all.into_iter());
    }
    let named: Vec<String> = step.split('|').map(str::to_owned).collect();
    Box::new(named.into_iter())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn removed(mut value: Value, path: &str) -> Value {
        if let Some(object) = value.as_object_mut() {
            each(object, path, &|object, name| drop(object.remove(name)));
        }
        value
    }

    #[test]
    fn a_path_leads_into_objects_lists_and_to_several_members() {
        let value = json!({ "a": { "b": 1, "c": 2 }, "keys": [{ "p": 1, "n": 2 }, { "q": 3 }] });
        assert_eq!(removed(value.clone(), "a.b")["a"], json!({ "c": 2 }));
        assert_eq!(removed(value.clone(), "a.*")["a"], json!({}));
        assert_eq!(
            removed(value.clone(), "keys.*.p|q")["keys"],
            json!([{ "n": 2 }, {}])
        );
        assert_eq!(removed(value.clone(), "a.b.c"), value);
        assert_eq!(removed(value.clone(), "x.y"), value);
    }

    #[test]
    fn a_member_that_is_not_there_is_seen_as_such() {
        let value = json!({ "a": { "b": 1 } });
        let object = value.as_object().expect("an object");
        assert!(any(object, "a.b", &|now| now == Some(&json!(1))));
        assert!(any(object, "a.c", &|now| now.is_none()));
        assert!(!any(object, "b.c", &|_| true));
    }
}
