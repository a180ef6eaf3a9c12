//! The matrix: what became of each defect. Pure data, the same in every run: no times, no addresses.

use crate::result::Aspect;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Version of the shape of `selftest.json`.
pub const MATRIX_VERSION: u32 = 2;

/// The matrix in the binary: that of the embedded mock org.
const EMBEDDED: &str = include_str!("../../../reports/embedded/selftest.json");

/// What became of every defect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// Shape of this document.
    pub version: u32,
    /// Editions of the guide that were followed, in the order in which they were tried.
    pub editions: Vec<String>,
    /// Profiles that were judged.
    pub profiles: Vec<String>,
    /// Counts.
    pub summary: Counts,
    /// One row a defect, ordered by id.
    pub defects: Vec<Row>,
}

/// How many defects had each fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// Caught by the right requirement: a run would exit with 1.
    pub caught: usize,
    /// Noticed by the right requirement, which is only a SHOULD: a run would exit with 0.
    #[serde(default)]
    pub warned: usize,
    /// Breaks nothing that the chosen profiles demand.
    #[serde(default)]
    pub set_aside: usize,
    /// Told apart by the internal code alone.
    #[serde(default)]
    pub code_only: usize,
    /// Caught by another.
    pub elsewhere: usize,
    /// Seen by the right requirement, which judges nobody.
    #[serde(default)]
    pub observed: usize,
    /// Met, and not noticed.
    pub survived: usize,
    /// Never met.
    pub untouched: usize,
    /// Cannot be noticed.
    pub equivalent: usize,
    /// What the file says of it is not so.
    pub stale: usize,
    /// Not run.
    pub not_run: usize,
}

/// What became of a defect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// `mute/…` or `bend/…`.
    pub id: String,
    /// What goes wrong, in one sentence.
    pub summary: String,
    /// What became of it.
    pub fate: Fate,
    /// The check that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch: Option<Catch>,
    /// Why it cannot be noticed, why a warning is enough, why it was not judged or not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Requirements that the file says it breaks, where it says so and none of them was seen to be broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<String>,
    /// Some of the cases that meet it, where none notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met_in: Vec<String>,
    /// Requirements whose checks failed under it and hold without it, those of internal codes left out, by the server that was asked: `org`, `custom` or
    /// `other`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub broke: BTreeMap<String, BTreeSet<String>>,
}

/// What became of a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A check that cites a requirement it breaks fails, so a run exits with 1.
    Caught,
    /// Such a check does not hold, but what it cites is a SHOULD, so a run exits with 0. Fine only where the file says
    /// why.
    Warned,
    /// Nobody can notice it, for a reason.
    Equivalent,
    /// What it breaks belongs to profiles that are not chosen.
    SetAside,
    /// The answer is another rule's, alike but for the internal code, which only a mock shows.
    CodeOnly,
    /// A check does not hold, but it cites something else.
    Elsewhere,
    /// A check that cites a requirement it breaks sees it, but judges nobody.
    Observed,
    /// Cases meet it, and all of them hold or cannot be judged.
    Survived,
    /// No case meets it.
    Untouched,
    /// Said to be equivalent or worth a warning, and caught.
    Stale,
    /// The selftest ended before it.
    NotRun,
}

impl Fate {
    /// All, the best first.
    pub const ALL: [Self; 11] = [
        Self::Caught,
        Self::Warned,
        Self::Equivalent,
        Self::SetAside,
        Self::CodeOnly,
        Self::Elsewhere,
        Self::Observed,
        Self::Survived,
        Self::Untouched,
        Self::Stale,
        Self::NotRun,
    ];

    /// As people read it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Caught => "caught by the right requirement",
            Self::Warned => "warned of: what it breaks is a SHOULD",
            Self::Equivalent => "equivalent",
            Self::SetAside => "not judged by the chosen profiles",
            Self::CodeOnly => "told apart by the internal code alone",
            Self::Elsewhere => "caught by another requirement",
            Self::Observed => "observed, and judged by nobody",
            Self::Survived => "survived",
            Self::Untouched => "survived: no case meets it",
            Self::Stale => "not as the file of defects says: it is caught",
            Self::NotRun => "not run",
        }
    }

    /// Which of two editions has the say: one that knows more, or that found something.
    const fn weight(self) -> u8 {
        match self {
            Self::Stale => 0,
            Self::Caught => 1,
            Self::Warned => 2,
            Self::CodeOnly => 3,
            Self::Elsewhere => 4,
            Self::NotRun => 5,
            Self::Observed => 6,
            Self::Survived => 7,
            Self::Equivalent => 8,
            Self::SetAside => 9,
            Self::Untouched => 10,
        }
    }
}

/// A check that does not hold because of a defect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Catch {
    /// Requirement cited.
    pub requirement: String,
    /// Id of the case, or of the rule for every answer.
    pub case: String,
    /// The case in which a rule for every answer was first broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_in: Option<String>,
    /// Step of the case.
    pub step: String,
    /// What was looked at.
    pub check: Aspect,
    /// Edition of the guide.
    pub edition: String,
}

impl Catch {
    /// The case to run to see it again.
    #[must_use]
    pub fn to_run(&self) -> &str {
        self.seen_in.as_deref().unwrap_or(&self.case)
    }
}

impl Row {
    /// A row of which nothing is known but its fate.
    #[must_use]
    pub fn new(id: &str, summary: &str, fate: Fate) -> Self {
        Self {
            id: id.to_owned(),
            summary: summary.to_owned(),
            fate,
            catch: None,
            reason: None,
            breaks: Vec::new(),
            met_in: Vec::new(),
            broke: BTreeMap::new(),
        }
    }

    /// Whether the defect is as it should be. A warning is enough only where the file of defects says why.
    #[must_use]
    pub const fn is_fine(&self) -> bool {
        match self.fate {
            Fate::Caught | Fate::Equivalent | Fate::SetAside => true,
            Fate::Warned => self.reason.is_some(),
            _ => false,
        }
    }

    /// What two editions say of one defect: it is caught if one of them catches it.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (mut better, worse) = if other.fate.weight() < self.fate.weight() {
            (other, self)
        } else {
            (self, other)
        };
        for (server, cited) in worse.broke {
            better.broke.entry(server).or_default().extend(cited);
        }
        better
    }
}

impl Matrix {
    /// A matrix of these rows.
    #[must_use]
    pub fn new(editions: Vec<String>, profiles: Vec<String>, mut rows: Vec<Row>) -> Self {
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            version: MATRIX_VERSION,
            editions,
            profiles,
            summary: Counts::of(&rows),
            defects: rows,
        }
    }

    /// The matrix of the embedded mock org, as checked in.
    ///
    /// # Errors
    /// It is not a matrix. A test sees to it that it is.
    pub fn embedded() -> Result<Self, serde_json::Error> {
        serde_json::from_str(EMBEDDED)
    }

    /// The row of a defect.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.defects.iter().find(|row| row.id == id)
    }

    /// Whether some defect makes a check fail that cites this requirement, asked of this server, or of any.
    #[must_use]
    pub fn shows(&self, requirement: &str, server: Option<&str>) -> bool {
        self.defects.iter().any(|row| {
            row.broke.iter().any(|(whose, cited)| {
                server.is_none_or(|server| server == whose) && cited.contains(requirement)
            })
        })
    }
}

impl Counts {
    fn of(rows: &[Row]) -> Self {
        let mut counts = Self {
            total: rows.len(),
            ..Self::default()
        };
        for row in rows {
            *counts.slot(row.fate) += 1;
        }
        counts
    }

    /// How many had this fate.
    #[must_use]
    pub const fn count(&self, fate: Fate) -> usize {
        match fate {
            Fate::Caught => self.caught,
            Fate::Warned => self.warned,
            Fate::SetAside => self.set_aside,
            Fate::Observed => self.observed,
            Fate::Equivalent => self.equivalent,
            Fate::CodeOnly => self.code_only,
            Fate::Elsewhere => self.elsewhere,
            Fate::Survived => self.survived,
            Fate::Untouched => self.untouched,
            Fate::Stale => self.stale,
            Fate::NotRun => self.not_run,
        }
    }

    const fn slot(&mut self, fate: Fate) -> &mut usize {
        match fate {
            Fate::Caught => &mut self.caught,
            Fate::Warned => &mut self.warned,
            Fate::SetAside => &mut self.set_aside,
            Fate::Observed => &mut self.observed,
            Fate::Equivalent => &mut self.equivalent,
            Fate::CodeOnly => &mut self.code_only,
            Fate::Elsewhere => &mut self.elsewhere,
            Fate::Survived => &mut self.survived,
            Fate::Untouched => &mut self.untouched,
            Fate::Stale => &mut self.stale,
            Fate::NotRun => &mut self.not_run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, fate: Fate) -> Row {
        Row::new(id, "Something is wrong.", fate)
    }

    #[test]
    fn the_matrix_in_the_binary_is_one() {
        let matrix = Matrix::embedded().unwrap();
        assert_eq!(matrix.version, MATRIX_VERSION);
        assert_eq!(matrix.summary, Counts::of(&matrix.defects));
    }

    #[test]
    fn a_requirement_is_shown_where_its_check_failed_and_not_elsewhere() {
        let mut row = row("bend/a", Fate::Caught);
        let cited = BTreeSet::from(["token.post-only".to_owned()]);
        row.broke.insert("org".to_owned(), cited);
        let matrix = Matrix::new(Vec::new(), Vec::new(), vec![row]);
        assert!(matrix.shows("token.post-only", None));
        assert!(matrix.shows("token.post-only", Some("org")));
        assert!(!matrix.shows("token.post-only", Some("custom")));
        assert!(!matrix.shows("idjag.typ", None));
    }

    #[test]
    fn counts_add_up() {
        let rows = Fate::ALL.map(|fate| row("x", fate));
        let counts = Counts::of(&rows);
        let sum: usize = Fate::ALL.iter().map(|fate| counts.count(*fate)).sum();
        assert_eq!((sum, counts.total), (11, 11));
    }

    #[test]
    fn of_two_editions_the_one_that_found_something_has_the_say() {
        use Fate::{
            Caught, CodeOnly, Elsewhere, Equivalent, NotRun, Observed, Stale, Survived, Untouched,
            Warned,
        };
        for (one, other, both) in [
            (Warned, Caught, Caught),
            (Warned, Elsewhere, Warned),
            (Observed, Survived, Observed),
            (Untouched, Caught, Caught),
            (Elsewhere, Caught, Caught),
            (CodeOnly, Caught, Caught),
            (CodeOnly, Survived, CodeOnly),
            (Elsewhere, Survived, Elsewhere),
            (Survived, Untouched, Survived),
            (Survived, NotRun, NotRun),
            (Equivalent, Stale, Stale),
            (Equivalent, Equivalent, Equivalent),
        ] {
            let fate = row("x", one).or(row("x", other)).fate;
            assert_eq!(fate, both, "{one:?} {other:?}");
            assert_eq!(row("x", other).or(row("x", one)).fate, both);
        }
    }
}
