//! Where a requirement is written: documents and sections, as fields.

use std::fmt;

use strict_yaml::{FromNode, MapReader, Node, Place, Problem, Problems, Value};

/// A document and what of it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The document, as people cite it: `RFC 8693`, `ID-JAG -04`.
    pub document: String,
    /// `§2.2.1`, `App. B`, or the title of a chapter; `None` for the whole document.
    pub section: Option<String>,
    /// What the document says or leaves open.
    pub note: Option<String>,
}

/// The passages that demand something. The first one is what reports lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The first passage.
    pub first: Passage,
    /// The others.
    pub more: Vec<Passage>,
    /// Where one sentence was written in place of fields. That form is read for one more version.
    pub sentence: Option<Place>,
}

/// `RFC 8693 §2.2.1`, `MCP authorization specification 2026-07-28, token handling`.
impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(section) = &self.section {
            // A number or a bracket stands right behind the document, and so does what stands behind its date.
            let close = section.starts_with(['§', '(']) || section.starts_with("App. ");
            let comma = if close || self.document.ends_with(')') {
                ""
            } else {
                ","
            };
            write!(f, "{comma} {section}")?;
        }
        match &self.note {
            Some(note) => write!(f, ": {note}"),
            None => Ok(()),
        }
    }
}

/// All passages, as people cite them.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        self.more
            .iter()
            .try_for_each(|passage| write!(f, "; {passage}"))
    }
}

impl Source {
    /// A source that was written as one sentence, such as `RFC 8693 §2.1; ID-JAG -04 §4.3`.
    fn of_sentence(sentence: &str, place: Place) -> Self {
        let mut passages = sentence.split("; ").map(Passage::of_text);
        let none = || Passage::of_text("");
        Self {
            first: passages.next().unwrap_or_else(none),
            more: passages.collect(),
            sentence: Some(place),
        }
    }
}

impl Passage {
    /// Documents with numbered sections are taken apart; of others it is not known where the title ends.
    fn of_text(text: &str) -> Self {
        let starts = [" §", " App. "];
        let section = starts.iter().filter_map(|start| text.find(start)).min();
        let (document, section) = match section {
            Some(at) => (&text[..at], Some(text[at + 1..].to_owned())),
            None => (text, None),
        };
        Self {
            document: document.to_owned(),
            section,
            note: None,
        }
    }
}

impl FromNode for Source {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let fields = |passages: Vec<Passage>| {
            let mut passages = passages.into_iter();
            Some(Self {
                first: passages.next()?,
                more: passages.collect(),
                sentence: None,
            })
        };
        match &node.value {
            Value::String(sentence) => Some(Self::of_sentence(sentence, node.place)),
            Value::Map(_) => fields(vec![Passage::from_node(node, problems)?]),
            Value::Seq(items) if !items.is_empty() => fields(
                items
                    .iter()
                    .filter_map(|item| Passage::from_node(item, problems))
                    .collect(),
            ),
            _ => {
                problems.push(
                    node.mismatch("a document and its section, or a list of them")
                        .help("write `{ document: RFC 8693, section: §2.1 }`"),
                );
                None
            }
        }
    }
}

impl FromNode for Passage {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mut map = MapReader::new(node, problems, "a source");
        let document = map.required_str("document");
        let section = map.optional::<String>("section");
        let remark = map.optional::<String>("note");
        map.finish();
        let document = document?;
        if document.value.trim().is_empty() {
            problems.push(Problem::new(document.place, "this names no document"));
        }
        Some(Self {
            document: document.value,
            section,
            note: remark,
        })
    }
}

#[cfg(test)]
mod tests {
    use strict_yaml::Document;

    use super::*;

    fn read(text: &str) -> Result<Source, Problems> {
        let document = Document::parse("r.yaml", text).unwrap();
        let mut problems = document.problems();
        let source = Source::from_node(&document.root, &mut problems);
        problems.into_result(()).map(|()| source.unwrap())
    }

    #[test]
    fn fields_read_as_people_cite_them() {
        for (written, cited) in [
            ("{ document: RFC 8693, section: §2.1 }", "RFC 8693 §2.1"),
            (
                "[{ document: RFC 6749, section: '§3.2, App. B' }, { document: Okta XAA guide }]",
                "RFC 6749 §3.2, App. B; Okta XAA guide",
            ),
            (
                "{ document: Okta OAuth error catalogue 2026.08.1, section: (illegal_scope) }",
                "Okta OAuth error catalogue 2026.08.1 (illegal_scope)",
            ),
            (
                "{ document: MCP authorization specification 2026-07-28, section: token handling }",
                "MCP authorization specification 2026-07-28, token handling",
            ),
            (
                "{ document: The guide (2026-08), section: agent-to-agent }",
                "The guide (2026-08) agent-to-agent",
            ),
            (
                "{ document: open question, note: nobody says }",
                "open question: nobody says",
            ),
        ] {
            let source = read(written).unwrap();
            assert_eq!(source.to_string(), cited);
            assert_eq!(source.sentence, None);
        }
    }

    #[test]
    fn a_sentence_is_read_as_it_was_and_remembered() {
        for sentence in [
            "RFC 8693 §2.1; ID-JAG -04 §4.3",
            "RFC 6749 App. B, §2",
            "RFC 1",
            "anything, at all: really; 2.",
            "",
        ] {
            let source = read(&format!("'{sentence}'")).unwrap();
            assert_eq!(source.to_string(), sentence);
            assert!(source.sentence.is_some());
        }
        let source = read("RFC 8693 §2.1; ID-JAG -04 §4.3").unwrap();
        assert_eq!(source.first.document, "RFC 8693");
        assert_eq!(source.first.section.as_deref(), Some("§2.1"));
        assert_eq!(source.more[0].document, "ID-JAG -04");
    }

    #[test]
    fn mistakes_are_noted() {
        for wrong in [
            "{ section: §2 }",
            "{ document: '' }",
            "[]",
            "7",
            "[{ document: RFC 1, chapter: 2 }]",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
