//! How long a case may take, and what its verdict is worth where it was held back.

use std::time::{Duration, Instant};

use crate::result::{Blame, CaseResult, Verdict};
use crate::targets::Held;

/// A code may have expired when its redemption was held back for so long: it lives for 60 seconds where an org is stricter than
/// the guide (okta.md (e)), and the case may take half of them itself.
const TOO_LONG_FOR_CODE: Duration = Duration::from_secs(30);
/// The same for what else a case makes and presents: client assertions and ID-JAGs live for 5 minutes (okta.md (c1)).
const TOO_LONG: Duration = Duration::from_secs(150);

/// How long requests of a case were held back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Waits {
    /// Time in which at least one was.
    pub(super) total: Duration,
    /// The longest that one was, before all its attempts together, which redeems a code.
    pub(super) of_code: Duration,
    /// The longest that one was whose refusal the case expects, where what it presents may have expired meanwhile.
    pub(super) before_refusal: Duration,
}

impl Waits {
    /// Notes how long a request was held back, with whether it redeems a code and whether the case expects its refusal.
    pub(super) fn note(&mut self, held: Duration, redeems_code: bool, is_to_be_refused: bool) {
        if redeems_code {
            self.of_code = self.of_code.max(held);
        }
        let too_long = if redeems_code {
            TOO_LONG_FOR_CODE
        } else {
            TOO_LONG
        };
        if is_to_be_refused && held >= too_long {
            self.before_refusal = self.before_refusal.max(held);
        }
    }
}

/// Runs a future until a deadline, which moves on by the time that requests are held back: waiting for a limit of the target
/// is not its slowness. `None` when it took longer.
pub(super) async fn until<F: Future>(
    deadline: Instant,
    held: &Held,
    future: F,
) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    loop {
        let moved = deadline + held.total();
        tokio::select! {
            biased;
            done = &mut future => return Some(done),
            () = tokio::time::sleep_until(moved.into()) => {
                if deadline + held.total() <= Instant::now() {
                    return None;
                }
            }
        }
    }
}

/// Takes a verdict back that may be due to nothing but the waiting: a deviation of a case whose requests were held back for too
/// long, and a refusal that holds, where the request that was to be refused was.
pub(super) fn doubt(result: &mut CaseResult, waits: Waits) {
    let (held, consequence) = match result.verdict {
        Verdict::Failed | Verdict::Warning if waits.of_code >= TOO_LONG_FOR_CODE => {
            (waits.of_code, "so what does not hold proves nothing")
        }
        Verdict::Failed | Verdict::Warning if waits.total >= TOO_LONG => {
            (waits.total, "so what does not hold proves nothing")
        }
        Verdict::Passed if waits.before_refusal > Duration::ZERO => {
            (waits.before_refusal, "so it may have been refused for that")
        }
        _ => return,
    };
    result.verdict = Verdict::Error;
    result.reason = Some(format!(
        "requests of this case were held back for {} s by a limit of the target, and what they use may have expired \
         meanwhile, {consequence}",
        held.as_secs()
    ));
    result.cure = Some(
        "run it again, with fewer `--jobs`; `max_requests_per_minute` in the target file spreads requests, so that none waits \
         long"
            .to_owned(),
    );
    result.blame = Some(Blame::Network);
    for finding in &mut result.findings {
        if matches!(finding.verdict, Verdict::Failed | Verdict::Warning) {
            finding.verdict = Verdict::Error;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{FindingRecord, RunEvent, sample};

    fn of(verdict: Verdict) -> CaseResult {
        match sample::done("a", verdict) {
            RunEvent::CaseDone { mut result, .. } => {
                result.findings.push(FindingRecord {
                    verdict,
                    ..sample::held()
                });
                *result
            }
            other => panic!("{other:?}"),
        }
    }

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn a_deviation_behind_long_waits_proves_nothing() {
        for verdict in [Verdict::Failed, Verdict::Warning] {
            for (total, of_code, taken_back) in [
                (149, 29, None),
                (150, 0, Some("held back for 150 s")),
                (60, 30, Some("held back for 30 s")),
            ] {
                let mut result = of(verdict);
                let waits = Waits {
                    total: seconds(total),
                    of_code: seconds(of_code),
                    ..Waits::default()
                };
                doubt(&mut result, waits);
                let Some(reason) = taken_back else {
                    assert_eq!(result.verdict, verdict, "{waits:?}");
                    continue;
                };
                assert_eq!(
                    (result.verdict, result.blame),
                    (Verdict::Error, Some(Blame::Network))
                );
                assert!(result.reason.unwrap().contains(reason));
                let mut findings = result.findings.iter();
                assert!(findings.all(|finding| finding.verdict == Verdict::Error));
            }
        }
    }

    #[test]
    fn a_refusal_that_holds_is_doubted_only_where_its_own_request_waited() {
        for (held, redeems_code, is_to_be_refused, verdict) in [
            (300, false, false, Verdict::Passed),
            (149, false, true, Verdict::Passed),
            (150, false, true, Verdict::Error),
            (29, true, true, Verdict::Passed),
            (30, true, true, Verdict::Error),
        ] {
            let mut waits = Waits::default();
            waits.note(seconds(held), redeems_code, is_to_be_refused);
            let mut result = of(Verdict::Passed);
            doubt(&mut result, waits);
            assert_eq!(result.verdict, verdict, "{held} {redeems_code}");
        }
    }

    #[tokio::test]
    async fn a_deadline_is_kept_where_nothing_is_held_back() {
        let deadline = Instant::now() + Duration::from_millis(20);
        let hangs = std::future::pending::<()>();
        assert_eq!(until(deadline, &Held::default(), hangs).await, None);
        let done = std::future::ready(7);
        assert_eq!(until(deadline, &Held::default(), done).await, Some(7));
    }
}
