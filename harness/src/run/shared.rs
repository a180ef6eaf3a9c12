//! What the cases of a run have in common.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::invariants::Watch;
use super::sign_ins::SignIns;
use super::tape::Tape;
use crate::cassette::WhichOrg;
use crate::evidence::{Budget, Redactor};
use crate::requirement::Catalogue;
use crate::scenario::model::Edition;
use crate::targets::Target;

/// What all cases of a run share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) target: Target,
    pub(super) catalogue: Catalogue,
    pub(super) edition: Edition,
    /// Names of the target for templates.
    pub(super) names: Arc<BTreeMap<String, String>>,
    /// Knows the secrets of the target; each case goes on with a copy.
    pub(super) redactor: Redactor,
    /// Holds every exchange against the rules for all of its kind.
    pub(super) watch: Arc<Watch>,
    /// Longest time a case may take.
    pub(super) patience: Duration,
    /// Longest time a person may take to consent at a third party.
    pub(super) consent_within: Duration,
    /// Whether exchanges are kept.
    pub(super) evidence: bool,
    /// How much of them.
    pub(super) budget: Arc<Budget>,
    /// Whether what the steps do is recorded, or was.
    pub(super) tape: Tape,
    /// Which of the orgs of the run this is.
    pub(super) on: WhichOrg,
    /// A base flow is taken by another way than its own.
    pub(super) other_way: bool,
    /// Sign-ins that cases share.
    pub(super) sign_ins: Arc<SignIns>,
    /// Whether this is the preflight, of which nothing is recorded.
    pub(super) rehearses: bool,
}
