//! From a node to a value of Rust.

use crate::{Node, Place, Problem, Problems, Spanned, Value};

/// What can be read from a node. Implement it for the types of a language of your own.
pub trait FromNode: Sized {
    /// Reads the node. `None` means that it could not be read and that why has been noted in `problems`.
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self>;
}

impl FromNode for String {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let text = node.as_str().map(str::to_owned);
        note(text, node, "a string", problems)
    }
}

impl FromNode for bool {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let value = if let Value::Bool(value) = node.value {
            Some(value)
        } else {
            None
        };
        note(value, node, "true or false", problems)
    }
}

impl FromNode for i64 {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let value = if let Value::Int(value) = node.value {
            Some(value)
        } else {
            None
        };
        note(value, node, "a whole number", problems)
    }
}

impl FromNode for u64 {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let number = i64::from_node(node, problems)?;
        let value = Self::try_from(number).ok();
        if value.is_none() {
            problems.push(Problem::new(
                node.place,
                "expected a whole number of at least 0, found a negative one",
            ));
        }
        value
    }
}

impl FromNode for f64 {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let value = match node.value {
            Value::Float(value) => Some(value),
            #[expect(
                clippy::cast_precision_loss,
                reason = "people write small numbers; a float is what is asked for"
            )]
            Value::Int(value) => Some(value as Self),
            _ => None,
        };
        note(value, node, "a number", problems)
    }
}

impl FromNode for Node {
    fn from_node(node: &Node, _: &mut Problems) -> Option<Self> {
        Some(node.clone())
    }
}

impl<T: FromNode> FromNode for Spanned<T> {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        T::from_node(node, problems).map(|value| Self::new(node.place, value))
    }
}

/// All items are read, so that the mistakes of all are noted, before one that failed fails the list.
impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let items = note(node.as_seq(), node, "a list", problems)?;
        let read: Vec<_> = items
            .iter()
            .map(|item| T::from_node(item, problems))
            .collect();
        read.into_iter().collect()
    }
}

impl Node {
    /// One of the words of a closed vocabulary.
    pub fn one_of<T: Clone>(&self, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let names = || words.iter().map(|(word, _)| *word);
        let expected = || format!("one of {}", names().collect::<Vec<_>>().join(", "));
        let Some(text) = self.as_str() else {
            problems.push(self.mismatch(&expected()));
            return None;
        };
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| value.clone());
        if found.is_none() {
            problems.push(unknown(self.place, "word", text, names()));
        }
        found
    }
}

/// "unknown word `x`" with the known ones and, if one is near, a question.
pub fn unknown<'c>(
    place: Place,
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'c str> + Clone,
) -> Problem {
    let list = known.clone().into_iter().collect::<Vec<_>>().join(", ");
    let problem = Problem::new(place, format!("unknown {what} `{name}`")).did_you_mean(name, known);
    if list.is_empty() {
        problem.expected("none here")
    } else {
        problem.expected(format!("one of {list}"))
    }
}

fn note<T>(value: Option<T>, node: &Node, expected: &str, problems: &mut Problems) -> Option<T> {
    if value.is_none() {
        problems.push(node.mismatch(expected));
    }
    value
}
