//! Who notices a variation, and whether they may. Pure: a clean run and one under variations in, notices out.

use crate::result::Aspect;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{Notice, Noticed};
use crate::requirement::{Catalogue, Level, Profile, Profiles, Requirement};
use crate::result::{CaseResult, FindingRecord, RunResult, Verdict};
use crate::selftest::control::Variation;

/// What a clean run says of each check and each case.
#[derive(Debug, Default)]
pub(super) struct Plain {
    checks: BTreeMap<Check, Verdict>,
    cases: BTreeMap<String, Verdict>,
}

/// A check of a case: case, step, what was looked at, what was expected, and what it cites.
type Check = (String, String, Aspect, String, Vec<String>);

/// Something that went wrong under variations, and the requirements that the check cites.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    pub(super) notice: Notice,
    pub(super) cited: Vec<String>,
    /// The case, or for one that varies a request its base flow: what goes wrong there goes wrong here.
    scenario: String,
}

impl Sighting {
    /// The case to run to see it again: a rule for every answer has none of its own.
    pub(super) fn to_run(&self) -> &str {
        self.notice.seen_in.as_deref().unwrap_or(&self.notice.case)
    }

    /// What makes it the same as others: in how many cases a check notices is all one.
    pub(super) fn kind(&self) -> (Noticed, String, &[String]) {
        let Notice {
            check,
            verdict,
            actual,
            ..
        } = &self.notice;
        // A case that could not be judged at all is known by its reason.
        let what = match check {
            Some(check) => check.to_string(),
            None => actual.clone().unwrap_or_default(),
        };
        (*verdict, what, &self.cited)
    }
}

impl Plain {
    /// What a clean run says.
    pub(super) fn new(run: &RunResult) -> Self {
        let mut plain = Self::default();
        for case in &run.results {
            plain.cases.insert(case.id.clone(), case.verdict);
            for finding in &case.findings {
                let said = plain
                    .checks
                    .entry(key(case, finding))
                    .or_insert(finding.verdict);
                *said = finding.verdict.max(*said);
            }
        }
        plain
    }

    /// Everything that fails, warns or cannot be judged in this run, and did not in the clean one.
    pub(super) fn noticed(&self, run: &RunResult) -> Vec<Sighting> {
        let mut all = Vec::new();
        for case in &run.results {
            let before = all.len();
            let findings = case.findings.iter();
            let new = findings
                .filter(|finding| is_trouble(finding.verdict) && self.is_new(case, finding));
            all.extend(new.map(|finding| of_finding(case, finding, &run.edition)));
            let worse = self
                .cases
                .get(&case.id)
                .is_none_or(|was| case.verdict > *was);
            if all.len() == before && is_trouble(case.verdict) && worse {
                all.push(of_case(case, &run.edition));
            }
        }
        all
    }

    /// The cases of this run whose result is not that of the clean one: those where something may be hidden behind what
    /// was noticed.
    pub(super) fn unlike(&self, run: &RunResult) -> BTreeSet<String> {
        let mut unlike = BTreeSet::new();
        for case in &run.results {
            if let Some(applied) = &case.applied {
                unlike.extend(applied.broken_in.iter().cloned());
                continue;
            }
            let mut findings = case.findings.iter();
            let differs = self.cases.get(&case.id) != Some(&case.verdict)
                || findings
                    .any(|finding| self.checks.get(&key(case, finding)) != Some(&finding.verdict));
            if differs {
                unlike.insert(case.id.clone());
            }
        }
        unlike
    }

    fn is_new(&self, case: &CaseResult, finding: &FindingRecord) -> bool {
        let was = self.checks.get(&key(case, finding));
        was.is_none_or(|was| finding.verdict > *was)
    }
}

const fn is_trouble(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Warning | Verdict::Failed | Verdict::Error | Verdict::NotRun
    )
}

fn of_finding(case: &CaseResult, finding: &FindingRecord, edition: &str) -> Sighting {
    Sighting {
        notice: Notice {
            requirement: finding.covers.first().cloned(),
            case: case.id.clone(),
            seen_in: seen_in(case),
            step: finding.step.clone(),
            check: Some(finding.check.clone()),
            verdict: Noticed::of(finding.verdict),
            expected: Some(finding.expected.clone()),
            actual: finding.actual.as_deref().map(without_fingerprints),
            edition: edition.to_owned(),
            together_with: Vec::new(),
        },
        cited: finding.covers.clone(),
        scenario: case.scenario.clone(),
    }
}

fn of_case(case: &CaseResult, edition: &str) -> Sighting {
    Sighting {
        notice: Notice {
            requirement: None,
            case: case.id.clone(),
            seen_in: seen_in(case),
            step: String::new(),
            check: None,
            verdict: Noticed::of(case.verdict),
            expected: None,
            actual: case.reason.as_deref().map(without_fingerprints),
            edition: edition.to_owned(),
            together_with: Vec::new(),
        },
        cited: Vec::new(),
        scenario: case.scenario.clone(),
    }
}

/// The case whose exchange broke a rule for every answer.
fn seen_in(case: &CaseResult) -> Option<String> {
    let first = case.applied.as_ref()?.first.as_ref()?;
    Some(first.case.clone())
}

/// A fingerprint means nothing outside its run, and the matrix is the same in all.
fn without_fingerprints(text: &str) -> String {
    const MARK: &str = "<secret ";
    let mut parts = text.split(MARK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        kept.push_str(MARK.trim_end());
        kept.push_str(rest);
    }
    kept
}

fn key(case: &CaseResult, finding: &FindingRecord) -> Check {
    (
        case.id.clone(),
        finding.step.clone(),
        finding.check.clone(),
        finding.expected.clone(),
        finding.covers.clone(),
    )
}

/// Who may notice a variation under some profiles.
#[derive(Debug)]
pub(super) struct Rights<'c> {
    catalogue: &'c Catalogue,
    /// The chosen profiles under which it is not lawful.
    forbidding: Vec<Profile>,
}

impl<'c> Rights<'c> {
    /// The rights of the checks under these profiles. `base` gives none: a variation is lawful there or it is none.
    pub(super) fn new(
        variation: &Variation,
        profiles: &Profiles,
        catalogue: &'c Catalogue,
    ) -> Self {
        let forbidding = profiles.iter().filter(|profile| {
            *profile != Profile::Base && !variation.profiles.contains(profile.as_str())
        });
        Self {
            catalogue,
            forbidding: forbidding.collect(),
        }
    }

    /// Whether anybody may notice.
    pub(super) fn nobody(&self) -> bool {
        self.forbidding.is_empty()
    }

    /// Parts what was seen into what may be noticed and what may not. A case that could not be judged may be so where a
    /// check of it, or of the request that it varies, has noticed as it may.
    pub(super) fn part(&self, seen: Vec<Sighting>) -> (Vec<Notice>, Vec<Notice>) {
        let mut excused = BTreeSet::new();
        for one in seen.iter().filter(|one| self.may(one).is_some()) {
            excused.insert(one.notice.case.clone());
        }
        let is_excused = |one: &Sighting| {
            let error = one.cited.is_empty() && one.notice.verdict == Noticed::Error;
            error && (excused.contains(&one.notice.case) || excused.contains(&one.scenario))
        };
        let (mut noticed, mut wrongly) = (Vec::new(), Vec::new());
        for one in seen {
            if let Some(requirement) = self.may(&one) {
                noticed.push(Notice {
                    requirement: Some(requirement.to_owned()),
                    // The check is allowed to notice; what exactly it found does not matter.
                    expected: None,
                    actual: None,
                    ..one.notice
                });
            } else if !is_excused(&one) {
                wrongly.push(one.notice);
            }
        }
        noticed.sort();
        noticed.dedup_by(|b, a| a.requirement == b.requirement && a.verdict == b.verdict);
        wrongly.sort();
        (noticed, wrongly)
    }

    /// The requirement of a profile that forbids the variation, if the check cites one.
    fn may<'s>(&self, seen: &'s Sighting) -> Option<&'s str> {
        let of_profile = |id: &&String| {
            let requirement = self.catalogue.get(id);
            requirement.is_some_and(|requirement| {
                self.forbidding
                    .iter()
                    .any(|profile| demands(*profile, requirement))
            })
        };
        seen.cited.iter().find(of_profile).map(String::as_str)
    }
}

/// Whether a profile has this requirement.
fn demands(profile: Profile, requirement: &Requirement) -> bool {
    requirement.levels.iter().any(|one| one.profile == profile)
}

/// How binding a requirement is under some profiles; `None` where they do not judge it.
fn weight(requirement: &Requirement, profiles: &Profiles) -> Option<Level> {
    if profiles.sets_aside(requirement).is_some() {
        return None;
    }
    let strictest = requirement.strictest(profiles);
    strictest.map(|demand| demand.level)
}

/// The cases of a run that cite something which other profiles judge in another way; all of them if a rule for every
/// answer does.
pub(super) fn judged_otherwise(
    run: &RunResult,
    one: &Profiles,
    other: &Profiles,
    catalogue: &Catalogue,
) -> BTreeSet<String> {
    let differs = |id: &String| {
        let requirement = catalogue.get(id);
        requirement.is_some_and(|known| weight(known, one) != weight(known, other))
    };
    let some = |case: &&CaseResult| {
        let checks = case.findings.iter().flat_map(|finding| &finding.covers);
        case.covers.iter().chain(checks).any(differs)
    };
    let mut rules = run.results.iter().filter(|case| case.is_invariant());
    let everywhere = rules.any(|rule| some(&rule));
    let cases = run.results.iter().filter(|case| everywhere || some(case));
    cases.map(|case| case.id.clone()).collect()
}

#[cfg(test)]
mod tests;
