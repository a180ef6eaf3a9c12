//! What became of a case: from its findings, and from what ended it early.

use crate::evidence::Redactor;
use crate::exchange::Party;
use crate::plan::Planned;
use crate::result::{Blame, CaseResult, FindingRecord, Misconfiguration, VaryingCase, Verdict};
use crate::sign_in::SignInError;
use crate::targets::Trouble;

/// What became of a case.
pub(super) struct Report {
    pub(super) result: CaseResult,
    pub(super) varying: VaryingCase,
    /// For each step of a base flow that was taken: whether its answer was accepted.
    pub(super) accepted: Vec<bool>,
    /// The trouble that ended it.
    pub(super) trouble: Option<Trouble>,
    /// See [`Stop::skips`].
    pub(super) skips: bool,
}

impl Report {
    /// Whether not even a connection came about.
    pub(super) fn is_unreachable(&self) -> bool {
        self.trouble.as_ref().is_some_and(Trouble::is_unreachable)
    }

    /// Whether a request was not sent because the run has used up its requests.
    pub(super) fn is_out_of_requests(&self) -> bool {
        self.trouble.as_ref().is_some_and(Trouble::is_own_limit)
    }
}

/// Why a case ended early.
pub(super) struct Stop {
    pub(super) reason: String,
    pub(super) blame: Blame,
    /// See [`Report::trouble`].
    pub(super) trouble: Option<Trouble>,
    /// The target lacks, lawfully, what the next step needs: no error.
    pub(super) skips: bool,
    /// What to do about it, where the reason does not say it.
    pub(super) cure: Option<&'static str>,
}

/// The end of a case at a step that met trouble: nothing was measured.
pub(super) fn in_trouble(step: &str, trouble: &Trouble) -> Stop {
    Stop {
        trouble: Some(trouble.clone()),
        ..stopped(step, &trouble.to_string(), Blame::Network)
    }
}

/// The end of a case at a step, for another reason than trouble on the way.
pub(super) fn stopped(step: &str, why: &str, blame: Blame) -> Stop {
    Stop {
        reason: format!("step `{step}`: {why}"),
        blame,
        trouble: None,
        skips: false,
        cure: None,
    }
}

/// The end of a case whose user could not be signed in.
pub(super) fn not_signed_in(step: &str, error: &SignInError) -> Stop {
    let (why, blame) = why_not_signed_in(error);
    let mut end = stopped(step, &why, blame);
    if let SignInError::Trouble(trouble) = error {
        end.trouble = Some(trouble.clone());
    }
    end
}

/// Why a user could not be signed in, and who has to act.
pub(super) fn why_not_signed_in(error: &SignInError) -> (String, Blame) {
    let (what, cure) = (error.to_string(), error.cure());
    let blame = match error {
        SignInError::Trouble(_) => Blame::Network,
        error if error.is_of_org() => Blame::OrgServer,
        _ => Blame::Harness,
    };
    (format!("{what}; {cure}"), blame)
}

/// What is probably wrong in the target file where a user could not be signed in.
pub(super) fn misconfiguration(error: &SignInError) -> Misconfiguration {
    Misconfiguration {
        setting: error.setting().to_owned(),
        what: error.to_string(),
        cure: error.cure(),
    }
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
            let cure = stop.trouble.as_ref().and_then(Trouble::cure);
            result.cure = cure.map(str::to_owned).or(result.cure);
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
