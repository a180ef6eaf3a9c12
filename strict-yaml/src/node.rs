//! The tree: owned, in the order written, each node with its place.

use std::sync::Arc;

use crate::{Place, Problem, Problems, Spanned};

/// A file that is YAML.
#[derive(Debug, Clone)]
pub struct Document {
    /// What messages call it: a path as the user knows it.
    pub name: Arc<str>,
    /// The text, as read.
    pub text: Arc<str>,
    /// What it holds; an empty file holds [`Value::Null`].
    pub root: Node,
    /// Places of secrets.
    pub(crate) concealed: Vec<Place>,
}

impl Document {
    /// An empty collection of mistakes in this file, which shows none of its secrets.
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::new(self.name.clone(), self.text.clone());
        for place in &self.concealed {
            problems.conceal(*place);
        }
        problems
    }
}

/// A value and its place.
///
/// The place of a list or map in block style reaches from its first key or dash to the end of its last value.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// The values YAML's core schema knows. `yes`, `on` and `0777` are a string, a string and 777, as YAML 1.2 has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits; a longer one is a [`Value::Float`].
    Int(i64),
    /// Any other number. Finite or not: `.inf` and `.nan` are numbers in YAML.
    Float(f64),
    /// Everything else, and all that is quoted.
    String(String),
    /// A list.
    Seq(Vec<Node>),
    /// A map.
    Map(Map),
}

/// A map as written. Keys are strings and differ from one another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// In the order written.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

impl Map {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries
            .iter()
            .find(|entry| entry.key.value == key)
            .map(|entry| &entry.value)
    }
}

impl Node {
    /// What it is, as a message says it: "a string", "a list".
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_seq(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The map.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Whether nothing was written.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// "expected a string, found a list", with the help that fits what was found.
    pub fn mismatch(&self, expected: &str) -> Problem {
        let problem = Problem::new(
            self.place,
            format!("expected {expected}, found {}", self.kind()),
        );
        match &self.value {
            Value::Null => problem.help("write a value, or remove the key"),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) if expected.contains("string") => {
                problem.help("put it in quotes to make it a string")
            }
            Value::String(_) if expected == "a list" => problem.help("put it in brackets: `[…]`"),
            Value::String(text)
                if expected == "true or false"
                    && matches!(text.as_str(), "yes" | "no" | "on" | "off") =>
            {
                problem.help("`yes`, `no`, `on` and `off` are strings in YAML 1.2")
            }
            Value::String(text) if crate::scalar::resolves_to_other(text) => {
                problem.help("remove the quotes: quoted text is a string")
            }
            _ => problem,
        }
    }
}
