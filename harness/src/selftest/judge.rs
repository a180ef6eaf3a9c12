//! Whether a defect was caught, and by the right requirement. Pure: a clean run and one under the defect in, a row out.

use crate::result::Aspect;
use std::collections::{BTreeMap, BTreeSet};

use super::control::Defect;
use super::matrix::{Catch, Fate, Row};
use super::registry::Registry;
use super::trace::Met;
use crate::requirement::{Catalogue, RequirementId};
use crate::result::{CaseResult, FindingRecord, RunResult, Verdict, is_id_of_rule};
use crate::scenario::Scenario;
use crate::targets::{Deployment, Whose};

/// Cases named of a defect that nobody notices.
const NAMED: usize = 5;

/// What the clean run said of each check: whatever does not hold there as well says nothing of a defect.
#[derive(Debug)]
pub(super) struct Clean {
    open: BTreeSet<Check>,
    servers: BTreeMap<(String, String), Whose>,
    /// What each case is about: the requirements written at the case itself, and not those that shared expectations
    /// add to every answer. A base flow is about all that its steps cite.
    about: BTreeMap<String, BTreeSet<String>>,
    /// Requirements that the chosen profiles do not judge.
    aside: BTreeSet<RequirementId>,
}

/// A check of a case: case, step, what was looked at, what was expected, and what it cites: the same may be expected for
/// several requirements, not all of which judge.
type Check = (String, String, Aspect, String, Vec<String>);

impl Clean {
    /// What a clean run says.
    pub(super) fn new(
        run: &RunResult,
        deployment: &Deployment,
        scenarios: &[Scenario],
        catalogue: &Catalogue,
    ) -> Self {
        let findings = run
            .results
            .iter()
            .flat_map(|case| case.findings.iter().map(move |finding| (case, finding)));
        let open = findings
            .filter(|(_, finding)| finding.verdict != Verdict::Passed)
            .map(|(case, finding)| key(case, finding));
        let mut servers = BTreeMap::new();
        for (case, varying) in &run.varying.cases {
            for exchange in &varying.exchanges {
                let whose = deployment.whose(&exchange.request.url);
                // The last request of a step is the one that is judged.
                servers.insert((case.clone(), exchange.step.clone()), whose);
            }
        }
        let whole = run.results.iter().map(|case| {
            let cited = case.covers.iter().cloned().collect();
            (case.id.clone(), cited)
        });
        let mut about: BTreeMap<String, BTreeSet<String>> = whole.collect();
        for scenario in scenarios {
            for case in &scenario.cases {
                let cited = case.covers.iter().map(RequirementId::to_string).collect();
                about.insert(format!("{}/{}", scenario.id, case.id), cited);
            }
        }
        let aside = catalogue
            .iter()
            .filter(|requirement| deployment.profiles.sets_aside(requirement).is_some())
            .map(|requirement| requirement.id.clone());
        Self {
            aside: aside.collect(),
            open: open.collect(),
            servers,
            about,
        }
    }

    /// Who was asked in a step of a case.
    pub(super) fn server(&self, case: &str, step: &str) -> Whose {
        // A rule for every answer names the server in place of a step.
        if is_id_of_rule(case) {
            return Whose::of_word(step);
        }
        let step = (case.to_owned(), step.to_owned());
        self.servers.get(&step).copied().unwrap_or(Whose::Other)
    }
}

/// Judges a run under a defect. `met` are the cases of the clean run that it can touch.
pub(super) fn judge(
    defect: &Defect,
    met: &Met,
    clean: &Clean,
    run: &RunResult,
    registry: &Registry,
) -> Row {
    let breaks = registry.breaks(&defect.id);
    let mut row = Row::new(&defect.id, &defect.summary, Fate::Survived);
    let mut noticed = Noticed::default();
    for (case, finding) in broken(run, clean) {
        // Only a mock shows it: it distinguishes the rules of a mock, and proves nothing of a check on the wire.
        let is_code = *finding.check.of_any() == Aspect::InternalCode;
        if !is_code {
            let whose = clean.server(&case.id, &finding.step);
            let broke = row.broke.entry(whose.as_str().to_owned()).or_default();
            broke.extend(finding.covers.iter().cloned());
        }
        let right = match defect.mutes() {
            Some(_) => right_for_mute(case, finding, met, clean, breaks),
            None => right_for_bend(finding, breaks),
        };
        let cited = right.or(finding.covers.first().map(String::as_str));
        let catch = cited.map(|requirement| Catch {
            requirement: requirement.to_owned(),
            case: case.id.clone(),
            seen_in: seen_in(case),
            step: finding.step.clone(),
            check: finding.check.clone(),
            edition: run.edition.clone(),
        });
        let how = How {
            is_right: right.is_some(),
            is_code,
            verdict: finding.verdict,
        };
        if let (Some(slot), Some(catch)) = (noticed.slot(how), catch) {
            slot.get_or_insert(catch);
        }
    }
    (row.fate, row.catch) = noticed.conclude(met);
    if row.fate != Fate::Caught {
        row.breaks = breaks.iter().map(RequirementId::to_string).collect();
    }
    if row.fate == Fate::Survived {
        row.met_in = met.keys().take(NAMED).cloned().collect();
        row.reason = unjudged(run, clean);
    }
    said(&mut row, registry);
    let nothing_judged = !breaks.is_empty() && breaks.iter().all(|id| clean.aside.contains(id));
    if nothing_judged && !row.is_fine() {
        row = Row::new(&defect.id, &defect.summary, Fate::SetAside);
        row.reason = Some("it breaks only what the chosen profiles do not judge".to_owned());
    }
    row
}

/// Who noticed a defect first, by how.
#[derive(Default)]
struct Noticed {
    failed: Option<Catch>,
    warned: Option<Catch>,
    observed: Option<Catch>,
    by_code: Option<Catch>,
    elsewhere: Option<Catch>,
}

/// How a check noticed a defect.
#[derive(Clone, Copy)]
struct How {
    /// It cites what the defect breaks.
    is_right: bool,
    /// It looked at the internal code.
    is_code: bool,
    verdict: Verdict,
}

impl Noticed {
    /// Where such a check belongs; nowhere, if it says nothing of the defect.
    const fn slot(&mut self, how: How) -> Option<&mut Option<Catch>> {
        match (how.verdict, how.is_right, how.is_code) {
            (Verdict::Failed | Verdict::Warning, true, true) => Some(&mut self.by_code),
            (Verdict::Failed, true, false) => Some(&mut self.failed),
            (Verdict::Warning, true, false) => Some(&mut self.warned),
            (Verdict::Failed | Verdict::Warning, false, false) => Some(&mut self.elsewhere),
            (Verdict::Observed, true, false) => Some(&mut self.observed),
            _ => None,
        }
    }

    /// What became of the defect, and the check that shows it.
    fn conclude(self, met: &Met) -> (Fate, Option<Catch>) {
        let by_weight = [
            (Fate::Caught, self.failed),
            (Fate::Warned, self.warned),
            (Fate::CodeOnly, self.by_code),
            (Fate::Elsewhere, self.elsewhere),
            (Fate::Observed, self.observed),
        ];
        for (fate, catch) in by_weight {
            if catch.is_some() {
                return (fate, catch);
            }
        }
        let fate = if met.is_empty() {
            Fate::Untouched
        } else {
            Fate::Survived
        };
        (fate, None)
    }
}

/// Puts what the file of defects says beside what was found.
fn said(row: &mut Row, registry: &Registry) {
    if let Some(reason) = registry.equivalent(&row.id) {
        match row.fate {
            Fate::CodeOnly | Fate::Observed | Fate::Survived | Fate::Untouched => {
                row.fate = Fate::Equivalent;
                row.catch = None;
                row.met_in = Vec::new();
            }
            _ => row.fate = Fate::Stale,
        }
        row.reason = Some(reason.to_owned());
    }
    if let Some(reason) = registry.warned(&row.id) {
        match row.fate {
            Fate::Warned => row.reason = Some(reason.to_owned()),
            Fate::Caught => {
                row.fate = Fate::Stale;
                row.reason = Some(reason.to_owned());
            }
            _ => {}
        }
    }
}

/// A case that could be judged without the defect and cannot with it: a run would exit with 3, which names nobody.
fn unjudged(run: &RunResult, clean: &Clean) -> Option<String> {
    let judged =
        |case: &&CaseResult| case.verdict == Verdict::Error && clean.about.contains_key(&case.id);
    let case = run.results.iter().find(judged)?;
    // What a finding saw may hold a `state` or a code, and these differ from run to run.
    let is_error = |finding: &&FindingRecord| finding.verdict == Verdict::Error;
    let broken = (case.findings.iter().find(is_error))
        .map(|finding| format!("step `{}`: {} does not hold", finding.step, finding.check));
    let why = broken.or_else(|| case.reason.clone());
    let why = why.as_deref().unwrap_or("no reason is known");
    Some(format!("`{}` could not be judged: {why}", case.id))
}

/// Checks that hold in the clean run and not here, those that are not judged left out.
fn broken<'r>(
    run: &'r RunResult,
    clean: &Clean,
) -> impl Iterator<Item = (&'r CaseResult, &'r FindingRecord)> {
    let all = run
        .results
        .iter()
        .flat_map(|case| case.findings.iter().map(move |finding| (case, finding)));
    all.filter(|(case, finding)| {
        let differs = matches!(
            finding.verdict,
            Verdict::Failed | Verdict::Warning | Verdict::Observed
        );
        differs && finding.not_judged.is_none() && !clean.open.contains(&key(case, finding))
    })
}

/// A changed answer is rightly caught by a check that cites what it breaks.
fn right_for_bend<'f>(finding: &'f FindingRecord, breaks: &[RequirementId]) -> Option<&'f str> {
    let cited = finding.covers.iter().map(String::as_str);
    cited
        .into_iter()
        .find(|cited| breaks.iter().any(|broken| broken.as_str() == *cited))
}

/// A muted refusal is rightly caught where it was made: in a case and at a step that it answered, by a check that cites
/// what the case is about.
fn right_for_mute<'f>(
    case: &CaseResult,
    finding: &'f FindingRecord,
    met: &Met,
    clean: &Clean,
    breaks: &[RequirementId],
) -> Option<&'f str> {
    if !met.get(&case.id)?.contains(&finding.step) {
        return None;
    }
    if !breaks.is_empty() {
        return right_for_bend(finding, breaks);
    }
    let about = clean.about.get(&case.id)?;
    let cited = finding.covers.iter().map(String::as_str);
    cited.into_iter().find(|cited| about.contains(*cited))
}

/// The case whose exchange broke a rule for every answer, which has none of its own.
fn seen_in(case: &CaseResult) -> Option<String> {
    let first = case.applied.as_ref()?.first.as_ref()?;
    Some(first.case.clone())
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

#[cfg(test)]
mod tests;
