//! Rules for every request: held against each case of a run, with one result for each rule at its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::judge;
use super::verdict::{Judging, record};
use crate::check::Outcome;
use crate::evidence::{Part, Public, RecordedStep, Redactor};
use crate::forge::fresh;
use crate::requirement::{Catalogue, Profiles};
use crate::result::{
    Applied, Blame, CaseResult, FindingRecord, INVARIANTS, Origin, PlannedCase, ResourceType,
    SourceLine, VaryingCase, Verdict,
};
use crate::run::{participants, record_finding, verdict_of};
use crate::scenario::agent::model::AgentRules;
use crate::secret::Salt;

/// Values by their paths.
type Values = Vec<(String, Value)>;
/// A check of a rule, and the request that does not hold.
type Made = (FindingRecord, Option<RecordedStep>);

/// A check of a rule that does not hold in a case.
pub(super) struct BrokenRule {
    pub(super) finding: FindingRecord,
    /// Whether nothing was there.
    pub(super) is_absent: bool,
    /// The request that shows it, as position among those seen.
    pub(super) request: Option<usize>,
}

/// The rules for every request, and what became of them so far.
pub(super) struct Rules {
    written: Arc<AgentRules>,
    planned: Vec<PlannedCase>,
    /// By position of the rule and id of the case, so that the result does not depend on the order in which cases end.
    /// What must differ from case to case: by position of the rule and id of the case, the values by their paths.
    seen: Mutex<BTreeMap<usize, BTreeMap<String, Values>>>,
    found: Mutex<BTreeMap<usize, BTreeMap<String, Vec<Made>>>>,
}

impl Rules {
    pub(super) fn new(rules: &AgentRules) -> Self {
        let file = rules
            .source
            .as_ref()
            .map_or("rules.yaml", |source| source.name.as_str());
        let planned = rules.rules.iter().map(|rule| PlannedCase {
            id: format!("{INVARIANTS}/{}", rule.observe.id),
            scenario: INVARIANTS.to_owned(),
            title: rule.title.clone(),
            resource_type: ResourceType::None,
            covers: rule
                .observe
                .covers
                .iter()
                .map(ToString::to_string)
                .collect(),
            source: SourceLine::new(file, rule.observe.place.line),
            change: None,
        });
        Self {
            planned: planned.collect(),
            written: Arc::new(rules.clone()),
            seen: Mutex::default(),
            found: Mutex::default(),
        }
    }

    /// As results that are to come.
    pub(super) fn announced(&self) -> Vec<PlannedCase> {
        self.planned.clone()
    }

    /// Holds the requests of a case against every rule. What comes back are the checks of a MUST that do not hold, each with the
    /// request that shows it.
    pub(super) fn judge(&self, judging: &Judging<'_>, redactor: &Redactor) -> Vec<BrokenRule> {
        let mut all_broken = Vec::new();
        let file = self
            .written
            .source
            .as_ref()
            .map_or("rules.yaml", |source| source.name.as_str());
        for (index, rule) in self.written.rules.iter().enumerate() {
            if rule.across_cases {
                let values = judge::first_values(&rule.observe, &judging.conducted.evidence());
                let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                let of_rule = seen.entry(index).or_default();
                of_rule.insert(judging.planned.id.clone(), values);
                continue;
            }
            let observations = std::slice::from_ref(&rule.observe);
            let judged = judge::judge(observations, &judging.conducted.evidence());
            let mut made = Vec::new();
            for one in &judged {
                let broke = one.finding.outcome != Outcome::Held;
                let step = one.request.filter(|_| broke).map(|position| {
                    let seen = &judging.conducted.seen[position];
                    let (from, to) =
                        participants(&seen.exchange.request, &judging.conducted.deployment);
                    let part = Part {
                        step: &one.observation,
                        from,
                        to,
                        judged: true,
                    };
                    redactor.step(&part, &seen.exchange)
                });
                let record = record(one, file, judging, redactor);
                if record.verdict == Verdict::Failed {
                    all_broken.push(BrokenRule {
                        finding: record.clone(),
                        is_absent: one.finding.is_absent(),
                        request: one.request,
                    });
                }
                made.push((record, step));
            }
            if !made.is_empty() {
                let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                let of_rule = found.entry(index).or_default();
                of_rule.insert(judging.planned.id.clone(), made);
            }
        }
        all_broken
    }

    /// Judges what must differ from case to case, once all are there.
    fn compare_cases(&self, catalogue: &Catalogue, profiles: &Profiles) {
        let file = self
            .written
            .source
            .as_ref()
            .map_or("rules.yaml", |source| source.name.as_str());
        let redactor = Redactor::new(Salt::new(fresh().into_bytes()), Public::default(), "");
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, cases) in &*seen {
            let rule = &self.written.rules[*index];
            for (case, finding) in judge::across_cases(&rule.observe, cases) {
                let of_rule = found.entry(*index).or_default();
                let made = record_finding(
                    &rule.observe.id,
                    &finding,
                    file,
                    catalogue,
                    profiles,
                    &redactor,
                );
                of_rule.entry(case).or_default().push((made, None));
            }
        }
    }

    /// One result for each rule.
    pub(super) fn results(
        &self,
        is_whole: bool,
        catalogue: &Catalogue,
        profiles: &Profiles,
    ) -> Vec<(CaseResult, VaryingCase)> {
        self.compare_cases(catalogue, profiles);
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let mut results = Vec::new();
        for (index, planned) in self.planned.iter().enumerate() {
            let Some(of_rule) = found.get(&index) else {
                if is_whole {
                    let mut result = CaseResult::of(planned, Verdict::NotApplicable);
                    result.reason =
                        Some("the agent made no such request, or too few to compare".to_owned());
                    results.push((result, VaryingCase::default()));
                }
                continue;
            };
            let (mut result, varying) = rule_result(planned, of_rule);
            if result.verdict > Verdict::Observed {
                let correct = self.written.rules[index].observe.correct.as_ref();
                result.cure = correct.map(|correct| format!("correct: {correct}"));
            }
            results.push((result, varying));
        }
        results
    }
}

fn rule_result(
    planned: &PlannedCase,
    of_rule: &BTreeMap<String, Vec<Made>>,
) -> (CaseResult, VaryingCase) {
    // For each thing that is looked at, the worst that was seen of it.
    let mut worst: BTreeMap<String, (&FindingRecord, &String)> = BTreeMap::new();
    let mut applied = Applied::default();
    let mut varying = VaryingCase::default();
    for (case, made) in of_rule {
        applied.exchanges += 1;
        let deviates = |record: &FindingRecord| record.verdict > Verdict::Passed;
        let broken = made.iter().find(|(record, _)| deviates(record));
        if let Some((record, step)) = broken {
            applied.broken += 1;
            applied.broken_in.insert(case.clone());
            if applied.first.is_none() {
                applied.first = Some(Origin {
                    case: case.clone(),
                    step: record.step.clone(),
                });
                varying.exchanges.extend(step.clone());
            }
        }
        for (record, _) in made {
            let entry = worst
                .entry(record.check.to_string())
                .or_insert((record, case));
            if record.verdict > entry.0.verdict {
                *entry = (record, case);
            }
        }
    }
    let findings: Vec<FindingRecord> = worst
        .values()
        .map(|(record, _)| (*record).clone())
        .collect();
    let mut result = CaseResult::of(planned, verdict_of(&findings));
    result.findings = findings;
    if applied.broken > 0 {
        result.blame = Some(Blame::Agent);
        // Where nothing differs and something could not be judged, that is what there is to say.
        let unjudged = (result.findings.iter())
            .filter(|_| result.verdict == Verdict::Error)
            .find(|finding| finding.verdict == Verdict::Error);
        let why = unjudged.and_then(|finding| finding.actual.as_deref());
        result.reason = Some(of_cases(&applied, why));
    }
    result.applied = Some(applied);
    (result, varying)
}

/// "3 of 20 cases differ; the first is …", or "not searched: the output: it is too long, in 3 of 20 cases; the first is …".
fn of_cases(applied: &Applied, unjudged: Option<&str>) -> String {
    let first = applied.first.as_ref().map(|first| first.case.as_str());
    let first = first.unwrap_or("not known");
    let (broken, all) = (applied.broken, applied.exchanges);
    match unjudged {
        Some(why) => format!("{why}, in {broken} of {all} cases; the first is {first}"),
        None if broken == 1 => format!("{broken} of {all} cases differs; the first is {first}"),
        None => format!("{broken} of {all} cases differ; the first is {first}"),
    }
}
