//! From text to tree: the way in, and its limits.

use std::sync::Arc;

use crate::builder::Builder;
use crate::guard;
use crate::text::text_of;
use crate::{Document, Guard, Place, Problem, Problems};

/// The longest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How deep lists and maps may stand inside one another.
pub const MAX_DEPTH: usize = 64;
/// How many values, keys included, a file may hold.
pub const MAX_NODES: usize = 500_000;

impl Document {
    /// Reads a file's text. `name` is what messages call it.
    ///
    /// # Errors
    /// Whatever is not one YAML document of the dialect this crate reads: see the crate's documentation.
    pub fn parse(name: impl Into<Arc<str>>, text: impl AsRef<str>) -> Result<Self, Problems> {
        let text = text.as_ref();
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        let mut problems = Problems::new(name, text.clone());
        if text.len() > MAX_BYTES {
            problems.push(
                Problem::new(
                    Place::START,
                    format!("the file is too long: {} bytes", text.len()),
                )
                .expected(format!("at most {MAX_BYTES} bytes")),
            );
            return Err(problems);
        }
        let name: Arc<str> = problems.name().into();
        let root = Builder::new(&text, &mut problems).run();
        problems.into_result(Self {
            name,
            text,
            root,
            concealed: Vec::new(),
        })
    }

    /// Reads the text of a file that holds secrets. Messages never show them. While the file is not YAML nobody can say
    /// which of its values are secret: then messages show of each line only the key that it begins with.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_guarded(
        name: impl Into<Arc<str>>,
        text: impl AsRef<str>,
        guard: Guard<'_>,
    ) -> Result<Self, Problems> {
        match Self::parse(name, text) {
            Ok(mut document) => {
                document.concealed = guard.places(&document.text, &document.root);
                Ok(document)
            }
            Err(mut problems) => {
                guard::conceal_lines(&mut problems);
                Err(problems)
            }
        }
    }

    /// Reads a file's bytes, which must be UTF-8.
    ///
    /// # Errors
    /// As [`Document::parse`], and for bytes that are not UTF-8.
    pub fn parse_bytes(name: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Self, Problems> {
        let name = name.into();
        let text = text_of(&name, bytes)?;
        Self::parse(name, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Node, Value};

    /// The text under each node's place, depth first, keys included.
    fn underlined(text: &str) -> Vec<String> {
        fn walk(text: &str, node: &Node, out: &mut Vec<String>) {
            out.push(text[node.place.bytes()].to_owned());
            match &node.value {
                Value::Seq(items) => items.iter().for_each(|item| walk(text, item, out)),
                Value::Map(map) => map.entries.iter().for_each(|entry| {
                    out.push(text[entry.key.place.bytes()].to_owned());
                    walk(text, &entry.value, out);
                }),
                _ => {}
            }
        }
        let document = Document::parse("t.yaml", text).unwrap();
        let mut out = Vec::new();
        walk(&document.text, &document.root, &mut out);
        out
    }

    #[test]
    fn places_cover_what_was_written() {
        let text =
            "# ä comment\nä: 'quoted' # tail\nlist:\n  - one\n  - {k: \"v\"  }\n\nlast: ${x.y}\n";
        assert_eq!(
            underlined(text),
            [
                "ä: 'quoted' # tail\nlist:\n  - one\n  - {k: \"v\"  }\n\nlast: ${x.y}",
                "ä",
                "'quoted'",
                "list",
                "- one\n  - {k: \"v\"  }",
                "one",
                "{k: \"v\"  }",
                "k",
                "\"v\"",
                "last",
                "${x.y}"
            ]
        );
    }

    #[test]
    fn values_keep_their_order_and_type() {
        let document = Document::parse("t.yaml", "b: 1\na: [true, ~, 1.5, '1', text]\n").unwrap();
        let map = document.root.as_map().unwrap();
        assert_eq!(
            map.entries
                .iter()
                .map(|e| e.key.value.as_str())
                .collect::<Vec<_>>(),
            ["b", "a"]
        );
        let items: Vec<_> = map
            .get("a")
            .unwrap()
            .as_seq()
            .unwrap()
            .iter()
            .map(|n| n.value.clone())
            .collect();
        let text = |text: &str| Value::String(text.into());
        assert_eq!(
            items,
            [
                Value::Bool(true),
                Value::Null,
                Value::Float(1.5),
                text("1"),
                text("text")
            ]
        );
    }

    #[test]
    fn laughs_stay_few() {
        let lines = (0..9).map(|level| format!("b{level}: &b{level} [*a, *a, *a, *a, *a, *a]\n"));
        let text = std::iter::once("a: &a [x]\n".to_owned())
            .chain(lines)
            .collect::<String>();
        assert!(Document::parse("t.yaml", text).is_err());
    }
}
