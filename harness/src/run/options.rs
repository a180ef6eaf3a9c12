//! How a run is made.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::sign_ins::usual_asking;
use super::tape::Tape;
use crate::scenario::model::{Edition, Invariants};
use crate::secret::Secret;
use crate::sign_in::Asking;
use crate::targets::{Allowances, Target};

/// A run takes seconds, or minutes where an org limits how often it is asked. What takes longer than this hangs.
pub const DEADLINE: Duration = Duration::from_mins(15);

/// Why a run ends that has used up its requests.
pub(super) const OUT_OF_REQUESTS: &str =
    "the run has sent as many requests as `--max-requests` allows";

/// Whether the time of a run counts in which requests are held back by limits of the target or of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingTime {
    /// The run has so much time in all.
    Counts,
    /// It is not the target's slowness.
    DoesNotCount,
}

/// What becomes of the tokens that a real org issued during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtEnd {
    /// They are revoked.
    RevokeTokens,
    /// They expire by themselves.
    KeepTokens,
}

/// How to run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Edition of the guide to follow.
    pub edition: Edition,
    /// How many cases may run at once.
    pub jobs: usize,
    /// Stop at the first case that fails or cannot be judged.
    pub fail_fast: bool,
    /// Cases that are known to deviate: they are no reason to stop.
    pub known: BTreeSet<String>,
    /// Longest time a case may take.
    pub patience: Duration,
    /// Longest time the run may take.
    pub deadline: Duration,
    /// Whether waiting belongs to it.
    pub waiting: WaitingTime,
    /// What the target may take of it, before it is given up.
    pub allowances: Allowances,
    /// Whether the target file is checked before the run, with the first request of each flow.
    pub preflight: bool,
    /// Whether what went over the wire is kept, redacted, for whoever reads the result.
    pub evidence: bool,
    /// Rules that every exchange is held against.
    pub invariants: Arc<Invariants>,
    /// A second target like the first, which nobody else uses: cases that change a target run there, beside the others.
    pub spare: Option<Target>,
    /// What becomes of what a real org issued.
    pub at_end: AtEnd,
    /// Values besides the target's secrets that nothing may show.
    pub redact: Vec<Secret>,
    /// Whether it is recorded, or was.
    pub tape: Tape,
    /// How a person is asked to sign in, where the target file says so.
    pub asking: Asking,
    /// Longest time a person may take to consent at a third party.
    pub consent_within: Duration,
    /// Cancelled from outside (Ctrl-C), it ends the run; what was measured is reported all the same.
    pub cancel: CancellationToken,
}

impl RunOptions {
    /// Eight cases at once, each at most 30 s and all at most 15 min, to the end, without rules that hold for every answer.
    pub fn new(edition: Edition) -> Self {
        Self {
            edition,
            jobs: 8,
            fail_fast: false,
            known: BTreeSet::new(),
            patience: Duration::from_secs(30),
            deadline: DEADLINE,
            waiting: WaitingTime::DoesNotCount,
            allowances: Allowances::of(8),
            preflight: false,
            evidence: true,
            invariants: Arc::default(),
            spare: None,
            at_end: AtEnd::RevokeTokens,
            redact: Vec::new(),
            tape: Tape::Off,
            asking: usual_asking(),
            consent_within: Duration::from_mins(5),
            cancel: CancellationToken::new(),
        }
    }
}
