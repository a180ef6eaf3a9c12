//! A run of some cases, or of a part of them, so that nobody takes its report for one of the whole suite.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// So many filters are shown; whoever names more knows why.
const SHOWN: usize = 3;

/// Which cases of the suite a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Selection {
    /// Cases that were chosen; of a run in parts, those of all parts.
    pub chosen: usize,
    /// Cases that the suite has.
    pub suite: usize,
    /// What was named; empty when nothing was.
    pub filters: Vec<String>,
    /// Whether only what did not hold in an earlier run was chosen.
    pub rerun: bool,
    /// Whether they are a small set that cites every requirement which the chosen ones cite.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sample: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Selection {
    /// What tells this selection from others of the suite, in letters that an identifier may have.
    #[must_use]
    pub fn slug(&self) -> String {
        let named = self.filters.iter().map(|one| one.trim_end_matches('/'));
        let named = named.collect::<Vec<_>>().join("+");
        let safe = |c: char| match c {
            c if c.is_ascii_alphanumeric() || "+.-_".contains(c) => c,
            _ => '-',
        };
        let named: String = named.chars().map(safe).collect();
        let kind = match (self.sample, self.rerun) {
            (true, true) => "sample-rerun",
            (true, false) => "sample",
            (false, true) => "rerun",
            (false, false) => "only",
        };
        if named.is_empty() {
            return kind.to_owned();
        }
        format!("{kind}-{named}")
    }
}

impl fmt::Display for Selection {
    /// `Only 40 of the suite's 681 cases were chosen: secret/.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.chosen == 1 { "was" } else { "were" };
        write!(
            f,
            "Only {} of the suite's {} {} {verb} chosen: ",
            self.chosen,
            self.suite,
            if self.suite == 1 { "case" } else { "cases" }
        )?;
        if self.sample {
            f.write_str("a sample that cites each requirement once, so this is no complete run")?;
        }
        if self.sample && self.rerun {
            f.write_str("; ")?;
        }
        if self.rerun {
            f.write_str("what did not hold before")?;
        }
        if (self.sample || self.rerun) && !self.filters.is_empty() {
            f.write_str(", of ")?;
        }
        let shown = self.filters.iter().take(SHOWN).map(String::as_str);
        f.write_str(&shown.collect::<Vec<_>>().join(", "))?;
        if self.filters.len() > SHOWN {
            let more = self.filters.len() - SHOWN;
            let filters = if more == 1 { "filter" } else { "filters" };
            write!(f, " and {more} {filters} more")?;
        }
        f.write_str(".")
    }
}

/// Which part of a run this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// From 1.
    pub index: usize,
    /// How many parts there are.
    pub count: usize,
    /// Cases of all parts together.
    pub cases: usize,
    /// First 12 hex digits of SHA-256 of the ids of all these cases: parts of one run have the same.
    pub suite: String,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(filters: &[&str], rerun: bool) -> Selection {
        Selection {
            chosen: 40,
            suite: 681,
            filters: filters.iter().map(|one| (*one).to_owned()).collect(),
            rerun,
            sample: false,
        }
    }

    #[test]
    fn a_sample_says_that_it_is_one() {
        let sample = |filters: &[&str], rerun| Selection {
            sample: true,
            ..selection(filters, rerun)
        };
        for (selection, output, slug) in [
            (
                sample(&[], false),
                "a sample that cites each requirement once, so this is no complete run.",
                "sample",
            ),
            (
                sample(&["secret/"], false),
                "a sample that cites each requirement once, so this is no complete run, of secret/.",
                "sample-secret",
            ),
        ] {
            let whole = format!("Only 40 of the suite's 681 cases were chosen: {output}");
            assert_eq!(
                (selection.to_string(), selection.slug()),
                (whole, slug.to_owned())
            );
        }
    }

    #[test]
    fn it_says_by_what_was_chosen() {
        for (selection, output) in [
            (selection(&["secret/"], false), "secret/."),
            (selection(&[], true), "what did not hold before."),
            (
                selection(&["idjag", "secret"], true),
                "what did not hold before, of idjag, secret.",
            ),
            (
                selection(&["a", "b", "c", "d", "e"], false),
                "a, b, c and 2 filters more.",
            ),
        ] {
            let whole = format!("Only 40 of the suite's 681 cases were chosen: {output}");
            assert_eq!(selection.to_string(), whole);
        }
    }

    #[test]
    fn selections_have_names_of_their_own() {
        for (selection, slug) in [
            (selection(&["secret/"], false), "only-secret"),
            (
                selection(&["secret/", "sign-in/code", "*replay*"], false),
                "only-secret+sign-in-code+-replay-",
            ),
            (selection(&[], true), "rerun"),
            (selection(&["secret"], true), "rerun-secret"),
        ] {
            assert_eq!(selection.slug(), slug);
        }
    }
}
