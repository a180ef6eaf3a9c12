//! The cause of a case that does not hold: from the step that failed back along the values it used, to the earliest step
//! that gave one of them wrongly.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::result::{
    Against, Answer, Asked, Aspect, Blame, BrokenCheck, CaseResult, FindingRecord, StepTaken,
    TokenPart, Trace, VaryingCase, Verdict,
};

/// Errors that are about the client, and not about the value that it presents (RFC 6749 §5.2).
const ABOUT_THE_CLIENT: [&str; 2] = ["invalid_client", "unauthorized_client"];

/// What is wrong, and where it was seen.
#[derive(Debug, Clone)]
pub(super) struct Fault<'a> {
    pub(super) responsible: Blame,
    pub(super) asked: Option<Asked>,
    pub(super) kind: Kind<'a>,
    /// The case in which it was seen.
    pub(super) case: &'a str,
    pub(super) step: &'a str,
    /// Whether the step's request is changed by the case.
    pub(super) is_varied: bool,
    /// The answer in which it is.
    pub(super) answer: Option<&'a Answer>,
    /// The answer in which it was noticed.
    pub(super) noticed: Option<&'a Answer>,
    /// Whether that answer refused or accepted wrongly.
    pub(super) against: Against,
}

/// Ways to be wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind<'a> {
    /// A check does not hold.
    Check(Check<'a>),
    /// The server refused what it had to accept, and nothing is known to be wrong with what was presented.
    Refused {
        /// The refusal.
        answer: &'a Answer,
        /// The step that gave what was presented, if there is one.
        presented: Option<&'a StepTaken>,
    },
    /// It could not be judged, for this reason.
    Unjudged(&'a str),
}

/// A check that does not hold, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) finding: &'a FindingRecord,
    /// See [`BrokenCheck::is_absent`].
    pub(super) is_absent: bool,
    /// See [`BrokenCheck::token`].
    pub(super) token: Option<&'a str>,
    /// Whether it is one of a rule for every answer.
    pub(super) is_of_rule: bool,
}

impl<'a> From<&'a BrokenCheck> for Check<'a> {
    fn from(broken: &'a BrokenCheck) -> Self {
        Self {
            finding: &broken.finding,
            is_absent: broken.is_absent,
            token: broken.token.as_deref(),
            is_of_rule: broken.rule.is_some(),
        }
    }
}

/// All cases of a run, by id.
pub(super) struct Cases<'a> {
    results: BTreeMap<&'a str, &'a CaseResult>,
    traces: BTreeMap<&'a str, &'a Trace>,
    /// What is known to be wrong with answers to requests that no case changed.
    known: BTreeMap<(Blame, Asked), Vec<Known<'a>>>,
}

#[derive(Clone, Copy)]
struct Known<'a> {
    case: &'a str,
    step: &'a StepTaken,
    check: &'a BrokenCheck,
}

impl<'a> Cases<'a> {
    pub(super) fn new(
        results: &'a [CaseResult],
        varying: &'a BTreeMap<String, VaryingCase>,
    ) -> Self {
        let traces: BTreeMap<&str, &Trace> = varying
            .iter()
            .map(|(id, varying)| (id.as_str(), &varying.trace))
            .collect();
        let mut known: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (&case, trace) in &traces {
            for step in trace.steps.iter().filter(|step| !step.is_varied) {
                for check in failed(step) {
                    let here: &mut Vec<_> = known.entry((step.party, step.asked)).or_default();
                    here.push(Known { case, step, check });
                }
            }
        }
        Self {
            results: results
                .iter()
                .map(|case| (case.id.as_str(), case))
                .collect(),
            traces,
            known,
        }
    }

    /// The cause of a case that failed or could not be judged.
    pub(super) fn cause(&self, case: &'a CaseResult) -> Fault<'a> {
        let trace = self.traces.get(case.id.as_str()).copied();
        let steps = trace.map_or(&[][..], |trace| &trace.steps);
        let Some(index) = failing_step(case, steps) else {
            return self.without_steps(case);
        };
        let step = &steps[index];
        let here = |kind| Fault {
            responsible: step.party,
            asked: Some(step.asked),
            kind,
            case: &case.id,
            step: &step.step,
            is_varied: step.is_varied,
            answer: step.answer.as_ref(),
            noticed: step.answer.as_ref(),
            against: step.against,
        };
        let of_scenario = failed(step).find(|broken| broken.rule.is_none());
        let own = of_scenario.or_else(|| failed(step).next());
        // What is refused for another reason than expected may be refused for what is wrong with the value presented.
        let refused = step.answer.as_ref().filter(|answer| answer.is_refusal());
        if step.against == Against::Refused || refused.is_some() {
            let error = step
                .answer
                .as_ref()
                .and_then(|answer| answer.error.as_deref());
            let is_about_client = error.is_some_and(|error| ABOUT_THE_CLIENT.contains(&error));
            if !is_about_client && let Some(earlier) = self.earlier(&case.id, steps, index, None) {
                return Fault {
                    noticed: step.answer.as_ref(),
                    ..earlier
                };
            }
            if let (Against::Refused, false, Some(answer)) =
                (step.against, step.is_varied, &step.answer)
            {
                let presented = step.used.last().and_then(|used| steps.get(used.from));
                return here(Kind::Refused { answer, presented });
            }
        }
        if let Some(own) = own {
            // A wrong claim is often copied from the token that was presented.
            if let Some(name) = claim_in(step, &own.finding.check)
                && let Some(earlier) = self.earlier(&case.id, steps, index, Some(name))
            {
                return earlier;
            }
            return here(Kind::Check(own.into()));
        }
        if let Some(known) = self.known_of(step, None, None) {
            return known;
        }
        let responsible = case.blame.unwrap_or(step.party);
        let reason = case.reason.as_deref().unwrap_or("it could not be judged");
        Fault {
            responsible,
            ..here(Kind::Unjudged(reason))
        }
    }

    /// The cause of what a rule for every answer found, if it was copied from an earlier token.
    pub(super) fn cause_of_rule(
        &self,
        rule: &'a CaseResult,
        finding: &'a FindingRecord,
    ) -> Option<Fault<'a>> {
        let first = rule.applied.as_ref()?.first.as_ref()?;
        let (case, trace) = self.traces.get_key_value(first.case.as_str())?;
        let steps = &trace.steps;
        let broken = |step: &'a StepTaken| {
            let mut of_rule = step.broken.iter();
            of_rule.find(|broken| {
                broken.rule.as_deref() == Some(&rule.id) && broken.finding.check == finding.check
            })
        };
        let (index, check) = steps
            .iter()
            .enumerate()
            .find_map(|(index, step)| Some((index, broken(step)?)))?;
        let step = &steps[index];
        let copied = claim_in(step, &finding.check)
            .and_then(|name| self.earlier(case, steps, index, Some(name)));
        copied.or(Some(Fault {
            responsible: step.party,
            asked: Some(step.asked),
            kind: Kind::Check(check.into()),
            case: &rule.id,
            step: &step.step,
            is_varied: step.is_varied,
            answer: step.answer.as_ref(),
            noticed: None,
            against: Against::Nothing,
        }))
    }

    /// The title of a case.
    pub(super) fn title(&self, id: &str) -> &'a str {
        self.results.get(id).map_or("", |case| &case.title)
    }

    /// What the case itself says about what to do, where it could not be judged.
    pub(super) fn cure(&self, fault: &Fault<'_>) -> Option<String> {
        match fault.kind {
            Kind::Unjudged(_) => self.results.get(fault.case)?.cure.clone(),
            Kind::Check(_) | Kind::Refused { .. } => None,
        }
    }

    /// A case that took no step: its twin was not accepted, or nothing could be sent.
    fn without_steps(&self, case: &'a CaseResult) -> Fault<'a> {
        let twin = case.twin().and_then(|twin| self.results.get(twin));
        if let Some(twin) = twin.filter(|twin| deviates(twin)) {
            return self.cause(twin);
        }
        let failed = |finding: &&FindingRecord| finding.verdict == Verdict::Failed;
        let failed = case.findings.iter().find(failed);
        let kind = match failed {
            Some(finding) => Kind::Check(Check {
                finding,
                is_absent: false,
                token: None,
                is_of_rule: case.is_invariant(),
            }),
            None => Kind::Unjudged(case.reason.as_deref().unwrap_or("it could not be judged")),
        };
        Fault {
            responsible: case.blame.unwrap_or(Blame::Harness),
            asked: None,
            kind,
            case: &case.id,
            step: failed.map_or("", |finding| &finding.step),
            is_varied: false,
            answer: None,
            noticed: None,
            against: Against::Nothing,
        }
    }

    /// The earliest fault of a value that a step used, directly or by way of others; of this claim only, if one is named.
    fn earlier(
        &self,
        case: &'a str,
        steps: &'a [StepTaken],
        index: usize,
        name: Option<&str>,
    ) -> Option<Fault<'a>> {
        let mut reached: BTreeSet<(usize, &str)> = BTreeSet::new();
        // Where a lawful value instead of this one did not help, this one is not the cause.
        let other_way = self.traces.get(case).and_then(|trace| trace.other_way);
        let is_excluded =
            |at: usize| other_way.is_some_and(|other| !other.helped && other.replaced == at);
        let mut open = VecDeque::from([index]);
        while let Some(at) = open.pop_front() {
            for used in &steps[at].used {
                if used.from < at && reached.insert((used.from, used.path.as_str())) {
                    open.push_back(used.from);
                }
            }
        }
        let mut candidates = reached.into_iter().filter(|(at, _)| !is_excluded(*at));
        candidates.find_map(|(at, path)| {
            let step = &steps[at];
            let own = failed(step).find(|check| concerns(check, path) && is_of(check, name));
            if let Some(check) = own {
                return Some(fault(Known { case, step, check }));
            }
            self.known_of(step, Some(path), name)
        })
    }

    /// What other cases found wrong with answers to the same request.
    fn known_of(
        &self,
        step: &StepTaken,
        path: Option<&str>,
        name: Option<&str>,
    ) -> Option<Fault<'a>> {
        // A changed request that was granted got what every other gets.
        let is_granted = step
            .answer
            .as_ref()
            .is_some_and(|answer| (200..300).contains(&answer.status));
        if step.is_varied && !is_granted {
            return None;
        }
        let known = self.known.get(&(step.party, step.asked))?;
        let found = known.iter().find(|known| {
            let check = known.check;
            let is_about_value = match path {
                Some(path) => concerns(check, path),
                None => is_about_content(&check.finding.check),
            };
            is_about_value && is_of(check, name)
        })?;
        Some(fault(*found))
    }
}

/// Whether a case failed or could not be judged.
pub(super) const fn deviates(case: &CaseResult) -> bool {
    matches!(case.verdict, Verdict::Failed | Verdict::Error)
}

fn fault(known: Known<'_>) -> Fault<'_> {
    let Known { case, step, check } = known;
    Fault {
        responsible: step.party,
        asked: Some(step.asked),
        kind: Kind::Check(check.into()),
        case,
        step: &step.step,
        is_varied: step.is_varied,
        answer: step.answer.as_ref(),
        noticed: None,
        against: step.against,
    }
}

/// Checks of a step that break a MUST. A check that only prepares counts as well.
fn failed(step: &StepTaken) -> impl Iterator<Item = &BrokenCheck> {
    step.broken
        .iter()
        .filter(|broken| broken.finding.verdict == Verdict::Failed)
}

/// The step that decided a case: the first with a check of the scenario that does not hold, or the one it ended at.
fn failing_step(case: &CaseResult, steps: &[StepTaken]) -> Option<usize> {
    let last = steps.len().checked_sub(1)?;
    if case.verdict == Verdict::Error {
        return Some(last);
    }
    let breaks = |step: &StepTaken| failed(step).any(|broken| broken.rule.is_none());
    Some(steps.iter().position(breaks).unwrap_or(last))
}

/// Whether a check is about the value at a path of the body.
fn concerns(check: &BrokenCheck, path: &str) -> bool {
    match check.finding.check.of_any() {
        Aspect::Member(member) => {
            member == path
                || member
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('.'))
        }
        Aspect::Token { at, .. } => at.strip_prefix("body.").unwrap_or(at) == path,
        Aspect::TokenMember(_) => check.token.as_deref() == Some(path),
        _ => false,
    }
}

/// Whether a check is about what an answer contains, and not about how it was sent.
fn is_about_content(aspect: &Aspect) -> bool {
    matches!(
        aspect.of_any(),
        Aspect::Member(_) | Aspect::Token { .. } | Aspect::TokenMember(_)
    )
}

fn is_of(check: &BrokenCheck, name: Option<&str>) -> bool {
    name.is_none_or(|name| claim(&check.finding.check) == Some(name))
}

/// The claim that a check of a step looks at: in a token, or as a server repeats it.
fn claim_in<'c>(step: &StepTaken, aspect: &'c Aspect) -> Option<&'c str> {
    let repeats = matches!(step.asked, Asked::Introspection | Asked::UserInfo);
    match aspect.of_any() {
        Aspect::Member(path) if repeats => Some(path),
        _ => claim(aspect),
    }
}

/// The claim that a check looks at.
fn claim(aspect: &Aspect) -> Option<&str> {
    match aspect.of_any() {
        Aspect::Token {
            part: TokenPart::Claim(path),
            ..
        } => Some(path),
        Aspect::TokenMember(path) => path.strip_prefix("claims."),
        _ => None,
    }
}
