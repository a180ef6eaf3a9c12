//! How long a case may take, and what its verdict is worth where it was held back.

use std::time::{Duration, Instant};

use crate::result::{Blame, CaseResult, Verdict};
use crate::targets::Held;

/// What a case uses may have expired when a request of it was held back so long: codes live for a minute (okta.md (b)).
const TOO_LONG: Duration = Duration::from_secs(30);

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

/// Takes back that a case failed whose requests were held back for too long.
pub(super) fn doubt(result: &mut CaseResult, longest: Duration) {
    if result.verdict != Verdict::Failed || longest < TOO_LONG {
        return;
    }
    result.verdict = Verdict::Error;
    result.reason = Some(format!(
        "a request of this case was held back for {} s by a limit of the target, and what it uses may have expired \
         meanwhile, so what does not hold proves nothing",
        longest.as_secs()
    ));
    result.cure = Some(
        "run it again; `max_requests_per_minute` in the target file spreads requests, so that none waits long".to_owned(),
    );
    result.blame = Some(Blame::Network);
    for finding in &mut result.findings {
        if finding.verdict == Verdict::Failed {
            finding.verdict = Verdict::Error;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{RunEvent, sample};

    fn failed() -> CaseResult {
        match sample::done("a", Verdict::Failed) {
            RunEvent::CaseDone { result, .. } => *result,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_failure_behind_a_long_wait_proves_nothing() {
        let mut result = failed();
        doubt(&mut result, Duration::from_secs(29));
        assert_eq!(result.verdict, Verdict::Failed);
        doubt(&mut result, Duration::from_secs(61));
        assert_eq!(
            (result.verdict, result.blame),
            (Verdict::Error, Some(Blame::Network))
        );
        assert!(result.reason.unwrap().contains("held back for 61 s"));
        let mut findings = result.findings.iter();
        assert!(findings.all(|finding| finding.verdict != Verdict::Failed));
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
