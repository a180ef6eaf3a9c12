//! How fast a target may be asked, and what is asked again.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::targets::{Deployment, TargetKind};

/// How fast a target may be asked, and what is asked again.
#[derive(Debug, Clone, Copy)]
pub struct PacePolicy {
    /// Whether the target's own limits are kept. Not those of an org in this process: who sets limits there tests them.
    pub keeps_limits: bool,
    /// The most requests in a minute.
    pub per_minute: Option<NonZeroU32>,
    /// The most requests in all.
    pub most_requests: Option<u64>,
    /// How often a request that is safe to repeat is repeated after trouble on the way.
    pub retries: u32,
    /// How often a request that was refused with 429 is sent again: it was not processed.
    pub repeats: u32,
    /// The longest that one request is held back; a target that wants more is not waited for.
    pub most_wait: Duration,
    /// The first wait where an answer does not say how long; each further one is twice as long.
    pub first_wait: Duration,
    /// The longest that a run waits in all.
    pub most_waited: Duration,
}

impl Default for PacePolicy {
    fn default() -> Self {
        Self {
            keeps_limits: true,
            per_minute: None,
            most_requests: None,
            retries: 0,
            repeats: 5,
            // Okta counts by the minute.
            most_wait: Duration::from_mins(2),
            first_wait: Duration::from_secs(1),
            most_waited: Duration::from_hours(6),
        }
    }
}

impl PacePolicy {
    /// What suits the kind of a target, and what its file says.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Self {
        Self {
            keeps_limits: matches!(deployment.kind, TargetKind::Okta | TargetKind::Mock),
            per_minute: deployment.network.max_requests_per_minute,
            retries: if deployment.kind == TargetKind::Okta {
                2
            } else {
                0
            },
            ..Self::default()
        }
    }

    /// How long to wait before the next attempt where the answer does not say; `before` counts those made.
    pub(super) fn wait_after(&self, before: u32) -> Duration {
        self.first_wait
            .saturating_mul(1 << before.min(16))
            .min(self.most_wait)
    }

    /// Whether a request may have to be sent once more.
    pub(super) const fn may_repeat(&self) -> bool {
        self.keeps_limits || self.retries > 0
    }
}
