//! One case that does not hold, with all that a reader needs to act on it. Every format describes it from this.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Form;
use super::result_texts::ResultTexts;
use crate::evidence::RecordedStep;
use crate::result::{
    CaseResult, FindingRecord, Problem, RequirementNote, RunResult, Standing, VaryingCase, Verdict,
};

/// A case and what belongs to its trouble.
#[derive(Debug)]
pub(crate) struct Deviation<'a> {
    /// The case.
    pub(crate) case: &'a CaseResult,
    /// Checks that do not hold, the most severe first, otherwise in order.
    pub(crate) findings: Vec<&'a FindingRecord>,
    /// The exchange that the first of them judged, or the last one of the case; `None` when evidence is left out.
    pub(crate) exchange: Option<&'a RecordedStep>,
    /// The problem that it belongs to, where that is known.
    pub(crate) part_of: Option<&'a Problem>,
    /// Says where.
    pub(crate) texts: ResultTexts<'a>,
    requirements: &'a BTreeMap<String, RequirementNote>,
}

impl<'a> Deviation<'a> {
    /// The story of one case.
    pub(crate) fn new(
        case: &'a CaseResult,
        varying: Option<&'a VaryingCase>,
        requirements: &'a BTreeMap<String, RequirementNote>,
        texts: ResultTexts<'a>,
    ) -> Self {
        let mut findings: Vec<_> = case
            .findings
            .iter()
            .filter(|finding| finding.verdict != Verdict::Passed)
            .collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
        let exchange = varying.and_then(|varying| {
            let judged = findings.first().and_then(|finding| {
                let of = |exchange: &&RecordedStep| exchange.step == finding.step;
                // A step may take several requests. An answer that came without one is judged and not recorded.
                let exchanges = varying.exchanges.iter();
                exchanges
                    .clone()
                    .rfind(|exchange| of(exchange) && exchange.judged)
                    .or_else(|| exchanges.clone().rfind(of))
            });
            judged.or_else(|| varying.exchanges.last())
        });
        Self {
            case,
            findings,
            exchange,
            part_of: None,
            texts,
            requirements,
        }
    }

    /// With the problem that the case belongs to.
    pub(crate) fn of_problem(self, run: &'a RunResult) -> Self {
        let part_of = run.problem_of(self.case).map(|(_, problem)| problem);
        Self { part_of, ..self }
    }

    /// The requirements that a check cites, with what the catalogue says of each.
    pub(crate) fn cited<'f>(
        &self,
        finding: &'f FindingRecord,
    ) -> impl Iterator<Item = (&'f str, Option<&'a RequirementNote>)> + use<'a, 'f> {
        let requirements = self.requirements;
        finding
            .covers
            .iter()
            .map(move |id| (id.as_str(), requirements.get(id)))
    }
}

/// The cases of a run with this verdict, without known deviations and cases that belong to a problem: those are shown apart.
fn of_verdict(run: &RunResult, verdict: Verdict) -> impl Iterator<Item = &CaseResult> {
    run.results
        .iter()
        .filter(move |case| case.verdict == verdict && case.standing != Standing::ExpectedFailure)
        .filter(|case| run.problem_of(case).is_none())
}

/// The cases of a run with this verdict, in order, without known deviations and cases that belong to a problem.
pub(crate) fn deviations(run: &RunResult, verdict: Verdict, form: Form) -> Vec<Deviation<'_>> {
    of_verdict(run, verdict)
        .map(|case| {
            let varying = run
                .varying
                .cases
                .get(&case.id)
                .filter(|_| form == Form::Full);
            Deviation::new(case, varying, &run.requirements, ResultTexts::of(run, form))
        })
        .collect()
}

/// Cases that share verdict, reason and cure: shown once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// Why.
    pub(crate) reason: Cow<'a, str>,
    /// What to do about it.
    pub(crate) cure: Option<&'a str>,
    /// Which.
    pub(crate) ids: Vec<&'a str>,
}

/// Cases of one verdict by reason, the largest group first, without known deviations and cases that belong to a problem.
pub(crate) fn groups(run: &RunResult, verdict: Verdict, form: Form) -> Vec<Group<'_>> {
    let texts = ResultTexts::of(run, form);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for case in of_verdict(run, verdict) {
        let reason = texts.reason(case);
        let cure = case.cure.as_deref();
        match groups
            .iter_mut()
            .find(|group| group.reason == reason && group.cure == cure)
        {
            Some(group) => group.ids.push(&case.id),
            None => groups.push(Group {
                reason,
                cure,
                ids: vec![&case.id],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.ids.len()));
    groups
}
