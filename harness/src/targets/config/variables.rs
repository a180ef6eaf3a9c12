//! `${NAME}` in the strings of a target file: values that differ from org to org or from machine to machine.

use strict_yaml::{Node, Place, Problem, Problems, Value};

use super::env_file::is_name;
use super::secret::Sources;
use super::{REFERENCES, is_secret};

/// Puts the values of variables in the place of `${NAME}`, and `${` in the place of `$${`. Of a secret only the name of its
/// variable or file is such a string: its value comes from there.
pub(super) fn replace(node: &mut Node, sources: &Sources<'_>, problems: &mut Problems) {
    let place = node.place;
    match &mut node.value {
        Value::String(text) => {
            if let Some(replaced) = replaced(text, place, sources, problems) {
                *text = replaced;
            }
        }
        Value::Seq(items) => {
            for item in items {
                replace(item, sources, problems);
            }
        }
        Value::Map(map) => {
            for entry in &mut map.entries {
                if is_secret(&entry.key.value) {
                    replace_reference(&mut entry.value, sources, problems);
                } else {
                    replace(&mut entry.value, sources, problems);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
    }
}

fn replace_reference(secret: &mut Node, sources: &Sources<'_>, problems: &mut Problems) {
    let Value::Map(map) = &mut secret.value else {
        return;
    };
    for entry in &mut map.entries {
        if REFERENCES.contains(&entry.key.value.as_str()) {
            replace(&mut entry.value, sources, problems);
        }
    }
}

/// The variable of a text that is `${NAME}` and nothing else.
pub(super) fn alone(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    is_name(name).then_some(name)
}

/// The text with the values of its variables; `None` where it has none. All that are missing are mistakes.
fn replaced(
    text: &str,
    place: Place,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Option<String> {
    if !text.contains("${") {
        return None;
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, begun) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            whole.extend([before, "${"]);
            rest = &begun[2..];
            continue;
        }
        whole.push_str(before);
        let name = begun[2..].split_once('}').filter(|(name, _)| is_name(name));
        let Some((name, behind)) = name else {
            problems.push(
                Problem::new(place, "`${` begins no name of a variable")
                    .expected("`${NAME}`, or `$${` for these two characters themselves"),
            );
            return None;
        };
        match (sources.environment)(name) {
            Some(value) => whole.push_str(&value),
            None => problems.push(missing(place, name)),
        }
        rest = behind;
    }
    whole.push_str(rest);
    Some(whole)
}

/// Whether a mistake is a variable that nobody has set.
pub(super) fn is_missing(problem: &Problem) -> bool {
    problem.message.starts_with("the environment variable `") && problem.message.ends_with(NOT_SET)
}

const NOT_SET: &str = "` is not set";

/// A variable that nobody has set.
pub(super) fn missing(place: Place, name: &str) -> Problem {
    Problem::new(place, format!("the environment variable `{name}{NOT_SET}")).help(format!(
        "set it: export {name}=…, or write {name}=… into a file `.env` beside this one"
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use strict_yaml::Document;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let sources = Sources {
            folder: Path::new("/nowhere"),
            environment: &|name| match name {
                "ORG" => Some("acme".to_owned()),
                "EMPTY" => Some(String::new()),
                "NESTED" => Some("${ORG}".to_owned()),
                _ => None,
            },
        };
        let mut document = Document::parse("t.yaml", text).unwrap();
        let mut problems = document.problems();
        replace(&mut document.root, &sources, &mut problems);
        if !problems.is_empty() {
            return Err(problems.to_string());
        }
        Ok(format!("{:?}", texts(&document.root)))
    }

    fn texts(node: &Node) -> Vec<String> {
        match &node.value {
            Value::String(text) => vec![text.clone()],
            Value::Seq(items) => items.iter().flat_map(texts).collect(),
            Value::Map(map) => map
                .entries
                .iter()
                .flat_map(|entry| texts(&entry.value))
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn variables_are_replaced_in_strings_once() {
        for (written, read_as) in [
            ("a: https://${ORG}.okta.com", r#"["https://acme.okta.com"]"#),
            ("a: [x, '${ORG}-${ORG}']", r#"["x", "acme-acme"]"#),
            ("a: \"<${EMPTY}>\"", r#"["<>"]"#),
            ("a: ${NESTED}", r#"["${ORG}"]"#),
            ("a: $${ORG} $5 $", r#"["${ORG} $5 $"]"#),
            ("${ORG}: x", r#"["x"]"#),
        ] {
            assert_eq!(read(written).unwrap(), read_as, "{written}");
        }
    }

    #[test]
    fn of_a_secret_only_the_reference_is_replaced() {
        assert_eq!(
            read("password: { env: \"PASSWORD_OF_${ORG}\" }").unwrap(),
            r#"["PASSWORD_OF_acme"]"#
        );
        assert_eq!(
            read("password: { value: \"${NOT_SET}\" }").unwrap(),
            r#"["${NOT_SET}"]"#
        );
        assert_eq!(read("ca: { value: \"${ORG}\" }").unwrap(), r#"["acme"]"#);
    }

    #[test]
    fn what_is_missing_or_no_name_is_a_mistake() {
        let output = read("a: ${NOT_SET} ${NEITHER}\nb: x\n").unwrap_err();
        for expected in [
            "`NOT_SET` is not set",
            "`NEITHER` is not set",
            ".env",
            "t.yaml:1",
        ] {
            assert!(output.contains(expected), "{expected}: {output}");
        }
        for wrong in ["a: ${ORG", "a: ${ORG:-x}", "a: ${}", "a: ${1A}"] {
            let output = read(wrong).unwrap_err();
            assert!(output.contains("$${"), "{wrong}: {output}");
        }
    }
}
