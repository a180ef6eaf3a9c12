//! `consent`: a browser at the third party's consent page. Its response is the last page.

use std::collections::BTreeSet;

use strict_yaml::Problems;

use super::written::{KindForm, Written};
use super::{Action, Description, Redirects, StepKind, Success};
use crate::scenario::form::{Decision, form};
use crate::scenario::model::{Capability, StateChange, Template, UserRole};

/// A user answers at the consent page.
#[derive(Debug, Clone)]
pub struct Consent {
    /// `interaction_uri`.
    pub at: Template,
    /// User at the browser (the mock knows it from the URI; a real page asks).
    pub user: Option<UserRole>,
    /// Allow, or deny.
    pub allow: bool,
}

form! {
    /// `consent`
    ConsentForm, "a consent step", "consent" {
        /// The `interaction_uri`.
        required at: Template,
        /// The user at the browser.
        optional user: UserRole,
        /// What the user answers.
        required decision: Decision,
    }
}

impl KindForm for ConsentForm {
    fn action(self, _: &mut Problems) -> Action {
        let consent = Consent {
            at: self.at.unwrap_or_default(),
            user: self.user,
            allow: self.decision == Some(Decision::Allow),
        };
        consent.into()
    }
}

impl Consent {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<ConsentForm>(
        "consent",
        "A browser at the third party's consent page; its response is the last page.",
    )];
}

impl StepKind for Consent {
    fn name(&self) -> &'static str {
        "consent"
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.at]
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::ConsentPage);
        // What the user answers stays: the next case must be able to begin without it.
        needs.insert(Capability::FreshConsent);
        needs.extend(self.user.map(Capability::knows_user));
    }

    fn describe(&self) -> Description {
        let who = self
            .user
            .map_or_else(|| "the user".to_owned(), |user| user.to_string());
        let decision = if self.allow { "allows" } else { "refuses" };
        Description::line(format!(
            "{who} {decision} at the third party's consent page, {}",
            self.at
        ))
    }

    fn success(&self) -> Success {
        Success::Answered
    }

    fn redirects(&self) -> Redirects {
        Redirects::Always
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn state_changes(&self) -> Vec<StateChange> {
        vec![StateChange::Consent]
    }
}
