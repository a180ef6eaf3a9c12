//! The words of matchers: name, meaning, schema and reading, said once.

use regex::Regex;
use serde_json::json;
use strict_yaml::{FromNode, Node, Problem, Problems};

use crate::scenario::form::{Defs, Described, OneOrMany, Seconds, True};
use crate::scenario::model::{ChallengeMatcher, JsonType, Matcher, Template, ValueTemplate};

/// One word of the language of matchers.
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) schema: fn(&mut Defs) -> serde_json::Value,
    pub(super) read: fn(&Node, &mut Problems) -> Option<Matcher>,
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
pub(super) const WORDS: [Word; 25] = [
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
        "after",
        "An instant later than the sibling of this name.",
        String,
        Matcher::After
    ),
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
        "absent_or",
        "Not there, or as this matcher wants it.",
        Matcher,
        |inner| Matcher::AbsentOr(Box::new(inner))
    ),
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
    word!(
        "any_of",
        "At least one of these matchers holds.",
        Vec<Matcher>,
        Matcher::AnyOf
    ),
    word!(
        "subset_of",
        "Scopes, as a space-delimited string or a list, all of which are among these.",
        Template,
        Matcher::SubsetOf
    ),
    word!(
        "origin",
        "An absolute URL with the scheme, host and port of this one.",
        Template,
        Matcher::Origin
    ),
    word!(
        "media_type",
        "A Content-Type of this media type, or of one of these: in any case, with any parameters.",
        OneOrMany<String>,
        |types: OneOrMany<String>| Matcher::MediaType(types.0)
    ),
    word!(
        "directive",
        "A list of directives, such as Cache-Control, with one of this name: in any case, with a value or without.",
        String,
        Matcher::Directive
    ),
    word!(
        "challenge",
        "A WWW-Authenticate one of whose challenges has this `scheme` and these parameters.",
        ChallengeMatcher,
        |challenge| Matcher::Challenge(Box::new(challenge))
    ),
];

/// The sibling that `within` measures from.
pub(super) const OF: &str = "of";

/// All words, `of` included.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    WORDS.iter().map(|word| word.name).chain([OF])
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

/// A regular expression.
struct Pattern(Regex);

impl FromNode for Pattern {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let pattern = String::from_node(node, problems)?;
        let regex = Regex::new(&pattern).map_err(|error| {
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
        });
        regex.ok().map(Self)
    }
}

impl Described for Pattern {
    fn schema(_: &mut Defs) -> serde_json::Value {
        json!({ "type": "string", "format": "regex" })
    }
}
