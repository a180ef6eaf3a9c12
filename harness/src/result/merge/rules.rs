//! What two parts of a run say of one rule for every answer, made one.

use crate::result::model::{Applied, CaseResult, FindingRecord, VaryingCase, Verdict};

/// Both results in one: the counts add up, the more severe verdict stands.
pub(super) fn merged(one: CaseResult, other: CaseResult) -> CaseResult {
    // A part in which the rule did not apply says nothing, unless it was not run to its end.
    let (mut kept, added) = if rank(other.verdict) > rank(one.verdict) {
        (other, one)
    } else {
        (one, other)
    };
    for finding in added.findings {
        let same = |known: &&mut FindingRecord| {
            (&known.step, &known.check, &known.expected)
                == (&finding.step, &finding.check, &finding.expected)
        };
        match kept.findings.iter_mut().find(same) {
            Some(known) if finding.verdict > known.verdict => *known = finding,
            Some(_) => {}
            None => kept.findings.push(finding),
        }
    }
    kept.findings.sort_by_cached_key(|one| {
        (
            one.step.clone(),
            one.check.to_string(),
            one.expected.clone(),
        )
    });
    let none = Applied::default();
    let (a, b) = (
        kept.applied.as_ref().unwrap_or(&none),
        added.applied.as_ref().unwrap_or(&none),
    );
    let applied = Applied {
        broken_in: a.broken_in.union(&b.broken_in).cloned().collect(),
        exchanges: a.exchanges + b.exchanges,
        broken: a.broken + b.broken,
        first: [&a.first, &b.first].into_iter().flatten().min().cloned(),
    };
    if let Some(words) = applied.words() {
        kept.reason = Some(words);
    }
    kept.applied = Some(applied);
    kept
}

/// What two parts recorded of a rule.
pub(super) fn add(known: &mut VaryingCase, other: &VaryingCase) {
    known.milliseconds += other.milliseconds;
    known.exchanges.extend(other.exchanges.iter().cloned());
}

/// Which of two verdicts of one rule stands.
const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Skipped | Verdict::NotApplicable => 0,
        Verdict::Passed => 1,
        Verdict::Observed => 2,
        Verdict::NotRun => 3,
        Verdict::Warning => 4,
        Verdict::Error => 5,
        Verdict::Failed => 6,
    }
}
