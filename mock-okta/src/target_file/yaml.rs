//! Writes YAML that reads well: maps in block style, texts of several lines as blocks, quotes only where needed.

use serde_json::Value;

/// A value as a YAML document.
pub(super) fn render(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(_) => write(&mut out, value, 0),
        other => out.push_str(&scalar(other)),
    }
    out
}

fn write(out: &mut String, value: &Value, depth: usize) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        out.push_str(&"  ".repeat(depth));
        out.push_str(&text(key));
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                write(out, value, depth + 1);
            }
            Value::String(lines) if is_block(lines) => {
                out.push_str(" |\n");
                for line in lines.lines() {
                    out.push_str(&"  ".repeat(depth + 1));
                    out.push_str(line);
                    out.push('\n');
                }
            }
            other => {
                out.push(' ');
                out.push_str(&scalar(other));
                out.push('\n');
            }
        }
    }
}

/// JSON is YAML, so everything but plain text is written as JSON.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(plain) => text(plain),
        other => other.to_string(),
    }
}

/// Without quotes where YAML reads the same text back.
fn text(text: &str) -> String {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let inside = |c: char| c.is_ascii_alphanumeric() || " ._-/@:+=".contains(c);
    let reserved = ["true", "false", "null", "yes", "no", "on", "off"];
    let plain = starts
        && text.chars().all(inside)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !reserved.contains(&text.to_ascii_lowercase().as_str());
    if plain || is_date_like(text) {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}

/// `2026-10`: YAML's core schema reads it as text.
fn is_date_like(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, rest)| {
        year.len() == 4
            && rest.len() == 2
            && (year.bytes().chain(rest.bytes())).all(|b| b.is_ascii_digit())
    })
}

/// Several lines, the last one ended, none that a block would change.
fn is_block(text: &str) -> bool {
    text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && text.chars().all(|c| c == '\n' || (' '..='~').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use strict_yaml::Document;

    /// What strict YAML reads back.
    fn back(node: &strict_yaml::Node) -> Value {
        use strict_yaml::Value as Yaml;
        match &node.value {
            Yaml::Null => Value::Null,
            Yaml::Bool(value) => json!(value),
            Yaml::Int(value) => json!(value),
            Yaml::Float(value) => json!(value),
            Yaml::String(text) => json!(text),
            Yaml::Seq(items) => items.iter().map(back).collect(),
            Yaml::Map(map) => {
                let entries = map.entries.iter();
                Value::Object(
                    entries
                        .map(|entry| (entry.key.value.clone(), back(&entry.value)))
                        .collect(),
                )
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let texts = [
            "",
            " ",
            "plain",
            "two words",
            "ends:",
            "a: b",
            "# no",
            "a #b",
            "true",
            "Null",
            "~",
            "7",
            "0x1f",
            "1e3",
            "2026-10",
            "2026-1a",
            "-dash",
            "- item",
            "[",
            "{x}",
            "\"quoted\"",
            "it's",
            "tab\there",
            "ünïcode 🦀",
            "line\n",
            "two\nlines\n",
            "two\nlines",
            " indented\n",
            "\n",
            "trailing \n",
            "\\back",
            "a\u{0}b",
            "@at",
            "%percent",
            "key=value",
            "https://example.com/a?b=c#d",
            "orn:okta:pam:1",
            "no",
            "-----BEGIN-----\nabc\n",
            "a,b",
            "*",
            "&a",
            "!tag",
            "|",
            ">",
        ];
        for text in texts {
            let value = json!({ "outer": { "text": text, text: 1 }, "list": ["a", text], "number": 7, "none": null });
            let rendered = render(&value);
            let document = Document::parse("x.yaml", &rendered)
                .unwrap_or_else(|problems| panic!("{text:?} in\n{rendered}\n{problems}"));
            assert_eq!(back(&document.root), value, "{text:?} in\n{rendered}");
        }
    }
}
