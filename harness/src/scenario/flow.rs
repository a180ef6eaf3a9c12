//! A scenario, resolved: what its file says, with every name checked.

use std::collections::BTreeSet;

use strict_yaml::Place;

use super::model::{Capability, Change, Edition, Expectation, ResourceType, Save, SourceFile};
use super::step::Action;
use crate::requirement::RequirementId;

/// One base flow and its variations.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Stable id; also the path of its file without `.yaml`.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Prose for `atx show`.
    pub about: Option<String>,
    /// The guide's resource type this belongs to.
    pub resource_type: ResourceType,
    /// Requirements cited by expectations that name none themselves.
    pub covers: Vec<RequirementId>,
    /// Capabilities the target must have, explicit and derived from the base steps.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means all.
    pub editions: Vec<Edition>,
    /// Runs alone, on a reset target, because it changes what others would see.
    pub exclusive: bool,
    /// The positive twin.
    pub steps: Vec<Step>,
    /// Variations of one step each.
    pub cases: Vec<Case>,
    /// Where it was written.
    pub source: SourceFile,
    /// What of it is written in the words of an earlier version, with file and line.
    pub hints: Vec<String>,
}

impl Scenario {
    /// Whether the sign-ins of the base flow, or of a case, may be those that other cases use as well: nothing is looked at but
    /// the tokens, the case ends no sign-in, and it does not change the org before or after.
    #[must_use]
    pub fn can_share_sign_ins(&self, case: Option<&Case>) -> bool {
        let mut needs = self
            .needs
            .iter()
            .chain(case.iter().flat_map(|case| &case.needs));
        let has_own =
            |need: &Capability| matches!(need, Capability::FreshSignIn | Capability::OwnSignIn);
        let is_exclusive = self.exclusive || case.is_some_and(|case| case.exclusive);
        !is_exclusive && !needs.any(has_own)
    }
}

/// A variation of one step of the base flow, with a result of its own.
#[derive(Debug, Clone)]
pub struct Case {
    /// Stable id within the scenario.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Requirements this case cites (the scenario's when it names none).
    pub covers: Vec<RequirementId>,
    /// Needs of the case beyond the scenario's, derived ones included.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means the scenario's.
    pub editions: Vec<Edition>,
    /// See [`Scenario::exclusive`].
    pub exclusive: bool,
    /// Index into [`Scenario::steps`] of the step that is varied.
    pub at: usize,
    /// Steps inserted before the varied one.
    pub before: Vec<Step>,
    /// What is changed in the request.
    pub change: Change,
    /// What must come back.
    pub expect: Vec<Expectation>,
    /// Values kept for `then`.
    pub save: Vec<Save>,
    /// Steps after the varied one.
    pub then: Vec<Step>,
    /// The rest of the base flow runs as well, its expectations included.
    pub continue_flow: bool,
    /// Where the case is written.
    pub place: Place,
}

/// One request (or one browser walk) and what must come back.
#[derive(Debug, Clone)]
pub struct Step {
    /// Written id, or the kind's name (`exchange`, `exchange-2`).
    pub id: String,
    /// What is done.
    pub action: Action,
    /// What must come back; empty when the step only prepares.
    pub expect: Vec<Expectation>,
    /// Values kept for later steps.
    pub save: Vec<Save>,
    /// Where it is written.
    pub place: Place,
}
