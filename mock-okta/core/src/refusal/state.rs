//! The state of every row of Okta's published catalogue: emitted, of a flow that is not built, or out of reach.
//!
//! A row is *emitted* when a [`Refusal`] has its code; the other rows stand in `families.rs`, with one reason a family.
//! A test keeps the table exact: no row of the file is missing, none is named twice, none is invented.

use super::Refusal;
use super::families::{LATER, UNREACHABLE};

/// The catalogue as published: internal code, status, `error`.
const PUBLISHED: &str = include_str!("../../catalogue/okta-error-codes.csv");

/// A row of the catalogue with what the mock does about it.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueRow {
    /// Internal code.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// `error` on the wire.
    pub error: &'static str,
    /// What the mock does about it.
    pub state: RowState,
}

/// What the mock does about a row of the catalogue.
#[derive(Debug, Clone, Copy)]
pub enum RowState {
    /// The org refuses with it.
    Emitted(Refusal),
    /// It belongs to a flow that is not built.
    Later(&'static Family),
    /// Nothing a client sends can lead to it.
    Unreachable(&'static Family),
}

impl RowState {
    /// `emitted`, `later` or `unreachable`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emitted(_) => "emitted",
            Self::Later(_) => "later",
            Self::Unreachable(_) => "unreachable",
        }
    }

    /// Why it is not emitted; the words on the wire where it is.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Emitted(refusal) => refusal.text(),
            Self::Later(family) | Self::Unreachable(family) => family.reason,
        }
    }
}

/// Rows that are not emitted for one and the same reason.
#[derive(Debug)]
pub struct Family {
    /// What the rows have in common, in a few words.
    pub name: &'static str,
    /// Why they are not emitted.
    pub reason: &'static str,
    /// Internal codes.
    pub codes: &'static [&'static str],
}

/// Every row of the catalogue in its order, with its state, and after them the refusals that follow from an RFC alone.
///
/// A row that nobody placed would be left out; a test looks that none is.
pub fn catalogue() -> impl Iterator<Item = CatalogueRow> {
    let beyond = Refusal::ALL.iter().copied();
    let beyond = beyond.filter(|refusal| !refusal.is_published());
    let beyond = beyond.map(|refusal| CatalogueRow {
        code: refusal.code(),
        status: refusal.status(),
        error: refusal.error(),
        state: RowState::Emitted(refusal),
    });
    let published = PUBLISHED.lines().skip(1).filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let (status, error) = rest.split_once(',')?;
        Some(CatalogueRow {
            code,
            status: status.parse().ok()?,
            error,
            state: state_of(code)?,
        })
    });
    published.chain(beyond)
}

fn state_of(code: &str) -> Option<RowState> {
    let emitted = Refusal::ALL.iter().find(|refusal| refusal.code() == code);
    let within =
        |families: &'static [Family]| families.iter().find(|family| family.codes.contains(&code));
    emitted
        .map(|refusal| RowState::Emitted(*refusal))
        .or_else(|| within(LATER).map(RowState::Later))
        .or_else(|| within(UNREACHABLE).map(RowState::Unreachable))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_row_of_the_catalogue_has_exactly_one_state() {
        let mut placed: BTreeMap<&str, u32> = BTreeMap::new();
        let families = LATER.iter().chain(UNREACHABLE);
        let codes = families.flat_map(|family| family.codes.iter().copied());
        let emitted = Refusal::ALL.iter().filter(|one| one.is_published());
        for code in codes.chain(emitted.map(|refusal| refusal.code())) {
            *placed.entry(code).or_default() += 1;
        }
        let published: Vec<&str> = PUBLISHED
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .collect();
        for code in &published {
            assert_eq!(placed.remove(code), Some(1), "{code}: once, in one state");
        }
        assert_eq!(
            placed,
            BTreeMap::new(),
            "these are no rows of the catalogue"
        );
        let beyond = Refusal::ALL.iter().filter(|one| !one.is_published());
        assert_eq!(catalogue().count(), published.len() + beyond.count());
    }

    #[test]
    fn families_are_told_apart_and_give_a_reason() {
        let mut names: Vec<&str> = LATER
            .iter()
            .chain(UNREACHABLE)
            .map(|family| family.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), LATER.len() + UNREACHABLE.len());
        for row in catalogue() {
            assert!(!row.state.reason().is_empty(), "{}", row.code);
        }
    }
}
