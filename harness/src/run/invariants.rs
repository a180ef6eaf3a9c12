//! Rules that hold for every answer of a kind: what they said of the exchanges of a run, and the results of that.

use crate::result::{Aspect, ResourceType, SourceLine};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use super::finding;
use crate::check::{Expected, Finding, Outcome};
use crate::evidence::{RecordedStep, Redactor};
use crate::exchange::Exchange;
use crate::fill::Names;
use crate::invariant::{Engine, Judged, Lineage, Memory, Seen};
use crate::plan;
use crate::requirement::Catalogue;
use crate::result::{
    Applied, Blame, BrokenCheck, CaseResult, FindingRecord, Origin, PlannedCase, VaryingCase,
    Verdict,
};
use crate::scenario::model::{INVARIANTS, Invariants, Rule};
use crate::targets::{Deployment, Lack, Target, Whose};

/// Why a rule that was applied to nothing is skipped.
const UNSEEN: &str = "no answer of this kind was seen in this run";

/// Watches the exchanges of a run.
pub(super) struct Watch {
    engine: Engine,
    /// Rules that rest on requirements which do not judge here, by position.
    aside: BTreeMap<usize, Lack>,
    memory: Mutex<Memory>,
    tallies: Mutex<Vec<Tally>>,
}

/// What one rule said so far.
#[derive(Default)]
struct Tally {
    /// Exchanges that it was applied to.
    exchanges: usize,
    /// Exchanges that break it.
    broken: usize,
    broken_in: BTreeSet<String>,
    checks: HashMap<Key, Check>,
}

/// A check of a rule: who answered, what was looked at, what was expected.
type Key = (Whose, Aspect, String);

struct Check {
    /// What holds; its outcome is always that.
    held: Finding,
    first: Option<Broken>,
}

/// The first exchange that breaks a check, in the order of cases and not of time, which differs from run to run.
struct Broken {
    case: String,
    /// Position of the exchange in its case.
    index: usize,
    step: String,
    record: FindingRecord,
    evidence: Option<RecordedStep>,
}

/// Where an exchange belongs.
pub(super) struct Place<'p> {
    pub(super) case: &'p str,
    pub(super) step: &'p str,
    pub(super) index: usize,
}

/// What recording takes.
pub(super) struct Recording<'r> {
    pub(super) catalogue: &'r Catalogue,
    pub(super) target: &'r Target,
    pub(super) now: i64,
    pub(super) names: &'r dyn Names,
    pub(super) redactor: &'r Redactor,
    pub(super) evidence: Option<&'r RecordedStep>,
}

impl Watch {
    /// Rules that are to be judged on a target.
    pub(super) fn new(
        invariants: &std::sync::Arc<Invariants>,
        catalogue: &Catalogue,
        deployment: &Deployment,
    ) -> Self {
        let rules = invariants.rules.iter().enumerate();
        let aside: BTreeMap<usize, Lack> = rules
            .filter_map(|(index, rule)| {
                let lack = plan::aside(&rule.cited(), catalogue, deployment)?;
                Some((index, lack))
            })
            .collect();
        let skip: BTreeSet<usize> = aside.keys().copied().collect();
        let tallies = invariants.rules.iter().map(|_| Tally::default()).collect();
        Self {
            engine: Engine::new(invariants.clone(), &skip),
            aside,
            memory: Mutex::default(),
            tallies: Mutex::new(tallies),
        }
    }

    /// The rules as announced before the run.
    pub(super) fn announced(&self) -> Vec<PlannedCase> {
        let invariants = self.engine.invariants();
        invariants
            .rules
            .iter()
            .map(|rule| planned(rule, invariants))
            .collect()
    }

    /// Judges one exchange of a case.
    pub(super) fn judge(
        &self,
        exchange: &Exchange,
        place: &Place<'_>,
        lineage: &mut Lineage,
        recording: &Recording<'_>,
    ) -> Vec<BrokenCheck> {
        if self.engine.invariants().rules.is_empty() {
            return Vec::new();
        }
        let seen = Seen {
            exchange,
            names: recording.names,
            deployment: recording.target.deployment(),
            now: recording.now,
        };
        let judged = self.engine.judge(&seen, lineage, &self.memory);
        let broken_checks = self.broken_checks(&judged, recording);
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut applied, mut broken) = (BTreeSet::new(), BTreeSet::new());
        for one in judged {
            applied.insert(one.rule);
            if one.finding.outcome != Outcome::Held {
                broken.insert(one.rule);
            }
            if let Some(tally) = tallies.get_mut(one.rule) {
                self.count(one, tally, place, recording);
            }
        }
        for (index, tally) in tallies.iter_mut().enumerate() {
            tally.exchanges += usize::from(applied.contains(&index));
            if broken.contains(&index) {
                tally.broken += 1;
                tally.broken_in.insert(place.case.to_owned());
            }
        }
        broken_checks
    }

    /// What does not hold, for whoever looks for the cause.
    fn broken_checks(&self, judged: &[Judged], recording: &Recording<'_>) -> Vec<BrokenCheck> {
        let invariants = self.engine.invariants();
        let broken = judged
            .iter()
            .filter(|one| one.finding.outcome != Outcome::Held);
        let checks = broken.filter_map(|one| {
            let rule = invariants.rules.get(one.rule)?;
            Some(BrokenCheck {
                finding: record(one.whose, &one.finding, invariants, recording),
                is_absent: one.finding.is_absent(),
                rule: Some(rule.result_id()),
                token: one.token.map(|kind| kind.member().to_owned()),
            })
        });
        checks.collect()
    }

    fn count(
        &self,
        judged: Judged,
        tally: &mut Tally,
        place: &Place<'_>,
        recording: &Recording<'_>,
    ) {
        let Judged {
            whose, mut finding, ..
        } = judged;
        let is_held = finding.outcome == Outcome::Held;
        // Most checks hold and are known: their texts become the key, and nothing is copied.
        let key = (
            whose,
            std::mem::replace(&mut finding.check, Aspect::Body),
            std::mem::take(&mut finding.expected.written),
        );
        if is_held && tally.checks.contains_key(&key) {
            return;
        }
        finding.check = key.1.clone();
        finding.expected.written.clone_from(&key.2);
        let check = tally.checks.entry(key).or_insert_with(|| Check {
            held: Finding {
                outcome: Outcome::Held,
                expected: Expected::plain(finding.expected.written.clone()),
                alternative: None,
                ..finding.clone()
            },
            first: None,
        });
        let here = (place.case, place.index);
        let known = check.first.as_ref();
        let is_first = known.is_none_or(|first| here < (first.case.as_str(), first.index));
        if finding.outcome == Outcome::Held || !is_first {
            return;
        }
        check.first = Some(Broken {
            case: place.case.to_owned(),
            index: place.index,
            step: place.step.to_owned(),
            record: record(whose, &finding, self.engine.invariants(), recording),
            evidence: recording.evidence.cloned(),
        });
    }

    /// One result a rule. Of a run that ended early only what was seen to break is reported: the others were not run.
    pub(super) fn results(
        &self,
        is_whole: bool,
        catalogue: &Catalogue,
        deployment: &Deployment,
        redactor: &Redactor,
    ) -> Vec<(CaseResult, VaryingCase)> {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let invariants = self.engine.invariants();
        let mut results = Vec::new();
        for (index, rule) in invariants.rules.iter().enumerate() {
            let Some(tally) = tallies.get_mut(index) else {
                continue;
            };
            let tally = std::mem::take(tally);
            if !is_whole && tally.broken == 0 {
                continue;
            }
            let case = planned(rule, invariants);
            results.push(match self.aside.get(&index) {
                Some(lack) => (
                    skipped(&case, &lack.reason, Some(&lack.cure)),
                    VaryingCase::default(),
                ),
                None if tally.exchanges == 0 => {
                    (skipped(&case, UNSEEN, None), VaryingCase::default())
                }
                None => {
                    let held = |whose: Whose, finding: &Finding| {
                        let profiles = &deployment.profiles;
                        let file = invariants.file();
                        finding::record(
                            whose.as_str(),
                            finding,
                            file,
                            catalogue,
                            profiles,
                            redactor,
                        )
                    };
                    concluded(&case, tally, held)
                }
            });
        }
        results
    }
}

fn record(
    whose: Whose,
    finding: &Finding,
    invariants: &Invariants,
    recording: &Recording<'_>,
) -> FindingRecord {
    finding::record(
        whose.as_str(),
        finding,
        invariants.file(),
        recording.catalogue,
        &recording.target.deployment().profiles,
        recording.redactor,
    )
}

fn planned(rule: &Rule, invariants: &Invariants) -> PlannedCase {
    PlannedCase {
        id: rule.result_id(),
        scenario: INVARIANTS.to_owned(),
        title: rule.title.clone(),
        resource_type: ResourceType::None,
        covers: rule.cited(),
        source: SourceLine::new(invariants.file(), rule.place.line),
        change: None,
    }
}

fn skipped(case: &PlannedCase, reason: &str, cure: Option<&String>) -> CaseResult {
    let mut result = CaseResult::of(case, Verdict::Skipped);
    result.reason = Some(reason.to_owned());
    result.cure = cure.cloned();
    result.applied = Some(Applied::default());
    result
}

/// The result of a rule that was applied.
fn concluded(
    case: &PlannedCase,
    tally: Tally,
    held: impl Fn(Whose, &Finding) -> FindingRecord,
) -> (CaseResult, VaryingCase) {
    let mut findings = Vec::new();
    let mut evidence: BTreeMap<(String, usize), RecordedStep> = BTreeMap::new();
    let mut first: Option<(String, usize, String)> = None;
    let mut worst: Option<(Verdict, Whose)> = None;
    let mut checks: Vec<_> = tally.checks.into_iter().collect();
    checks.sort_by(|(a, _), (b, _)| a.cmp(b));
    for ((whose, ..), check) in checks {
        let Some(broken) = check.first else {
            findings.push(held(whose, &check.held));
            continue;
        };
        let verdict = broken.record.verdict;
        if worst.is_none_or(|(worst, _)| verdict > worst) {
            worst = Some((verdict, whose));
        }
        let place = (broken.case.clone(), broken.index, broken.step);
        if first.as_ref().is_none_or(|first| place < *first) {
            first = Some(place);
        }
        if let Some(step) = broken.evidence {
            let step = RecordedStep {
                step: whose.as_str().to_owned(),
                judged: true,
                ..step
            };
            evidence.insert((broken.case, broken.index), step);
        }
        findings.push(broken.record);
    }
    let of_findings = findings.iter().map(|finding| finding.verdict).max();
    let mut result = CaseResult::of(case, of_findings.unwrap_or(Verdict::Passed));
    result.blame = worst
        .filter(|(verdict, _)| *verdict > Verdict::Observed)
        .map(|(_, whose)| blame(whose));
    // Parts of a run that are put together see the servers in another order.
    findings.sort_by_cached_key(|one| {
        (
            one.step.clone(),
            one.check.to_string(),
            one.expected.clone(),
        )
    });
    result.findings = findings;
    let applied = Applied {
        exchanges: tally.exchanges,
        broken: tally.broken,
        broken_in: tally.broken_in,
        first: first.map(|(case, _, step)| Origin { case, step }),
    };
    result.reason = applied.words();
    result.applied = Some(applied);
    let varying = VaryingCase {
        milliseconds: 0.0,
        exchanges: evidence.into_values().collect(),
        ..VaryingCase::default()
    };
    (result, varying)
}

const fn blame(whose: Whose) -> Blame {
    match whose {
        Whose::Org => Blame::OrgServer,
        Whose::Custom => Blame::CustomServer,
        Whose::Other => Blame::Resource,
    }
}
