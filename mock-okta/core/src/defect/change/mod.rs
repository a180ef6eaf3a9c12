//! Changes: the bends that are data. A line says which part of which answer is different, and how; one interpreter makes
//! all of them, and knows of each whether an answer has what it changes.

mod access_token;
mod answers;
mod browser;
mod edit;
mod errors;
mod id_jag;
mod id_token;
mod interpret;
mod keys;
mod metadata;
mod path;
mod resource;
mod table;
mod token_state;

pub(super) use interpret::{change_outcome, change_response, touches};

use super::site::Site;
use edit::Edit;

const TABLES: [&[Change]; 10] = [
    id_token::CHANGES,
    id_jag::CHANGES,
    access_token::CHANGES,
    answers::CHANGES,
    errors::CHANGES,
    token_state::CHANGES,
    metadata::CHANGES,
    keys::CHANGES,
    resource::CHANGES,
    browser::CHANGES,
];

/// How many changes there are.
pub(super) const COUNT: usize = {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
};

/// Every change, in the order of the tables.
static ALL: [&Change; COUNT] = {
    let mut all = [&TABLES[0][0]; COUNT];
    let (mut at, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut line = 0;
        while line < TABLES[table].len() {
            all[at] = &TABLES[table][line];
            at += 1;
            line += 1;
        }
        table += 1;
    }
    all
};

/// A line of the tables, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(u16);

impl ChangeId {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are hundreds of changes, not thousands"
    )]
    pub(super) const fn new(number: usize) -> Self {
        assert!(number < COUNT);
        Self(number as u16)
    }

    pub(super) const fn number(self) -> usize {
        self.0 as usize
    }

    /// Part and path of every edit.
    pub(super) fn edits(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let edits = self.change().edits.iter();
        edits.map(|edited| (edited.part.name(), edited.path))
    }

    pub(super) const fn change(self) -> &'static Change {
        ALL[self.number()]
    }

    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..COUNT).map(Self::new)
    }
}

/// One change of an answer.
#[derive(Debug)]
pub(super) struct Change {
    /// Its name, unique among bends.
    pub(super) id: &'static str,
    /// The answers that it is about.
    pub(super) site: Site,
    /// What is different in them.
    edits: &'static [Edited],
    /// What goes wrong, in one sentence.
    pub(super) text: &'static str,
}

/// One edit, and where it is made.
#[derive(Debug)]
struct Edited {
    part: AnswerPart,
    path: &'static str,
    edit: Edit,
}

/// A part of an answer. Each is seen as an object, so that all are edited in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AnswerPart {
    /// Claims of the ID token.
    IdToken,
    /// Claims of the token in `access_token`.
    AccessToken,
    /// Members of a successful JSON answer.
    Body,
    /// Members of an error answer.
    Error,
    /// Parameters of the address in `Location`.
    Location,
    /// Header fields, in lower case.
    Header,
    /// `status`, the status code.
    Status,
}

impl AnswerPart {
    const fn name(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::AccessToken => "access_token",
            Self::Body => "body",
            Self::Error => "error",
            Self::Location => "location",
            Self::Header => "header",
            Self::Status => "status",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::edit::Source;
    use super::*;

    #[test]
    fn every_line_is_well_formed() {
        for line in ChangeId::all() {
            let change = line.change();
            assert!(!change.edits.is_empty(), "{}", change.id);
            for edited in change.edits {
                assert!(!edited.path.is_empty(), "{}", change.id);
                if let Edit::Set(Source::Json(json))
                | Edit::Replace(Source::Json(json))
                | Edit::Push(json) = edited.edit
                {
                    let read: Result<serde_json::Value, _> = serde_json::from_str(json);
                    assert!(read.is_ok(), "{}: {json}", change.id);
                }
                if edited.part == AnswerPart::Header {
                    let name = http::HeaderName::from_lowercase(edited.path.as_bytes());
                    assert!(name.is_ok(), "{}", change.id);
                }
            }
        }
    }
}
