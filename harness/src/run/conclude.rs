//! What became of a case: from its findings, and from what ended it early.

use crate::evidence::Redactor;
use crate::exchange::Party;
use crate::plan::Planned;
use crate::result::{Blame, CaseResult, FindingRecord, Misconfiguration, VaryingCase, Verdict};
use crate::sign_in::SignInError;

/// What became of a case.
pub(super) struct Report {
    pub(super) result: CaseResult,
    pub(super) varying: VaryingCase,
    /// For each step of a base flow that was taken: whether its answer was accepted.
    pub(super) accepted: Vec<bool>,
    /// Not even a connection came about.
    pub(super) unreachable: bool,
    /// See [`Stop::skips`].
    pub(super) skips: bool,
    /// See [`Stop::mistake`].
    pub(super) mistake: Option<Box<Misconfiguration>>,
}

/// Why a case ended early.
pub(super) struct Stop {
    pub(super) reason: String,
    pub(super) blame: Blame,
    /// See [`Report::unreachable`].
    pub(super) unreachable: bool,
    /// The target lacks, lawfully, what the next step needs: no error.
    pub(super) skips: bool,
    /// What is probably wrong in the target file, where that is known.
    pub(super) mistake: Option<Box<Misconfiguration>>,
    /// What to do about it, where the reason does not say it.
    pub(super) cure: Option<&'static str>,
}

/// The end of a case at a step, for another reason than an unreachable target.
pub(super) fn stopped(step: &str, why: &str, blame: Blame) -> Stop {
    Stop {
        reason: format!("step `{step}`: {why}"),
        blame,
        unreachable: false,
        skips: false,
        mistake: None,
        cure: None,
    }
}

/// The end of a case whose user could not be signed in.
pub(super) fn not_signed_in(step: &str, error: &SignInError) -> Stop {
    let (what, cure) = (error.to_string(), error.cure());
    let blame = match error {
        SignInError::Trouble(_) => Blame::Network,
        error if error.is_of_org() => Blame::OrgServer,
        _ => Blame::Harness,
    };
    let mut end = stopped(step, &format!("{what}; {cure}"), blame);
    match error {
        SignInError::Trouble(trouble) => end.unreachable = trouble.is_unreachable(),
        _ => {
            end.mistake = Some(Box::new(Misconfiguration {
                setting: error.setting().to_owned(),
                what,
                cure,
            }));
        }
    }
    end
}

/// Who has to act when what a party answers does not hold.
pub(super) const fn blame_of(party: Party) -> Blame {
    match party {
        Party::Org => Blame::OrgServer,
        Party::Custom => Blame::CustomServer,
        Party::Resource => Blame::Resource,
        Party::Control => Blame::Harness,
    }
}

/// The result of a case from its findings and from what ended it.
pub(super) fn conclude(
    planned: &Planned,
    findings: Vec<FindingRecord>,
    stop: Option<Stop>,
    worst: Option<(Verdict, Blame)>,
    redactor: &Redactor,
) -> CaseResult {
    let mut verdict = verdict_of(&findings);
    match &stop {
        // What was seen before it could not go on still counts.
        Some(stop) if stop.skips && verdict > Verdict::Observed => {}
        Some(stop) if stop.skips => verdict = Verdict::Skipped,
        Some(_) => verdict = verdict.max(Verdict::Error),
        None => {}
    }
    let mut result = CaseResult::of(&planned.case, verdict);
    result.blame = worst
        .filter(|_| !matches!(verdict, Verdict::Passed | Verdict::Skipped))
        .map(|(_, blame)| blame);
    if let Some(stop) = stop {
        result.reason = Some(redactor.stable_text(&stop.reason));
        result.cure = stop.cure.map(str::to_owned);
        if verdict == Verdict::Error {
            result.blame = Some(stop.blame);
        }
    } else if verdict == Verdict::Error {
        let unjudged = findings
            .iter()
            .find(|finding| finding.verdict == Verdict::Error);
        result.reason = unjudged.and_then(|finding| finding.actual.clone());
    }
    result.findings = findings;
    result
}

/// The worst verdict of what is judged. A check of a profile that is not chosen says nothing of the case beside one
/// that is judged; where nothing is judged the case was only looked at.
pub(crate) fn verdict_of(findings: &[FindingRecord]) -> Verdict {
    let judged = findings
        .iter()
        .filter(|finding| finding.not_judged.is_none());
    let worst = judged.map(|finding| finding.verdict).max();
    worst.unwrap_or(if findings.is_empty() {
        Verdict::Passed
    } else {
        Verdict::Observed
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Public;
    use crate::result::PlannedCase;
    use crate::secret::Salt;

    fn finding(verdict: Verdict) -> FindingRecord {
        FindingRecord {
            step: "token".into(),
            check: crate::result::Aspect::Status,
            expected: "integer 200".into(),
            expected_here: None,
            actual: Some("integer 500".into()),
            verdict,
            alternative: None,
            not_judged: None,
            covers: Vec::new(),
            source: "s.yaml:1".parse().unwrap(),
        }
    }

    fn concluded(seen: &[Verdict], skips: bool) -> CaseResult {
        let planned = Planned {
            case: PlannedCase {
                id: "s/c".into(),
                scenario: "s".into(),
                title: "A title".into(),
                resource_type: crate::result::ResourceType::None,
                covers: Vec::new(),
                source: "s.yaml:1".parse().unwrap(),
                change: None,
            },
            lack: None,
            exclusive: false,
        };
        let stop = Stop {
            skips,
            ..stopped("redeem", "there is nothing to send", Blame::CustomServer)
        };
        let worst = seen.iter().max().map(|worst| (*worst, Blame::OrgServer));
        let redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o");
        let findings = seen.iter().copied().map(finding).collect();
        conclude(&planned, findings, Some(stop), worst, &redactor)
    }

    #[test]
    fn what_was_seen_before_a_case_could_not_go_on_still_counts() {
        use Verdict::{Error, Failed, Observed, Passed, Skipped, Warning};
        for (seen, verdict) in [
            (&[][..], Skipped),
            (&[Passed], Skipped),
            (&[Passed, Observed], Skipped),
            (&[Passed, Warning], Warning),
            (&[Failed, Warning], Failed),
        ] {
            let result = concluded(seen, true);
            assert_eq!(result.verdict, verdict, "{seen:?}");
            let blame = (verdict != Skipped).then_some(Blame::OrgServer);
            assert_eq!(result.blame, blame, "{seen:?}");
        }
        let result = concluded(&[Passed, Warning], false);
        assert_eq!(
            (result.verdict, result.blame),
            (Error, Some(Blame::CustomServer))
        );
        assert_eq!(
            result.reason.as_deref(),
            Some("step `redeem`: there is nothing to send")
        );
    }
}
