//! Counting requirements by role, tier and profile.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Entry, State};

/// How many requirements of one role, tier and profile there are in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Who has to meet them.
    pub role: &'static str,
    /// `core` or `extended`.
    pub tier: &'static str,
    /// Profile of the protocol.
    pub profile: &'static str,
    /// Tested.
    pub tested: usize,
    /// Not tested.
    pub untested: usize,
    /// Not tested, on purpose.
    pub excluded: usize,
}

/// Counts; one that both servers have to meet counts for each.
#[must_use]
pub fn counts(entries: &[Entry]) -> Vec<Count> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        let key = (entry.role, entry.tier.as_str(), entry.profile);
        let count = counts.entry(key).or_insert_with(|| Count {
            role: entry.role,
            tier: entry.tier.as_str(),
            profile: entry.profile,
            tested: 0,
            untested: 0,
            excluded: 0,
        });
        match entry.state {
            State::Tested => count.tested += 1,
            State::Untested => count.untested += 1,
            State::Excluded => count.excluded += 1,
        }
    }
    counts.into_values().collect()
}

/// How many entries are in a state.
pub(super) fn of(entries: &[Entry], state: State) -> usize {
    entries.iter().filter(|entry| entry.state == state).count()
}
