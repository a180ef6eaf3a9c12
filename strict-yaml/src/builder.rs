//! Builds the tree from what the parser reports.

use std::collections::HashSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::place::LineIndex;
use crate::{
    Entry, MAX_DEPTH, MAX_NODES, Map, Node, Place, Problem, Problems, Spanned, Value, mend, scalar,
};

/// Builds the tree from the parser's events, without recursion.
pub(crate) struct Builder<'t, 'p> {
    text: &'t str,
    index: LineIndex<'t>,
    problems: &'p mut Problems,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

impl<'t, 'p> Builder<'t, 'p> {
    pub(crate) fn new(text: &'t str, problems: &'p mut Problems) -> Self {
        Self {
            text,
            index: LineIndex::new(text),
            problems,
            open: Vec::new(),
            root: None,
            nodes: 0,
        }
    }

    pub(crate) fn run(mut self) -> Node {
        let mut parser = Parser::new_from_str(self.text);
        let mut documents = 0;
        while let Some(next) = parser.next_event() {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    let problem = self.syntax(*error.marker(), error.info());
                    self.problems.push(problem);
                    break;
                }
            };
            let place = self.place(span);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.problems.push(
                            Problem::new(place, "a second document begins here")
                                .expected("one document in a file")
                                .help(
                                    "remove the `---`, or move what follows into a file of its own",
                                ),
                        );
                        break;
                    }
                }
                event => {
                    if self.event(event, place).is_err() {
                        break;
                    }
                }
            }
        }
        self.root.unwrap_or(Node {
            place: Place::START,
            value: Value::Null,
        })
    }

    /// Takes one event; an error means that reading on makes no sense, and has been noted.
    fn event(&mut self, event: Event<'_>, place: Place) -> Result<(), ()> {
        match event {
            Event::Alias(_) => {
                self.problems.push(
                    Problem::new(place, "aliases are not read here").help(
                        "write the value out: a file shall say what it means where it is read",
                    ),
                );
                self.value(Node {
                    place,
                    value: Value::Null,
                })
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(place, anchor, tag.is_some());
                let place = match quoted_length(&self.text[place.start..]) {
                    Some(length) => Place {
                        end: place.start + length,
                        ..place
                    },
                    None => place,
                };
                let value = match style {
                    ScalarStyle::Plain => scalar::resolve(&text),
                    _ => Value::String(text.into_owned()),
                };
                self.value(Node { place, value })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(place, anchor, tag.is_some());
                self.push(
                    Open::Seq {
                        place,
                        items: Vec::new(),
                    },
                    place,
                )
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(place, anchor, tag.is_some());
                self.push(
                    Open::Map {
                        place,
                        map: Map::default(),
                        seen: HashSet::new(),
                        key: Key::Awaited,
                    },
                    place,
                )
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let (start, value, last) = match open {
                    Open::Seq { place, items } => {
                        let last = items.last().map(|item| item.place);
                        (place, Value::Seq(items), last)
                    }
                    Open::Map { place, map, .. } => {
                        let last = map.entries.last().map(|entry| entry.value.place);
                        (place, Value::Map(map), last)
                    }
                };
                // A block collection ends where its last value does, not where the next token begins.
                let flow = self.text[start.start..].starts_with(['[', '{']);
                let end = if flow { place } else { last.unwrap_or(start) };
                self.value(Node {
                    place: start.to(end),
                    value,
                })
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, open: Open, place: Place) -> Result<(), ()> {
        if self.open.len() >= MAX_DEPTH {
            self.problems.push(
                Problem::new(place, "lists and maps stand too deep inside one another")
                    .expected(format!("at most {MAX_DEPTH} levels")),
            );
            return Err(());
        }
        self.open.push(open);
        Ok(())
    }

    /// Puts a finished node where it belongs: into the list or map that is open, or at the root.
    fn value(&mut self, node: Node) -> Result<(), ()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.problems.push(
                Problem::new(node.place, "the file holds too much")
                    .expected(format!("at most {MAX_NODES} values")),
            );
            return Err(());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Seq { items, .. }) => items.push(node),
            Some(Open::Map { map, seen, key, .. }) => match std::mem::replace(key, Key::Awaited) {
                Key::Awaited => *key = read_key(node, seen, map, self.problems),
                Key::Read(key) => map.entries.push(Entry { key, value: node }),
                Key::Refused => {}
            },
        }
        Ok(())
    }

    fn refuse_extras(&mut self, place: Place, anchor: usize, tag: bool) {
        if anchor > 0 {
            self.problems.push(
                Problem::new(place, "anchors are not read here")
                    .help("write the value out: a file shall say what it means where it is read"),
            );
        }
        if tag {
            self.problems.push(
                Problem::new(place, "tags (`!name`) are not read here")
                    .help("remove the tag; quotes make a string of anything"),
            );
        }
    }

    fn place(&self, span: Span) -> Place {
        let start = self.offset(span.start);
        self.index.place(start, self.offset(span.end).max(start))
    }

    fn offset(&self, marker: Marker) -> usize {
        self.index.offset(marker.line(), marker.col())
    }

    fn syntax(&self, marker: Marker, info: &str) -> Problem {
        let at = self.offset(marker);
        let place = self.index.place(at, at + 1);
        let problem = Problem::new(place, format!("this is not YAML: {info}"));
        match mend::syntax(self.text, place, info) {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

/// A list or map that is not closed yet.
enum Open {
    Seq {
        place: Place,
        items: Vec<Node>,
    },
    Map {
        place: Place,
        map: Map,
        seen: HashSet<String>,
        key: Key,
    },
}

/// How far a map is between a key and its value.
enum Key {
    Awaited,
    Read(Spanned<String>),
    /// Noted as a mistake: the value that follows is dropped.
    Refused,
}

/// How long a quoted scalar at the beginning of the text is, quotes included. The scanner's span takes in the blanks
/// and the comment behind it.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote == '"' {
            chars.next();
        } else if c == quote {
            let doubled = quote == '\'' && chars.next_if(|(_, next)| *next == quote).is_some();
            if !doubled {
                return Some(at + 1);
            }
        }
    }
    None
}

/// A key, unless it is not a string or stands there twice; both are noted.
fn read_key(node: Node, seen: &mut HashSet<String>, map: &Map, problems: &mut Problems) -> Key {
    let Value::String(key) = node.value else {
        problems.push(
            Problem::new(
                node.place,
                format!("a key must be a string, found {}", node.kind()),
            )
            .help("put the key in quotes"),
        );
        return Key::Refused;
    };
    if !seen.insert(key.clone()) {
        let first = map.entries.iter().find(|entry| entry.key.value == key);
        let problem = Problem::new(node.place, format!("the key `{key}` stands here twice"));
        problems.push(match first {
            Some(first) => problem.help(format!(
                "remove one: the first is in line {}",
                first.key.place.line
            )),
            None => problem,
        });
        return Key::Refused;
    }
    Key::Read(Spanned::new(node.place, key))
}
