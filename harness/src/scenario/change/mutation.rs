//! One parameter's change: a new value, or a map of one word.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Problem, Problems, Value as Yaml};

use super::jwt::JwtForm;
use crate::scenario::form::{Defs, Described, Property, Seconds, True, object};
use crate::scenario::model::{ClaimChange, Mutation, Template, ValueTemplate};

/// The longest value `lengthen` makes, in bytes.
const LONGEST: u64 = 1_000_000;

struct Word {
    name: &'static str,
    doc: &'static str,
    schema: fn(&mut Defs) -> Value,
    read: fn(&Node, &mut Problems) -> Option<Mutation>,
}

macro_rules! word {
    ($name:literal, $doc:literal, $type:ty, $make:expr) => {
        Word {
            name: $name,
            doc: $doc,
            schema: <$type as Described>::schema,
            read: |node, problems| <$type>::from_node(node, problems).map($make),
        }
    };
}

const WORDS: [Word; 9] = [
    word!(
        "set",
        "Another value, whatever the name.",
        Template,
        Mutation::Set
    ),
    word!("drop", "Left out.", True, |_| Mutation::Drop),
    word!("empty", "Sent without a value.", True, |_| Mutation::Empty),
    word!(
        "double",
        "Sent twice: `true` for the same value, or the second one.",
        Second,
        |second: Second| { Mutation::Double(second.0) }
    ),
    word!(
        "lengthen",
        "Lengthened to this many bytes.",
        Size,
        |size: Size| Mutation::Lengthen(size.0)
    ),
    word!(
        "query",
        "`true`: moved from the body to the query; `too`: sent there as well.",
        ToQuery,
        |to: ToQuery| if to.too {
            Mutation::QueryToo
        } else {
            Mutation::Query
        }
    ),
    word!(
        "append",
        "This added at its end.",
        Template,
        Mutation::Append
    ),
    word!(
        "not_utf8",
        "A byte at its end that is no UTF-8.",
        True,
        |_| Mutation::NotUtf8
    ),
    word!(
        "jwt",
        "The JWT it holds is changed.",
        JwtForm,
        |form: JwtForm| Mutation::Jwt(form.into_mutation())
    ),
];

fn names() -> impl Iterator<Item = &'static str> + Clone {
    WORDS.iter().map(|word| word.name)
}

fn expected() -> String {
    format!(
        "a string, or a map with one of {}",
        names().collect::<Vec<_>>().join(", ")
    )
}

impl FromNode for Mutation {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let map = match &node.value {
            Yaml::String(_) => return Template::from_node(node, problems).map(Self::Set),
            Yaml::Map(map) => map,
            _ => {
                problems.push(node.mismatch("a string or a map").expected(expected()));
                return None;
            }
        };
        let [entry] = map.entries.as_slice() else {
            problems.push(
                Problem::new(node.place, "a parameter is changed in one way at a time")
                    .expected(expected())
                    .help("make a case of each change"),
            );
            return None;
        };
        let Some(word) = WORDS.iter().find(|word| word.name == entry.key.value) else {
            problems.push(strict_yaml::unknown(
                entry.key.place,
                "change of a parameter",
                &entry.key.value,
                names(),
            ));
            return None;
        };
        (word.read)(&entry.value, problems)
    }
}

impl Described for Mutation {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("mutation", |defs| {
            let words: Vec<_> = WORDS
                .iter()
                .map(|word| Property {
                    key: word.name,
                    required: false,
                    doc: word.doc,
                    schema: (word.schema)(defs),
                })
                .collect();
            let mut map = object(words);
            if let Value::Object(map) = &mut map {
                map.insert("minProperties".to_owned(), 1.into());
                map.insert("maxProperties".to_owned(), 1.into());
            }
            json!({ "anyOf": [Template::schema(defs), map] })
        })
    }
}

impl FromNode for ClaimChange {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        if let Some([entry]) = node.as_map().map(|map| map.entries.as_slice()) {
            match entry.key.value.as_str() {
                "drop" => return True::from_node(&entry.value, problems).map(|_| Self::Drop),
                "in" => {
                    return Seconds::from_node(&entry.value, problems)
                        .map(|seconds| Self::In(seconds.0));
                }
                "in_text" => {
                    return Seconds::from_node(&entry.value, problems)
                        .map(|seconds| Self::InText(seconds.0));
                }
                "in_fraction" => {
                    return Seconds::from_node(&entry.value, problems)
                        .map(|seconds| Self::InFraction(seconds.0));
                }
                "set" => return ValueTemplate::from_node(&entry.value, problems).map(Self::Set),
                _ => {}
            }
        }
        ValueTemplate::from_node(node, problems).map(Self::Set)
    }
}

impl Described for ClaimChange {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("claim_change", |defs| {
            let keys = [
                Property {
                    key: "drop",
                    required: false,
                    doc: "Left out.",
                    schema: True::schema(defs),
                },
                Property {
                    key: "in",
                    required: false,
                    doc: "The target's now and this much more, as NumericDate.",
                    schema: Seconds::schema(defs),
                },
                Property {
                    key: "in_text",
                    required: false,
                    doc: "The same in quotation marks: a string, not a number.",
                    schema: Seconds::schema(defs),
                },
                Property {
                    key: "in_fraction",
                    required: false,
                    doc: "The same and half a second more.",
                    schema: Seconds::schema(defs),
                },
                Property {
                    key: "set",
                    required: false,
                    doc: "This value.",
                    schema: ValueTemplate::schema(defs),
                },
            ];
            let mut change = object(keys);
            if let Value::Object(change) = &mut change {
                // Any other JSON is a value.
                change.insert(
                    "type".to_owned(),
                    json!(["object", "array", "string", "number", "boolean", "null"]),
                );
                change.insert("additionalProperties".to_owned(), true.into());
            }
            change
        })
    }
}

/// `double: true`, or the second value.
struct Second(Option<Template>);

impl FromNode for Second {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.value {
            Yaml::Bool(_) => True::from_node(node, problems).map(|_| Self(None)),
            _ => Template::from_node(node, problems).map(|second| Self(Some(second))),
        }
    }
}

impl Described for Second {
    fn schema(defs: &mut Defs) -> Value {
        json!({ "anyOf": [True::schema(defs), Template::schema(defs)] })
    }
}

/// `true`, or `too`.
struct ToQuery {
    too: bool,
}

impl FromNode for ToQuery {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Yaml::String(word) if word == "too" => Some(Self { too: true }),
            Yaml::Bool(true) => Some(Self { too: false }),
            _ => {
                problems.push(node.mismatch("`true` or `too`"));
                None
            }
        }
    }
}

impl Described for ToQuery {
    fn schema(defs: &mut Defs) -> Value {
        json!({ "anyOf": [True::schema(defs), { "const": "too" }] })
    }
}

struct Size(usize);

impl FromNode for Size {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let size = u64::from_node(node, problems)?;
        if (1..=LONGEST).contains(&size) {
            return usize::try_from(size).ok().map(Self);
        }
        problems.push(
            Problem::new(node.place, "this length makes no sense")
                .expected(format!("1 to {LONGEST} bytes")),
        );
        None
    }
}

impl Described for Size {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "integer", "minimum": 1, "maximum": LONGEST })
    }
}
