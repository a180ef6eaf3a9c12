//! Gathers what differs in the same way in many cases.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Difference;
use super::subject::{Seen, Subject};

/// What was seen of a subject in both runs.
pub(super) type InBoth = (Option<Seen>, Option<Seen>);

/// Differences by what they are.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    groups: BTreeMap<(Subject, InBoth), Group>,
}

#[derive(Debug, Default)]
struct Group {
    places: BTreeSet<String>,
    cases: BTreeSet<String>,
}

impl Gathered {
    /// One difference in one case.
    pub(super) fn add(&mut self, case: &str, place: Option<&str>, subject: Subject, seen: InBoth) {
        let group = self.groups.entry((subject, seen)).or_default();
        group.places.extend(place.map(str::to_owned));
        group.cases.insert(case.to_owned());
    }

    /// All, by kind of subject, what is in most cases first, and what is in as many by name.
    pub(super) fn finish(self) -> Vec<Difference> {
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        groups.sort_by_cached_key(|((subject, (a, b)), group)| {
            let text = |seen: &Option<Seen>| seen.as_ref().map(Seen::to_string);
            let cases = std::cmp::Reverse(group.cases.len());
            (subject.kind(), cases, subject.to_string(), text(a), text(b))
        });
        groups
            .into_iter()
            .map(|((subject, (a, b)), group)| Difference {
                what: subject,
                a,
                b,
                places: group.places,
                cases: group.cases.into_iter().collect(),
            })
            .collect()
    }
}
