//! Finds who notices which variation, with as few runs as that takes: many variations at once, and where something is
//! noticed, the cases that noticed once more under each variation alone.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::model::{Judged, Reaction};
use super::notice::{Plain, Rights, Sighting};
use super::orgs::Orgs;
use crate::requirement::Profiles;
use crate::selftest::control::Variation;

/// Some profiles, and what a clean run says under them.
pub(super) struct Search<'b> {
    pub(super) orgs: &'b Orgs,
    pub(super) profiles: &'b Profiles,
    pub(super) plain: &'b Plain,
    /// The cases that each variation can touch, of those that are judged here.
    pub(super) touched: &'b BTreeMap<String, BTreeSet<String>>,
}

/// What became of variations, by id.
pub(super) type Judgements = BTreeMap<String, Judged>;

/// Cases that stand for all that noticed: one of each kind.
type Examples = BTreeSet<String>;

impl Search<'_> {
    /// Judges variations that exclude each other in nothing.
    pub(super) async fn judge(&self, group: Vec<Variation>) -> Judgements {
        let mut found = Judgements::new();
        let (mut left, untouched) = self.part(group);
        for variation in untouched {
            found.insert(variation.id, Judged::plain(Reaction::Untouched));
        }
        let mut among = None;
        while !left.is_empty() {
            match self.round(&mut left, &mut found, among.as_ref()).await {
                Ok(Some(unlike)) => among = Some(unlike),
                Ok(None) => break,
                Err(why) => {
                    for variation in left.drain(..) {
                        let mut judged = Judged::plain(Reaction::NotRun);
                        judged.reason = Some(why.clone());
                        found.insert(variation.id, judged);
                    }
                }
            }
        }
        for variation in left {
            found.insert(variation.id, Judged::plain(Reaction::Unnoticed));
        }
        found
    }

    /// One run of all that is left, by all that it touches or `among` some cases. Those that are noticed are judged alone
    /// and leave; then it says in which cases they may have hidden others. `None` when none is noticed.
    async fn round(
        &self,
        left: &mut Vec<Variation>,
        found: &mut Judgements,
        among: Option<&BTreeSet<String>>,
    ) -> Result<Option<BTreeSet<String>>, String> {
        let all: Vec<&Variation> = left.iter().collect();
        let mut cases = self.cases(&all);
        cases.retain(|case| among.is_none_or(|among| among.contains(*case)));
        if cases.is_empty() {
            return Ok(None);
        }
        let on = all.iter().map(|variation| variation.id.as_str()).collect();
        let run = self.orgs.run(self.profiles, &on, &cases).await?;
        let seen = self.plain.noticed(&run);
        if seen.is_empty() {
            return Ok(None);
        }
        let unlike = self.plain.unlike(&run);
        if let [only] = all[..] {
            found.insert(only.id.clone(), self.judged(only, seen));
            left.clear();
            return Ok(Some(unlike));
        }
        let examples = examples(&seen);
        let alone = all.iter().map(|variation| self.alone(variation, &examples));
        let mut noticed = BTreeMap::new();
        for (variation, judged) in all.iter().zip(join_all(alone).await) {
            if let Some(judged) = judged? {
                noticed.insert(variation.id.clone(), judged);
            }
        }
        if noticed.is_empty() {
            noticed = self.together(&all, &examples).await?;
        }
        left.retain(|variation| !noticed.contains_key(&variation.id));
        // What nobody could bring about again was luck: other cases did something meanwhile.
        let some = !noticed.is_empty();
        found.append(&mut noticed);
        Ok(some.then_some(unlike))
    }

    /// What becomes of one variation without the others, judged by the cases that noticed; by all it touches where one
    /// of them may not notice. `None` when none of these notices.
    async fn alone(
        &self,
        variation: &Variation,
        examples: &Examples,
    ) -> Result<Option<Judged>, String> {
        let cases = self.cases(&[variation]);
        let some: BTreeSet<&str> = (cases.iter().copied())
            .filter(|case| examples.contains(*case))
            .collect();
        if some.is_empty() {
            return Ok(None);
        }
        let seen = self.seen(&[variation], &some).await?;
        if seen.is_empty() {
            return Ok(None);
        }
        let judged = self.judged(variation, seen);
        if judged.outcome != Reaction::Misjudged {
            return Ok(Some(judged));
        }
        let seen = self.seen(&[variation], &cases).await?;
        Ok(Some(self.judged(variation, seen)))
    }

    /// The fewest variations that are noticed only beside each other; none where even all are not noticed again.
    async fn together(
        &self,
        all: &[&Variation],
        examples: &Examples,
    ) -> Result<Judgements, String> {
        let some: BTreeSet<&str> = examples.iter().map(String::as_str).collect();
        let mut left = all.to_vec();
        if self.seen(&left, &some).await?.is_empty() {
            return Ok(Judgements::new());
        }
        for variation in all {
            let fewer: Vec<&Variation> = (left.iter().copied())
                .filter(|other| other.id != variation.id)
                .collect();
            if !fewer.is_empty() && !self.seen(&fewer, &some).await?.is_empty() {
                left = fewer;
            }
        }
        let seen = self.seen(&left, &some).await?;
        let mut found = Judgements::new();
        for variation in &left {
            let others = left.iter().filter(|other| other.id != variation.id);
            let others: Vec<String> = others.map(|other| other.id.clone()).collect();
            let mut judged = self.judged(variation, seen.clone());
            for notice in judged.noticed.iter_mut().chain(&mut judged.wrongly) {
                notice.together_with.clone_from(&others);
            }
            found.insert(variation.id.clone(), judged);
        }
        Ok(found)
    }

    fn judged(&self, variation: &Variation, seen: Vec<Sighting>) -> Judged {
        let catalogue = &self.orgs.input().catalogue;
        let rights = Rights::new(variation, self.profiles, catalogue);
        let (noticed, wrongly) = rights.part(seen);
        Judged::of(noticed, wrongly)
    }

    async fn seen(
        &self,
        on: &[&Variation],
        cases: &BTreeSet<&str>,
    ) -> Result<Vec<Sighting>, String> {
        let on = on.iter().map(|variation| variation.id.as_str()).collect();
        let run = self.orgs.run(self.profiles, &on, cases).await?;
        Ok(self.plain.noticed(&run))
    }

    fn cases(&self, of: &[&Variation]) -> BTreeSet<&str> {
        let touched = of.iter().filter_map(|one| self.touched.get(&one.id));
        touched.flatten().map(String::as_str).collect()
    }

    /// Those that some case meets, and the others.
    fn part(&self, group: Vec<Variation>) -> (Vec<Variation>, Vec<Variation>) {
        group
            .into_iter()
            .partition(|one| !self.cases(&[one]).is_empty())
    }
}

/// A case for each kind of notice.
fn examples(seen: &[Sighting]) -> Examples {
    let mut kinds = BTreeSet::new();
    let first = seen.iter().filter(|one| kinds.insert(one.kind()));
    first.map(|one| one.to_run().to_owned()).collect()
}
