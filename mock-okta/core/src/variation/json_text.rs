//! JSON written in other ways that mean the same (RFC 8259): order of members, white space, escapes.

use serde_json::{Map, Value};

/// How JSON is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(super) order: Order,
    pub(super) space: Space,
    pub(super) escape: Escape,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    AsIs,
    Reversed,
    Sorted,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Space {
    #[default]
    None,
    Indented,
    Everywhere,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Escape {
    #[default]
    Needed,
    Solidus,
    Letters,
}

impl Style {
    /// Whether it is the usual one.
    pub(crate) fn is_usual(self) -> bool {
        self == Self::default()
    }

    /// An object in this style.
    pub(crate) fn write(self, object: &Map<String, Value>) -> Vec<u8> {
        let mut out = String::new();
        self.space_around(&mut out);
        self.object(object, 0, &mut out);
        self.space_around(&mut out);
        out.into_bytes()
    }

    fn value(self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Object(members) => self.object(members, depth, out),
            Value::Array(items) => self.array(items, depth, out),
            Value::String(text) => self.text(text, out),
            Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        }
    }

    fn object(self, members: &Map<String, Value>, depth: usize, out: &mut String) {
        let mut all: Vec<(&String, &Value)> = members.iter().collect();
        match self.order {
            Order::AsIs => {}
            Order::Reversed => all.reverse(),
            Order::Sorted => all.sort_by_key(|(name, _)| *name),
        }
        out.push('{');
        for (index, (name, value)) in all.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            self.new_line(depth + 1, out);
            self.text(name, out);
            self.space_around(out);
            out.push(':');
            self.space_behind(out);
            self.value(value, depth + 1, out);
        }
        if !all.is_empty() {
            self.new_line(depth, out);
        }
        out.push('}');
    }

    fn array(self, items: &[Value], depth: usize, out: &mut String) {
        out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            self.new_line(depth + 1, out);
            self.value(item, depth + 1, out);
        }
        if !items.is_empty() {
            self.new_line(depth, out);
        }
        out.push(']');
    }

    fn text(self, text: &str, out: &mut String) {
        use std::fmt::Write as _;
        out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '/' if self.escape == Escape::Solidus => out.push_str("\\/"),
                c if c.is_control()
                    || (self.escape == Escape::Letters && c.is_ascii_alphabetic()) =>
                {
                    // Writing to a string does not fail.
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }

    fn new_line(self, depth: usize, out: &mut String) {
        match self.space {
            Space::None => {}
            Space::Indented => {
                out.push('\n');
                out.push_str(&"  ".repeat(depth));
            }
            Space::Everywhere => out.push_str(" \r\n\t"),
        }
    }

    fn space_around(self, out: &mut String) {
        if self.space == Space::Everywhere {
            out.push_str("\t \r\n");
        }
    }

    fn space_behind(self, out: &mut String) {
        match self.space {
            Space::None => {}
            Space::Indented => out.push(' '),
            Space::Everywhere => out.push_str("\t "),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(style: Style) -> (String, Value) {
        let value = json!({ "b": "a/\"é\u{1}\\", "a": [1, null, {}], "c": { "z": true, "y": [] } });
        let object = value.as_object().expect("an object");
        let text = String::from_utf8(style.write(object)).expect("text");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
        (text, value)
    }

    #[test]
    fn every_style_reads_as_the_same_value() {
        let styles = [
            Style::default(),
            Style {
                order: Order::Reversed,
                space: Space::Everywhere,
                escape: Escape::Letters,
            },
            Style {
                order: Order::Sorted,
                space: Space::Indented,
                escape: Escape::Solidus,
            },
        ];
        let texts: Vec<String> = styles.into_iter().map(|style| written(style).0).collect();
        assert!(texts[1].starts_with("\t \r\n{") && texts[1].contains("\\u0063"));
        assert!(texts[2].starts_with("{\n  \"a\": [\n    1,") && texts[2].contains("a\\/"));
    }

    #[test]
    fn the_usual_style_is_that_of_the_library() {
        let (text, value) = written(Style::default());
        assert_eq!(text, value.to_string());
    }
}
