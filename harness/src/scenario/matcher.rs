//! Matchers: a literal, or a map of the words below, all of which must hold.

use std::fmt;

use serde_json::json;
use strict_yaml::{FromNode, Map, Node, Problem, Problems, Value, did_you_mean};

use super::form::{Defs, Described, Property, Seconds, True, object};
use super::model::{JsonType, Matcher, Template, ValueTemplate};

/// One word of the language of matchers.
struct Word {
    name: &'static str,
    doc: &'static str,
    schema: fn(&mut Defs) -> serde_json::Value,
    read: fn(&Node, &mut Problems) -> Option<Matcher>,
}

/// A word whose value is read as one type.
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

/// All words but `of`, which belongs to `within`.
const WORDS: [Word; 17] = [
    word!(
        "equals",
        "This very value; the only way to name a map that looks like a matcher.",
        ValueTemplate,
        Matcher::Equals
    ),
    word!(
        "one_of",
        "One of these values.",
        Vec<ValueTemplate>,
        Matcher::OneOf
    ),
    word!("not", "The opposite of this matcher.", Matcher, |inner| {
        Matcher::Not(Box::new(inner))
    }),
    word!(
        "contains",
        "A string that contains this, or a list with this member.",
        Template,
        Matcher::Contains
    ),
    word!(
        "starts_with",
        "A string that begins so.",
        Template,
        Matcher::StartsWith
    ),
    word!(
        "ends_with",
        "A string that ends so.",
        Template,
        Matcher::EndsWith
    ),
    word!(
        "matches",
        "A regular expression that matches somewhere.",
        Pattern,
        |pattern: Pattern| Matcher::Matches(pattern.0)
    ),
    word!(
        "at_least",
        "A number not below.",
        Number,
        |number: Number| Matcher::AtLeast(number.0)
    ),
    word!(
        "at_most",
        "A number not above.",
        Number,
        |number: Number| Matcher::AtMost(number.0)
    ),
    Word {
        name: "within",
        doc: "Not farther from the sibling named by `of` (or from now) than this duration.",
        schema: <Seconds as Described>::schema,
        read: |node, problems| {
            let seconds = Seconds::from_node(node, problems)?.forward(node.place, problems);
            // `of` stands beside it and is filled in by whoever reads the whole map.
            Some(Matcher::Within {
                seconds,
                of: String::new(),
            })
        },
    },
    word!(
        "type",
        "A value of this JSON type.",
        JsonType,
        Matcher::Type
    ),
    word!("present", "There, whatever it is.", True, |_| {
        Matcher::Present
    }),
    word!("absent", "Not there.", True, |_| Matcher::Absent),
    word!(
        "scopes",
        "The same scopes in any order, as a space-delimited string or a list.",
        Template,
        Matcher::Scopes
    ),
    word!(
        "includes",
        "All of these, in a list or a space-delimited string.",
        Vec<Template>,
        Matcher::Includes
    ),
    word!(
        "length_at_least",
        "A string or list not shorter.",
        Length,
        |length: Length| Matcher::LengthAtLeast(length.0)
    ),
    word!(
        "differs_from",
        "Anything but this.",
        Template,
        Matcher::DiffersFrom
    ),
];

const OF: &str = "of";

fn names() -> impl Iterator<Item = &'static str> + Clone {
    WORDS.iter().map(|word| word.name).chain([OF])
}

impl FromNode for Matcher {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Map(map) if looks_like_matcher(map) => read_map(node, map, problems),
            _ => {
                refuse_hidden(node, problems);
                ValueTemplate::from_node(node, problems).map(Self::Equals)
            }
        }
    }
}

impl Described for Matcher {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        defs.named("matcher", |defs| {
            let words: Vec<_> = WORDS
                .iter()
                .map(|word| Property {
                    key: word.name,
                    required: false,
                    doc: word.doc,
                    schema: (word.schema)(defs),
                })
                .collect();
            let of = Property {
                key: OF,
                required: false,
                doc: "The sibling `within` measures from, or `now`.",
                schema: json!({ "type": "string" }),
            };
            let mut words = object(words.into_iter().chain([of]));
            if let serde_json::Value::Object(words) = &mut words {
                // A map without any of the words is a literal.
                words.insert("additionalProperties".into(), true.into());
                words.insert(
                    "dependentRequired".into(),
                    json!({ "within": [OF], OF: ["within"] }),
                );
                words.insert(
                    "type".into(),
                    json!(["object", "array", "string", "number", "boolean", "null"]),
                );
                words.insert(
                    "description".into(),
                    "A literal, or a map of words that must all hold.".into(),
                );
            }
            words
        })
    }
}

fn is_word(key: &str) -> bool {
    names().any(|name| name == key)
}

/// A map is a matcher when one of its keys is a word, or is so near to one that it is probably meant to be.
fn looks_like_matcher(map: &Map) -> bool {
    map.entries.is_empty()
        || map.entries.iter().any(|entry| {
            is_word(&entry.key.value) || did_you_mean(&entry.key.value, names()).is_some()
        })
}

fn read_map(node: &Node, map: &Map, problems: &mut Problems) -> Option<Matcher> {
    if map.entries.is_empty() {
        problems.push(
            Problem::new(node.place, "an empty matcher holds for everything")
                .expected(format!(
                    "one or more of {}",
                    names().collect::<Vec<_>>().join(", ")
                ))
                .help("write `{ present: true }`, or `{ equals: {} }` for an empty object"),
        );
        return None;
    }
    let mut all = Vec::new();
    for entry in &map.entries {
        let key = entry.key.value.as_str();
        if key == OF {
            if map.get("within").is_none() {
                problems.push(
                    Problem::new(entry.key.place, "`of` belongs to `within`")
                        .help("add `within: 300s`"),
                );
            }
        } else if let Some(word) = WORDS.iter().find(|word| word.name == key) {
            let read = (word.read)(&entry.value, problems);
            all.extend(match read {
                Some(Matcher::Within { seconds, .. }) => {
                    within_of(node, map, problems).map(|of| Matcher::Within { seconds, of })
                }
                other => other,
            });
        } else {
            let problem = strict_yaml::unknown(entry.key.place, "word of a matcher", key, names());
            problems.push(match problem.help {
                Some(_) => problem,
                None => problem.help("to compare with a map write `{ equals: { … } }`"),
            });
        }
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Matcher::All(all)),
    }
}

fn within_of(node: &Node, map: &Map, problems: &mut Problems) -> Option<String> {
    if let Some(of) = map.get(OF) {
        String::from_node(of, problems)
    } else {
        problems.push(
            Problem::new(node.place, "`within` needs `of`")
                .help("add `of: iat` (a sibling), or `of: now`"),
        );
        None
    }
}

/// A matcher deep inside a literal would be compared as a map and never hold, or always under `not`.
fn refuse_hidden(node: &Node, problems: &mut Problems) {
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| refuse_hidden(item, problems)),
        Value::Map(map) => {
            if !map.entries.is_empty() && map.entries.iter().all(|entry| is_word(&entry.key.value))
            {
                problems.push(
                    Problem::new(node.place, "a matcher inside a literal is not looked at")
                        .help("name the member by its path, `outer.inner: { … }`; or, if this is the value, write `{ equals: … }` around the whole"),
                );
                return;
            }
            map.entries
                .iter()
                .for_each(|entry| refuse_hidden(&entry.value, problems));
        }
        _ => {}
    }
}

/// A number of either kind.
struct Number(f64);

impl FromNode for Number {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        f64::from_node(node, problems).map(Self)
    }
}

impl Described for Number {
    fn schema(_: &mut Defs) -> serde_json::Value {
        json!({ "type": "number" })
    }
}

struct Length(usize);

impl FromNode for Length {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let length = u64::from_node(node, problems)?;
        usize::try_from(length).ok().map(Self)
    }
}

impl Described for Length {
    fn schema(_: &mut Defs) -> serde_json::Value {
        json!({ "type": "integer", "minimum": 0 })
    }
}

/// A regular expression that compiles.
struct Pattern(String);

impl FromNode for Pattern {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let pattern = String::from_node(node, problems)?;
        match regex::Regex::new(&pattern) {
            Ok(_) => Some(Self(pattern)),
            Err(error) => {
                let error = error.to_string();
                let reason = error
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                problems.push(
                    Problem::new(
                        node.place,
                        format!("this is no regular expression: {reason}"),
                    )
                    .help("in YAML, put it in single quotes, so that `\\` stays as it is"),
                );
                None
            }
        }
    }
}

impl Described for Pattern {
    fn schema(_: &mut Defs) -> serde_json::Value {
        json!({ "type": "string", "format": "regex" })
    }
}

/// A status: a number, a list of numbers any of which will do, or a matcher.
#[derive(Debug, Clone)]
pub(crate) struct StatusMatcher(pub(crate) Matcher);

impl FromNode for StatusMatcher {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let status = |node: &Node, problems: &mut Problems| match node.value {
            Value::Int(status) if (100..=599).contains(&status) => Some(ValueTemplate::Int(status)),
            _ => {
                problems.push(
                    Problem::new(node.place, "this is no HTTP status")
                        .expected("a number from 100 to 599"),
                );
                None
            }
        };
        Some(Self(match &node.value {
            Value::Map(_) => Matcher::from_node(node, problems)?,
            Value::Seq(items) => Matcher::OneOf(
                items
                    .iter()
                    .filter_map(|item| status(item, problems))
                    .collect(),
            ),
            _ => Matcher::Equals(status(node, problems)?),
        }))
    }
}

impl Described for StatusMatcher {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        let matcher = Matcher::schema(defs);
        let status = json!({ "type": "integer", "minimum": 100, "maximum": 599 });
        json!({ "if": { "type": "object" }, "then": matcher,
                "else": { "anyOf": [status, { "type": "array", "items": status, "minItems": 1 }] } })
    }
}

/// For people: `at most 300`, `"N_A"`, `present`.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[ValueTemplate]| {
            values
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Self::Equals(value) => write!(f, "{value}"),
            Self::OneOf(values) => write!(f, "one of {}", list(values)),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Contains(text) => write!(f, "contains {text}"),
            Self::StartsWith(text) => write!(f, "starts with {text}"),
            Self::EndsWith(text) => write!(f, "ends with {text}"),
            Self::Matches(pattern) => write!(f, "matches /{pattern}/"),
            Self::AtLeast(number) => write!(f, "at least {number}"),
            Self::AtMost(number) => write!(f, "at most {number}"),
            Self::Within { seconds, of } => write!(f, "within {seconds} s of {of}"),
            Self::Type(kind) => write!(f, "of type {}", format!("{kind:?}").to_lowercase()),
            Self::Present => f.write_str("present"),
            Self::Absent => f.write_str("absent"),
            Self::Scopes(scopes) => write!(f, "the scopes {scopes}"),
            Self::Includes(members) => {
                write!(
                    f,
                    "includes {}",
                    members
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }
            Self::LengthAtLeast(length) => write!(f, "of length at least {length}"),
            Self::DiffersFrom(value) => write!(f, "differs from {value}"),
            Self::All(all) => f.write_str(
                &all.iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" and "),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use strict_yaml::Document;

    use super::*;

    fn read(text: &str) -> Result<Matcher, Problems> {
        let document = Document::parse("m.yaml", text).unwrap();
        let mut problems = document.problems();
        let matcher = Matcher::from_node(&document.root, &mut problems);
        problems.into_result(()).map(|()| matcher.unwrap())
    }

    #[test]
    fn every_form() {
        let shown = |text: &str| read(text).unwrap().to_string();
        assert_eq!(shown("N_A"), "\"N_A\"");
        assert_eq!(shown("300"), "300");
        assert_eq!(shown("[a, 1]"), "[\"a\",1]");
        assert_eq!(
            shown("{ sub: '${agent.client_id}' }"),
            "{\"sub\":\"${agent.client_id}\"}"
        );
        assert_eq!(shown("{ equals: { present: true } }"), "{\"present\":true}");
        assert_eq!(
            shown("{ at_least: 1, at_most: 300 }"),
            "at least 1 and at most 300"
        );
        assert_eq!(shown("{ within: 5m, of: iat }"), "within 300 s of iat");
        assert_eq!(shown("{ not: { contains: x } }"), "not (contains x)");
        assert_eq!(shown("{ one_of: [a, null] }"), "one of \"a\", null");
        assert_eq!(shown("{ type: integer }"), "of type integer");
        assert_eq!(shown("{ matches: '^a$' }"), "matches /^a$/");
        assert_eq!(shown("{ includes: [a, b] }"), "includes a, b");
        assert_eq!(shown("{ length_at_least: 16 }"), "of length at least 16");
    }

    #[test]
    fn mistakes() {
        for text in [
            "{ at_mots: 300 }",
            "{ within: 300s }",
            "{ of: iat }",
            "{ present: false }",
            "{ matches: '(' }",
            "{}",
            "{ act: { sub: { present: true } } }",
            "{ at_most: '300' }",
            "{ present: true, colour: red }",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        insta::assert_snapshot!(read("{ act: { sub: { present: true } } }").unwrap_err());
    }
}
