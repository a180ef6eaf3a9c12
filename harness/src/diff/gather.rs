//! Gathers what differs in the same way in many cases.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Difference;
use super::observe::Subject;

/// What was seen of a subject in both runs.
type Seen = (Option<String>, Option<String>);

/// Differences by what they are.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    groups: BTreeMap<(Subject, Seen), Group>,
}

#[derive(Debug, Default)]
struct Group {
    places: BTreeSet<String>,
    cases: BTreeSet<String>,
}

impl Gathered {
    /// One difference in one case.
    pub(super) fn add(&mut self, case: &str, place: Option<&str>, subject: Subject, seen: Seen) {
        let group = self.groups.entry((subject, seen)).or_default();
        group.places.extend(place.map(str::to_owned));
        group.cases.insert(case.to_owned());
    }

    /// All, by kind of subject, what is in most cases first.
    pub(super) fn finish(self) -> Vec<Difference> {
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        // Stable: what is in as many cases stays ordered by name.
        groups.sort_by_key(|((subject, _), group)| {
            (subject.kind, std::cmp::Reverse(group.cases.len()))
        });
        groups
            .into_iter()
            .map(|((subject, (a, b)), group)| Difference {
                what: subject.name,
                a,
                b,
                places: group.places,
                cases: group.cases.into_iter().collect(),
            })
            .collect()
    }
}
