//! What matchers look at: JSON values found by path, and described with their type.

use serde_json::Value;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'v> {
    /// Nothing is there.
    Nothing,
    /// One value.
    One(&'v Value),
    /// A path with `*`: every value it leads to, `None` where an element lacks the member.
    Each(Vec<Option<&'v Value>>),
}

/// Follows a dotted path: member names, list indexes, `*` for every element or member (`keys.0.kid`,
/// `keys.*.kid`, `vaulted_secret.*`).
///
/// A member whose name is the whole rest of the path wins, so that names with dots (claims that are URLs) are found.
pub fn find<'v>(root: &'v Value, path: &str) -> Found<'v> {
    if path.is_empty() {
        return Found::One(root);
    }
    if let Some(value) = root.get(path) {
        return Found::One(value);
    }
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    if head == "*" {
        let children: Vec<&Value> = match root {
            Value::Array(items) => items.iter().collect(),
            Value::Object(members) => members.values().collect(),
            _ => return Found::Nothing,
        };
        let mut each = Vec::new();
        for item in children {
            match find(item, rest) {
                Found::Nothing => each.push(None),
                Found::One(value) => each.push(Some(value)),
                Found::Each(values) => each.extend(values),
            }
        }
        return Found::Each(each);
    }
    match child(root, head) {
        Some(value) => find(value, rest),
        None => Found::Nothing,
    }
}

/// The single value a path leads to.
pub fn find_one<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    match find(root, path) {
        Found::One(value) => Some(value),
        _ => None,
    }
}

/// Longest value that findings show, in characters.
pub const LONGEST_TOLD: usize = 400;

/// A value with its type, as findings show it: ``string `x` ``, `integer 3`, `list [1, 2]`.
pub fn describe(value: &Value) -> String {
    describe_up_to(value, LONGEST_TOLD)
}

/// The same uncut, for whoever still has to take secrets out: a part of one would not be found.
pub fn describe_whole(value: &Value) -> String {
    describe_up_to(value, usize::MAX)
}

fn describe_up_to(value: &Value, most: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("boolean {value}"),
        Value::Number(number) if number.is_f64() => format!("number {number}"),
        Value::Number(number) => format!("integer {number}"),
        Value::String(text) => format!("string `{}`", shorten(text, most)),
        Value::Array(_) => format!("list {}", shorten(&value.to_string(), most)),
        Value::Object(_) => format!("object {}", shorten(&value.to_string(), most)),
    }
}

/// At most so many characters; what is left out is counted.
pub fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => marked_as_cut(&text[..at], text),
    }
}

/// The beginning of a text, and how long the whole is.
pub fn marked_as_cut(kept: &str, whole: &str) -> String {
    format!("{kept}… ({} characters)", whole.chars().count())
}

/// Whether two values mean the same: numbers by amount, objects whatever their order.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn child<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_through_members_indexes_and_every_element() {
        let body = json!({"keys": [{"kid": "a"}, {"kid": "b"}, {}], "a.b": 1, "a": {"c": 2}});
        assert_eq!(find_one(&body, "keys.1.kid"), Some(&json!("b")));
        assert_eq!(find_one(&body, "a.b"), Some(&json!(1)));
        assert_eq!(find_one(&body, "a.c"), Some(&json!(2)));
        assert_eq!(find(&body, "keys.9.kid"), Found::Nothing);
        assert_eq!(
            find(&body, "keys.*.kid"),
            Found::Each(vec![Some(&json!("a")), Some(&json!("b")), None])
        );
        assert_eq!(find(&body, "a.*"), Found::Each(vec![Some(&json!(2))]));
        assert_eq!(find(&body, "a.c.*"), Found::Nothing);
    }

    #[test]
    fn values_are_described_with_their_type() {
        let described: Vec<_> = [json!("x"), json!(3), json!(1.5), json!(true), json!(null)]
            .iter()
            .map(describe)
            .collect();
        let expected = [
            "string `x`",
            "integer 3",
            "number 1.5",
            "boolean true",
            "null",
        ];
        assert_eq!(described, expected);
        assert_eq!(describe(&json!([1, "a"])), r#"list [1,"a"]"#);
        let long = json!("é".repeat(500));
        assert!(describe(&long).ends_with("… (500 characters)`"));
        assert_eq!(
            describe_whole(&long),
            format!("string `{}`", "é".repeat(500))
        );
    }

    #[test]
    fn numbers_are_the_same_by_amount_and_strings_are_not_numbers() {
        assert!(same(
            &json!({"a": 1, "b": [300]}),
            &json!({"b": [300.0], "a": 1})
        ));
        assert!(!same(&json!("300"), &json!(300)));
        assert!(!same(&json!([1, 2]), &json!([2, 1])));
    }
}
