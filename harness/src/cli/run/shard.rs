//! `--shard i/n`: a part of the scenarios, the same in every run, about as much work as every other part.

use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::cli::select::result_id;
use crate::result::Shard;
use crate::scenario::model::Scenario;

/// Which part of how many, as the user writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    index: usize,
    count: usize,
}

/// No part of anything.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected i/n, the i-th of n parts, such as 1/3, 2/3 and 3/3")]
pub(super) struct NoShare;

impl FromStr for Share {
    type Err = NoShare;

    fn from_str(text: &str) -> Result<Self, NoShare> {
        let (index, count) = text.split_once('/').ok_or(NoShare)?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten().ok_or(NoShare)
        };
        let (index, count) = (number(index)?, number(count)?);
        if index == 0 || index > count {
            return Err(NoShare);
        }
        Ok(Self { index, count })
    }
}

/// This part of the scenarios, and what its report says of it. A scenario is never split: its cases need their twin.
pub(super) fn split(scenarios: Vec<Scenario>, wanted: Share) -> (Vec<Scenario>, Shard) {
    let shard = Shard {
        index: wanted.index,
        count: wanted.count,
        cases: scenarios.iter().map(weight).sum(),
        suite: suite(&scenarios),
    };
    let parts = parts(&scenarios, wanted.count);
    let mine = scenarios
        .into_iter()
        .zip(parts)
        .filter(|(_, part)| *part == wanted.index)
        .map(|(scenario, _)| scenario);
    (mine.collect(), shard)
}

/// The part that each scenario belongs to, from 1: the heaviest first, each to the part that has least so far.
fn parts(scenarios: &[Scenario], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scenarios.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&scenarios[*a], &scenarios[*b]);
        weight(b).cmp(&weight(a)).then_with(|| a.id.cmp(&b.id))
    });
    // No more parts than can have something: who asks for a billion waits no longer.
    let mut loads = vec![0; count.min(scenarios.len().max(1))];
    let mut parts = vec![0; scenarios.len()];
    for at in order {
        let lightest = loads
            .iter()
            .enumerate()
            .min_by_key(|(_, load)| **load)
            .map_or(0, |(part, _)| part);
        loads[lightest] += weight(&scenarios[at]);
        parts[at] = lightest + 1;
    }
    parts
}

/// How much work a scenario is: its base flow and its cases.
fn weight(scenario: &Scenario) -> usize {
    1 + scenario.cases.len()
}

/// What was chosen, in 12 hex digits.
fn suite(scenarios: &[Scenario]) -> String {
    let mut ids: Vec<String> = scenarios
        .iter()
        .flat_map(|scenario| {
            let cases = scenario.cases.iter().map(Some);
            std::iter::once(None)
                .chain(cases)
                .map(|case| result_id(scenario, case))
        })
        .collect();
    ids.sort();
    let mut digest = Sha256::new();
    for id in ids {
        digest.update(id.as_bytes());
        digest.update([b'\n']);
    }
    base16ct::lower::encode_string(&digest.finalize()[..6])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario;

    fn share(text: &str) -> Share {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_is_the_ith_of_n() {
        assert_eq!(share("2/3"), Share { index: 2, count: 3 });
        for wrong in [
            "", "2", "0/3", "4/3", "a/3", "1/", "+1/3", "1/3/5", "-1/3", "1/0",
        ] {
            assert_eq!(wrong.parse::<Share>(), Err(NoShare), "{wrong}");
        }
    }

    #[test]
    fn the_parts_are_the_whole_once_and_about_equal() {
        let all = scenario::embedded().unwrap();
        let total: usize = all.iter().map(weight).sum();
        let heaviest = all.iter().map(weight).max().unwrap();
        for count in [1, 2, 3, 7] {
            let mut ids = BTreeSet::new();
            let mut suites = BTreeSet::new();
            let mut found = 0;
            for index in 1..=count {
                let (part, shard) = split(all.clone(), Share { index, count });
                let cases: usize = part.iter().map(weight).sum();
                assert!(
                    cases.abs_diff(total / count) <= heaviest,
                    "{cases} of {total} in part {index} of {count}"
                );
                assert_eq!(shard.cases, total);
                ids.extend(part.iter().map(|scenario| scenario.id.clone()));
                suites.insert(shard.suite);
                found += part.len();
            }
            assert_eq!((found, ids.len(), suites.len()), (all.len(), all.len(), 1));
        }
    }

    #[test]
    fn the_order_in_which_scenarios_are_read_does_not_matter() {
        let all = scenario::embedded().unwrap();
        let backwards: Vec<Scenario> = all.iter().rev().cloned().collect();
        let ids = |scenarios: Vec<Scenario>| -> BTreeSet<String> {
            let (part, _) = split(scenarios, share("2/3"));
            part.into_iter().map(|scenario| scenario.id).collect()
        };
        assert_eq!(ids(all.clone()), ids(backwards));
        let (_, shard) = split(all.clone(), share("1/3"));
        let (_, fewer) = split(all[1..].to_vec(), share("1/3"));
        assert_ne!(shard.suite, fewer.suite);
    }

    #[test]
    fn a_part_may_be_empty() {
        let all = scenario::embedded().unwrap();
        let (part, shard) = split(all, share("999999999999/999999999999"));
        assert!(part.is_empty());
        assert!(shard.cases > 100);
    }
}
