//! Text with references: `${custom_as.issuer}`. `$${` stands for a plain `${`.

use std::fmt;

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Place, Problem, Problems};

use super::form::{Defs, Described};
use super::model::{Template, TemplatePart};

impl Template {
    /// Text without references.
    pub(crate) fn literal(place: Place, text: &str) -> Self {
        Self {
            parts: vec![TemplatePart::Literal(text.to_owned())],
            place,
        }
    }

    /// One reference and nothing else.
    pub(crate) fn reference(place: Place, name: String) -> Self {
        Self {
            parts: vec![TemplatePart::Reference(name)],
            place,
        }
    }

    /// The names it refers to, in order.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Reference(name) => Some(name.as_str()),
            TemplatePart::Literal(_) => None,
        })
    }

    /// The text, if it holds no reference.
    pub(crate) fn as_literal(&self) -> Option<String> {
        self.references().next().is_none().then(|| self.to_string())
    }
}

/// As written, but for the escape of `${`.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            TemplatePart::Literal(text) => f.write_str(text),
            TemplatePart::Reference(name) => write!(f, "${{{name}}}"),
        })
    }
}

impl FromNode for Template {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(text) = node.as_str() else {
            problems.push(node.mismatch("a string"));
            return None;
        };
        Some(parse(text, node.place, problems))
    }
}

impl Described for Template {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("template", |_| {
            json!({ "type": "string", "description": "Text; ${name} and ${role.member} are replaced." })
        })
    }
}

/// Reads a template; what is wrong in it is noted and left out.
pub(crate) fn parse(text: &str, place: Place, problems: &mut Problems) -> Template {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            literal.push_str(&rest[..at]);
            literal.push('{');
            rest = &rest[at + 2..];
            continue;
        }
        literal.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else {
            problems.push(
                Problem::new(
                    narrow(problems, place, &rest[at..]),
                    "a reference is not closed",
                )
                .expected("`${name}` or `${role.member}`")
                .help("add `}`, or write `$${` for a plain `${`"),
            );
            rest = "";
            break;
        };
        let name = &rest[at + 2..at + end];
        if is_name(name) {
            if !literal.is_empty() {
                parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
            }
            parts.push(TemplatePart::Reference(name.to_owned()));
        } else {
            problems.push(
                Problem::new(
                    narrow(problems, place, &rest[at..=at + end]),
                    format!("`{name}` is no name"),
                )
                .expected("`${name}` or `${role.member}`, in lower case, without blanks"),
            );
        }
        rest = &rest[at + end + 1..];
    }
    literal.push_str(rest);
    if !literal.is_empty() || parts.is_empty() {
        parts.push(TemplatePart::Literal(literal));
    }
    Template { parts, place }
}

/// The place of a piece of a scalar, if the piece stands in the file as it is.
pub(crate) fn narrow(problems: &Problems, place: Place, piece: &str) -> Place {
    let Some(at) = problems
        .text()
        .get(place.bytes())
        .and_then(|written| written.find(piece))
    else {
        return place;
    };
    let before = &problems.text()[place.start..place.start + at];
    let start = place.start + at;
    let (line, column) = match before.rfind('\n') {
        None => (place.line, place.column + before.chars().count()),
        Some(last) => (
            place.line + before.matches('\n').count(),
            before[last + 1..].chars().count() + 1,
        ),
    };
    Place {
        start,
        end: start + piece.len(),
        line,
        column,
    }
}

fn is_name(name: &str) -> bool {
    name.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Template, Problems) {
        let mut problems = Problems::new("t.yaml", text);
        let place = Place {
            start: 0,
            end: text.len(),
            line: 1,
            column: 1,
        };
        (parse(text, place, &mut problems), problems)
    }

    #[test]
    fn parts() {
        let (template, problems) = read("a ${b.c} $d ${e}");
        let literal = |text: &str| TemplatePart::Literal(text.into());
        let reference = |text: &str| TemplatePart::Reference(text.into());
        assert_eq!(
            template.parts,
            [
                literal("a "),
                reference("b.c"),
                literal(" $d "),
                reference("e")
            ]
        );
        assert!(problems.is_empty());
        assert_eq!(template.to_string(), "a ${b.c} $d ${e}");
    }

    #[test]
    fn an_escaped_reference_is_text() {
        let (template, problems) = read("$${b}");
        assert_eq!(template.as_literal().as_deref(), Some("${b}"));
        assert!(problems.is_empty());
    }

    #[test]
    fn empty_text_is_a_template() {
        assert_eq!(read("").0.as_literal().as_deref(), Some(""));
    }

    #[test]
    fn mistakes() {
        insta::assert_snapshot!(read("x ${B} ${} ${a b} ${c.} ${open").1);
    }
}
