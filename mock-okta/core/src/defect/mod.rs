//! Defects: ways in which an authorization server goes wrong, built in on purpose, so that tests can be tested.
//!
//! Two kinds. A **mute** is a refusal that is not made: every [`Refusal`] is one, by enumeration. Where a request can go
//! on without the refusal it does; where there is nothing to go on with, the org fails on what is missing and
//! answers 500, as a server does that forgot a check. A **bend** is an answer, token or header that is not what it
//! should be: see [`Bend`].
//!
//! A defect never makes a request of its own kind: an org without defects asks the same rules in the same order.

mod answers;
mod apply;
mod bend;
mod change;
mod headers;
mod pages;
mod places;
mod redirects;
mod site;
mod tokens;
mod work;

pub use bend::Bend;
pub use change::ChangeId;

pub(crate) use apply::apply;
pub(crate) use headers::change_finished;
pub(crate) use site::Sites;

use std::collections::BTreeSet;
use std::fmt;

use strict_yaml::did_you_mean;

use crate::refusal::Refusal;

/// One way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// A refusal that is not made.
    Mute(Refusal),
    /// An answer that is not what it should be.
    Bend(Bend),
}

impl Defect {
    /// Every defect: the mutes in the order of the catalogue, then the bends.
    pub fn all() -> impl Iterator<Item = Self> {
        let mutes = Refusal::ALL.iter().copied().map(Self::Mute);
        mutes.chain(Bend::ALL.iter().copied().map(Self::Bend))
    }

    /// What goes wrong, in one sentence.
    pub fn summary(self) -> String {
        match self {
            Self::Mute(refusal) => format!("Not refused: {}", refusal.text()),
            Self::Bend(bend) => bend.text().to_owned(),
        }
    }

    /// Reads an id such as `mute/id_jag_replayed` or `bend/id-jag-typ-missing`.
    ///
    /// # Errors
    /// When no defect has the id, with the nearest one that exists.
    pub fn parse(id: &str) -> Result<Self, UnknownDefect> {
        Self::all()
            .find(|defect| defect.to_string() == id)
            .ok_or_else(|| UnknownDefect {
                id: id.to_owned(),
                near: nearest(id),
            })
    }
}

/// The id.
impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mute(refusal) => write!(f, "mute/{}", refusal.code()),
            Self::Bend(bend) => write!(f, "bend/{}", bend.id()),
        }
    }
}

fn nearest(id: &str) -> Option<String> {
    let known: Vec<String> = Defect::all().map(|defect| defect.to_string()).collect();
    did_you_mean(id, known.iter().map(String::as_str)).map(str::to_owned)
}

/// There is no such defect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no defect `{id}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownDefect {
    /// As written.
    pub id: String,
    /// The nearest id that exists.
    pub near: Option<String>,
}

/// The defects an org has. None, unless somebody asked for some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defects {
    muted: BTreeSet<Refusal>,
    bent: BTreeSet<Bend>,
}

impl Defects {
    /// Whether a refusal is not made.
    pub fn mutes(&self, refusal: Refusal) -> bool {
        !self.muted.is_empty() && self.muted.contains(&refusal)
    }

    /// Whether an answer is bent so.
    pub fn bends(&self, bend: Bend) -> bool {
        !self.bent.is_empty() && self.bent.contains(&bend)
    }

    /// Every defect, in the order of [`Defect::all`].
    pub fn iter(&self) -> impl Iterator<Item = Defect> {
        let mutes = self.muted.iter().copied().map(Defect::Mute);
        mutes.chain(self.bent.iter().copied().map(Defect::Bend))
    }

    pub(crate) fn bent(&self) -> impl Iterator<Item = Bend> {
        self.bent.iter().copied()
    }
}

impl Extend<Defect> for Defects {
    fn extend<T: IntoIterator<Item = Defect>>(&mut self, defects: T) {
        for defect in defects {
            match defect {
                Defect::Mute(refusal) => drop(self.muted.insert(refusal)),
                Defect::Bend(bend) => drop(self.bent.insert(bend)),
            }
        }
    }
}

impl FromIterator<Defect> for Defects {
    fn from_iter<T: IntoIterator<Item = Defect>>(defects: T) -> Self {
        let mut all = Self::default();
        all.extend(defects);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_defect_is_found_by_its_id_and_says_what_it_is() {
        for defect in Defect::all() {
            assert_eq!(Defect::parse(&defect.to_string()), Ok(defect));
            let summary = defect.summary();
            assert!(summary.ends_with('.'), "{defect}: {summary}");
        }
    }

    #[test]
    fn ids_are_told_apart() {
        let ids: BTreeSet<String> = Defect::all().map(|defect| defect.to_string()).collect();
        assert_eq!(ids.len(), Defect::all().count());
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_with_the_right_id() {
        let error = Defect::parse("mute/id_jag_replyed").expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "there is no defect `mute/id_jag_replyed`; did you mean `mute/id_jag_replayed`?"
        );
    }
}
