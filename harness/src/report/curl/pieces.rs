//! What of a recorded value can be written down, and what only a variable can stand for.

use std::collections::BTreeMap;

use percent_encoding::percent_encode_byte;

use crate::evidence::{RecordedField, RecordedValue};

/// A part of a word of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Text(String),
    /// A shell variable: letters, digits and `_`, no digit first.
    Variable(String),
}

/// A word.
pub(super) type Pieces = Vec<Piece>;

/// The variables of one command: one a secret, wherever it stands.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Name by fingerprint.
    taken: BTreeMap<String, String>,
}

impl Names {
    /// The value of a parameter.
    pub(super) fn value(&mut self, field: &RecordedField) -> Pieces {
        match &field.value {
            RecordedValue::Plain { text } => self.marked(text, &field.name),
            RecordedValue::Secret { fingerprint } | RecordedValue::Jwt { fingerprint, .. } => {
                vec![self.variable(fingerprint, &field.name)]
            }
        }
    }

    /// A header field: `name: value`, or `name;`, which is how curl is told to send an empty one. Of `Authorization` the
    /// variable holds all, for the scheme is no part of what was recorded.
    pub(super) fn header(&mut self, field: &RecordedField) -> Pieces {
        let name = &field.name;
        let value = match &field.value {
            RecordedValue::Plain { text } if text.is_empty() => {
                return vec![Piece::Text(format!("{name};"))];
            }
            RecordedValue::Secret { fingerprint } | RecordedValue::Jwt { fingerprint, .. }
                if name.eq_ignore_ascii_case("authorization") =>
            {
                vec![self.variable(&format!("with its scheme {fingerprint}"), name)]
            }
            _ => self.value(field),
        };
        let mut pieces = vec![Piece::Text(format!("{name}: "))];
        pieces.extend(value);
        pieces
    }

    /// An address, whose secret parameters were replaced by marks.
    pub(super) fn address(&mut self, address: &str) -> Pieces {
        let pieces = self.marked(address, "secret");
        // No control character belongs into an address, whoever made it.
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => Piece::Text(without_control(&text)),
                variable @ Piece::Variable(_) => variable,
            })
            .collect()
    }

    /// A text in which marks such as `<secret 3fa98c01d2e4>` may stand for what was taken out.
    fn marked(&mut self, text: &str, name: &str) -> Pieces {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, fingerprint, behind)) = next_mark(rest) {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(self.variable(fingerprint, parameter_before(before).unwrap_or(name)));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        pieces
    }

    fn variable(&mut self, fingerprint: &str, field: &str) -> Piece {
        Piece::Variable(self.name(fingerprint, field))
    }

    /// The name of what has this fingerprint, made of the name of the first field that holds it.
    fn name(&mut self, fingerprint: &str, field: &str) -> String {
        if let Some(name) = self.taken.get(fingerprint) {
            return name.clone();
        }
        let base = variable_name(field);
        let mut name = base.clone();
        let mut number = 1;
        while self.taken.values().any(|taken| *taken == name) {
            number += 1;
            name = format!("{base}_{number}");
        }
        self.taken.insert(fingerprint.to_owned(), name.clone());
        name
    }
}

/// The text of a field that holds nothing else.
pub(super) fn plain(field: &RecordedField) -> Option<&str> {
    match &field.value {
        RecordedValue::Plain { text } => Some(text),
        RecordedValue::Secret { .. } | RecordedValue::Jwt { .. } => None,
    }
}

/// What stands before the first mark, its fingerprint, and what stands behind.
fn next_mark(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('<').find_map(|(at, _)| {
        let inner = text[at..]
            .strip_prefix("<secret ")
            .or_else(|| text[at..].strip_prefix("<jwt "))?;
        let (fingerprint, behind) = inner.split_once('>')?;
        let is_one = fingerprint.len() == 12 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
        is_one.then_some((&text[..at], fingerprint, behind))
    })
}

/// `code` of `…?state=1&code=`.
fn parameter_before(text: &str) -> Option<&str> {
    let name = text.strip_suffix('=')?;
    let start = name.rfind(['?', '&', '#', '"', ' ']).map_or(0, |at| at + 1);
    Some(&name[start..]).filter(|name| !name.is_empty())
}

/// `client_assertion` → `CLIENT_ASSERTION`, `X-Api-Key` → `X_API_KEY`.
fn variable_name(field: &str) -> String {
    let mut name: String = field
        .chars()
        .take(40)
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert_str(0, "SECRET_");
    }
    // What would make the shell itself behave otherwise.
    if ["PATH", "HOME", "IFS", "ENV", "PS1", "PS2", "PS4", "LANG"].contains(&name.as_str()) {
        name.insert_str(0, "THE_");
    }
    name
}

fn without_control(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            safe.extend(bytes.map(percent_encode_byte));
        } else {
            safe.push(character);
        }
    }
    safe
}
