//! How fast a run asks, how long it waits for an answer, and how many cases run at once.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use super::deadline;
use crate::cli::{Trouble, style};
use crate::targets::{Limits, PacePolicy, Target, TargetKind};

/// Cases that run at once at a real org, where the user does not say.
const AT_AN_ORG: usize = 4;
/// The most that run at once there. An Integrator Free org takes 35 requests at once (okta.md (f)), and a case that tries to
/// use something twice at once sends several.
const MOST_AT_AN_ORG: usize = 16;

/// How fast a run asks.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct PaceOptions {
    /// The most requests that the run may send; what was not run by then is reported as not run
    #[arg(long, value_name = "N")]
    max_requests: Option<NonZeroU64>,

    /// The longest time for one request, such as 30s [default: 10s]
    #[arg(long, value_parser = deadline::read, value_name = "TIME")]
    timeout: Option<Duration>,

    /// How often a request that is safe to repeat is sent again after trouble on the way [default: 2 at a real org, else 0]
    #[arg(long, value_name = "N")]
    retries: Option<u32>,
}

impl PaceOptions {
    /// The target, asked as these options say.
    pub(super) fn paced(&self, target: &Target) -> Result<Target, Trouble> {
        let usual = Limits::default();
        let target = match self.timeout {
            Some(request) => target.within_limits(Limits {
                request,
                connect: usual.connect.min(request),
                ..usual
            })?,
            None => target.clone(),
        };
        let policy = PacePolicy::of(target.deployment());
        Ok(target.paced(PacePolicy {
            most_requests: self.max_requests.map(NonZeroU64::get),
            retries: self.retries.unwrap_or(policy.retries),
            ..policy
        }))
    }

    /// The longest time for a case: some of its requests may take as long as they may.
    pub(super) fn patience(&self, usual: Duration) -> Duration {
        let longest = self.timeout.map(|time| time.saturating_mul(3));
        longest.map_or(usual, |longest| usual.max(longest))
    }

    /// The same options once more, as they follow `atx run`.
    pub(super) fn again(&self) -> String {
        let most = self
            .max_requests
            .map(|most| format!(" --max-requests {most}"));
        let time = self
            .timeout
            .map(|time| format!(" --timeout {}", deadline::written(time)));
        let retries = self.retries.map(|retries| format!(" --retries {retries}"));
        [most, time, retries].into_iter().flatten().collect()
    }
}

/// How many cases run at once. Says so if that is less than was asked for.
pub(super) fn jobs(asked: Option<NonZeroUsize>, kind: TargetKind, usual: usize) -> usize {
    let jobs = at_once(asked.map(NonZeroUsize::get), kind, usual);
    if let Some(asked) = asked.filter(|asked| asked.get() > jobs) {
        style::to_stderr(&format!(
            "note: {jobs} cases run at once, not {asked}: a real org takes few requests at once\n"
        ));
    }
    jobs
}

fn at_once(asked: Option<usize>, kind: TargetKind, usual: usize) -> usize {
    match kind {
        TargetKind::Okta => asked.unwrap_or(AT_AN_ORG).min(MOST_AT_AN_ORG),
        TargetKind::Embedded | TargetKind::Mock | TargetKind::Agent => asked.unwrap_or(usual),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_org_is_asked_by_few_cases_at_once() {
        use TargetKind::{Embedded, Mock, Okta};
        assert_eq!(at_once(None, Okta, 8), 4);
        assert_eq!(at_once(Some(1), Okta, 8), 1);
        assert_eq!(at_once(Some(40), Okta, 8), 16);
        assert_eq!(
            (at_once(None, Mock, 8), at_once(Some(40), Embedded, 8)),
            (8, 40)
        );
    }

    #[test]
    fn a_case_has_time_for_its_slowest_requests() {
        let of = |seconds| PaceOptions {
            timeout: Some(Duration::from_secs(seconds)),
            ..PaceOptions::default()
        };
        let usual = Duration::from_secs(30);
        assert_eq!(of(1).patience(usual), usual);
        assert_eq!(of(60).patience(usual), Duration::from_mins(3));
        assert_eq!(of(u64::MAX).patience(usual), Duration::MAX);
        assert_eq!(of(60).again(), " --timeout 60s");
        assert_eq!(PaceOptions::default().again(), "");
    }
}
