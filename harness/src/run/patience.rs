//! How long a case may take, and what its verdict is worth where it was held back.

use std::time::{Duration, Instant};

use crate::result::{Blame, CaseResult, Verdict};
use crate::targets::Held;

/// What a case uses may have expired when its requests were held back for so long: codes live for 60 seconds (okta.md (e)),
/// and the case may take half of them itself.
const TOO_LONG: Duration = Duration::from_secs(30);

/// How long requests of a case were held back.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Waits {
    /// Time in which at least one was.
    pub(super) total: Duration,
    /// The longest that one was, before all its attempts together, whose refusal the case expects.
    pub(super) before_refusal: Duration,
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
        Verdict::Failed | Verdict::Warning => (waits.total, "so what does not hold proves nothing"),
        Verdict::Passed => (waits.before_refusal, "so it may have been refused for that"),
        _ => return,
    };
    if held < TOO_LONG {
        return;
    }
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

    fn waits(total: u64, before_refusal: u64) -> Waits {
        Waits {
            total: Duration::from_secs(total),
            before_refusal: Duration::from_secs(before_refusal),
        }
    }

    #[test]
    fn a_deviation_behind_long_waits_proves_nothing() {
        for verdict in [Verdict::Failed, Verdict::Warning] {
            let mut result = of(verdict);
            doubt(&mut result, waits(29, 0));
            assert_eq!(result.verdict, verdict);
            doubt(&mut result, waits(61, 0));
            assert_eq!(
                (result.verdict, result.blame),
                (Verdict::Error, Some(Blame::Network))
            );
            assert!(result.reason.unwrap().contains("held back for 61 s"));
            let mut findings = result.findings.iter();
            assert!(findings.all(|finding| finding.verdict == Verdict::Error));
        }
    }

    #[test]
    fn a_refusal_that_holds_is_doubted_only_where_its_own_request_waited() {
        for (waits, verdict) in [
            (waits(200, 0), Verdict::Passed),
            (waits(200, 29), Verdict::Passed),
            (waits(30, 30), Verdict::Error),
        ] {
            let mut result = of(Verdict::Passed);
            doubt(&mut result, waits);
            assert_eq!(result.verdict, verdict, "{waits:?}");
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
