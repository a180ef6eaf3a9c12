//! Puts the cases of a run together by their causes.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cases, Check, Fault, Kind, deviates};
use super::{Cause, Problem, in_order, wording};
use crate::result::{
    Against, Answer, Aspect, Blame, CaseResult, RequirementNote, ResourceType, VaryingCase,
    Verdict, is_id_of_rule,
};

/// Longest part of an id that is made of a text.
const LONGEST_SLUG: usize = 48;

/// The problems of a run, the one with most affected cases first. Each case is told which is its own.
pub(in crate::result) fn find(
    results: &mut [CaseResult],
    varying: &BTreeMap<String, VaryingCase>,
    requirements: &BTreeMap<String, RequirementNote>,
) -> Vec<Problem> {
    let cases = Cases::new(results, varying);
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    // Checks of one thing belong to one problem, whichever requirement they cite.
    let mut of_thing: BTreeMap<(Blame, String), String> = BTreeMap::new();
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    let ordered = results.iter().filter(|case| !case.is_invariant());
    for case in ordered.chain(results.iter().filter(|case| case.is_invariant())) {
        if !deviates(case) {
            continue;
        }
        for fault in faults(&cases, case) {
            let own_id = id(&fault);
            let id = match thing(&fault) {
                Some(thing) => {
                    let known = of_thing.entry((fault.responsible, thing));
                    known.or_insert(own_id).clone()
                }
                None => own_id,
            };
            own.entry(case.id.clone()).or_insert_with(|| id.clone());
            groups.entry(id).or_default().add(fault, case);
        }
    }
    let problems = in_order(
        groups
            .into_iter()
            .filter_map(|(id, group)| group.problem(id, &cases, requirements)),
    );
    for case in results {
        case.problem = own.remove(&case.id);
    }
    problems
}

/// What is wrong in a case: one cause, or each check of a rule.
fn faults<'a>(cases: &Cases<'a>, case: &'a CaseResult) -> Vec<Fault<'a>> {
    if !case.is_invariant() {
        return vec![cases.cause(case)];
    }
    let failed = case
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Failed);
    let found: Vec<_> = failed
        .filter_map(|finding| cases.cause_of_rule(case, finding))
        .collect();
    if found.is_empty() {
        return vec![cases.cause(case)];
    }
    found
}

#[derive(Default)]
struct Group<'a> {
    faults: Vec<Fault<'a>>,
    cases: BTreeMap<&'a str, &'a CaseResult>,
}

impl<'a> Group<'a> {
    fn add(&mut self, fault: Fault<'a>, case: &'a CaseResult) {
        self.faults.push(fault);
        self.cases.insert(&case.id, case);
    }

    fn problem(
        self,
        id: String,
        cases: &Cases<'a>,
        requirements: &BTreeMap<String, RequirementNote>,
    ) -> Option<Problem> {
        // A refusal says more than an answer that looks granted.
        let mut answers = self.faults.iter().filter_map(|fault| fault.noticed);
        let noticed = answers.clone().find(|answer| answer.is_refusal());
        let noticed = noticed.or_else(|| answers.next());
        // A case shows more than a rule, and an unchanged request more than a changed one.
        let shown = self.faults.iter().min_by_key(|fault| {
            let is_rule = is_id_of_rule(fault.case);
            let by_rule = match fault.kind {
                Kind::Check(check) => check.is_of_rule,
                Kind::Refused { .. } | Kind::Unjudged(_) => false,
            };
            (by_rule, is_rule, fault.is_varied, fault.case)
        })?;
        let is_failed = self
            .cases
            .values()
            .any(|case| case.verdict == Verdict::Failed);
        let types: BTreeSet<ResourceType> = self
            .cases
            .values()
            .map(|case| case.resource_type)
            .filter(|of| *of != ResourceType::None)
            .collect();
        let title_of_case = cases.title(shown.case);
        let (check, expected, actual) = match shown.kind {
            Kind::Check(Check { finding, .. }) => (
                Some(finding.check.clone()),
                Some(
                    finding
                        .expected_here
                        .as_ref()
                        .unwrap_or(&finding.expected)
                        .clone(),
                ),
                finding.actual.clone(),
            ),
            Kind::Refused { .. } => (None, None, None),
            Kind::Unjudged(reason) => (None, None, Some(reason.to_owned())),
        };
        let answer = match shown.kind {
            Kind::Refused { answer, .. } => Some(answer),
            _ => noticed,
        };
        Some(Problem {
            id,
            title: wording::title(shown, title_of_case),
            verdict: if is_failed {
                Verdict::Failed
            } else {
                Verdict::Error
            },
            responsible: shown.responsible,
            resource_types: types.into_iter().collect(),
            requirement: requirement(shown).map(str::to_owned),
            cause: Cause {
                case: shown.case.to_owned(),
                step: shown.step.to_owned(),
                check,
                expected,
                actual,
                status: answer.map(|answer| answer.status),
                error: answer.and_then(|answer| answer.error.clone()),
                error_description: answer.and_then(|answer| answer.description.clone()),
            },
            cure: cases
                .cure(shown)
                .unwrap_or_else(|| wording::cure(shown, requirements)),
            cases: self.cases.keys().map(|&id| id.to_owned()).collect(),
        })
    }
}

/// The requirement that a fault breaks.
pub(super) fn requirement<'a>(fault: &Fault<'a>) -> Option<&'a str> {
    match fault.kind {
        Kind::Check(check) => check.finding.covers.first().map(String::as_str),
        Kind::Refused { .. } | Kind::Unjudged(_) => None,
    }
}

fn id(fault: &Fault<'_>) -> String {
    let who = fault.responsible.as_str();
    let what = match fault.kind {
        Kind::Check(Check { finding, .. }) => match finding.covers.first() {
            Some(requirement) => requirement.clone(),
            None => slug(&finding.check.to_string()),
        },
        Kind::Refused { answer, .. } => {
            let asked = fault.asked.map_or("request", |asked| asked.as_str());
            let error = answer.error.as_deref().map(slug);
            let error = error.unwrap_or_else(|| answer.status.to_string());
            format!("{asked}-refused/{error}")
        }
        Kind::Unjudged(reason) => slug(reason),
    };
    format!("{who}/{what}")
}

/// The member of an answer or of a token that a check looks at.
fn thing(fault: &Fault<'_>) -> Option<String> {
    let Kind::Check(broken) = fault.kind else {
        return None;
    };
    let aspect = broken.finding.check.of_any();
    let is_refusal = fault.answer.is_some_and(Answer::is_refusal);
    if is_refusal || fault.against != Against::Nothing {
        // What stands in a refusal depends on the request; that nothing does, does not.
        return match aspect {
            Aspect::Member(path) if broken.is_absent => Some(format!("refusal {path}")),
            _ => None,
        };
    }
    let asked = fault.asked?.as_str();
    let member = match aspect {
        Aspect::Token { at, part } => {
            let at = at.strip_prefix("body.").unwrap_or(at);
            format!("{at} {}", wording::part(part))
        }
        Aspect::TokenMember(path) => format!("{} {path}", broken.token?),
        Aspect::Member(path) => path.clone(),
        _ => return None,
    };
    Some(format!("{asked} {member}"))
}

/// Words of a text that may stand in an id.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
    {
        if word.is_empty() {
            continue;
        }
        if slug.len() + word.len() > LONGEST_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    if slug.is_empty() {
        "unknown".to_owned()
    } else {
        slug
    }
}
