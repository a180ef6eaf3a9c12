//! Files that may hold secrets, and what messages about them must not show.

use crate::{Node, Place, Problems, Value};

/// Which values of a file are secret, wherever they stand: a key in the wrong map keeps its value to itself too.
#[derive(Debug, Clone, Copy)]
pub struct Guard<'g> {
    /// Keys with a secret as their value, or with a map or list that holds secrets.
    pub secrets: &'g [&'g str],
    /// Keys below them that say where a secret is. Their values are shown.
    pub references: &'g [&'g str],
}

impl Guard<'_> {
    /// Places of the secrets below a node.
    pub(crate) fn places(&self, text: &str, root: &Node) -> Vec<Place> {
        let mut places = Vec::new();
        self.look_below(text, root, false, &mut places);
        places
    }

    /// Lists and maps are nested less deep than [`MAX_DEPTH`](crate::MAX_DEPTH).
    fn look_below(&self, text: &str, node: &Node, is_secret: bool, places: &mut Vec<Place>) {
        match &node.value {
            Value::Map(map) => {
                for entry in &map.entries {
                    let key = entry.key.value.as_str();
                    let is_secret = !self.references.contains(&key)
                        && (is_secret || self.secrets.contains(&key));
                    if swallows_lines(text, entry.key.place) {
                        places.push(entry.key.place);
                    }
                    self.look_below(text, &entry.value, is_secret, places);
                }
            }
            Value::Seq(items) => {
                for item in items {
                    self.look_below(text, item, is_secret, places);
                }
            }
            _ if is_secret || swallows_lines(text, node.place) => places.push(node.place),
            _ => {}
        }
    }
}

/// Whether a quotation goes on in the next line. Most often it is not closed where it should be, and so holds what
/// stands below it, secrets included.
fn swallows_lines(text: &str, place: Place) -> bool {
    let quotation = text.get(place.bytes()).unwrap_or_default();
    quotation.starts_with(['"', '\'']) && quotation.contains('\n')
}

/// Conceals the lines of all mistakes, apart from the keys that they begin with.
pub(crate) fn conceal_lines(problems: &mut Problems) {
    let text = problems.text();
    let line_of = |place: Place| {
        let start = place.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].split('\n').next().unwrap_or_default();
        Place {
            start: line_start + length_of_key(line),
            end: line_start + line.len(),
            ..place
        }
    };
    let lines: Vec<Place> = problems
        .sorted()
        .iter()
        .map(|problem| line_of(problem.place))
        .collect();
    for line in lines {
        problems.conceal(line);
    }
}

/// How much of a line is its indentation, the hyphens of lists, and a key with its colon. A key is a plain word.
fn length_of_key(line: &str) -> usize {
    let word = line.trim_start_matches([' ', '-']);
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let behind = word.trim_start_matches(in_word);
    let value = match behind.strip_prefix(':') {
        Some(value) if behind.len() < word.len() && value.starts_with(' ') => {
            value.trim_start_matches(' ')
        }
        Some(value) if behind.len() < word.len() && value.is_empty() => value,
        _ => word,
    };
    line.len() - value.len()
}
