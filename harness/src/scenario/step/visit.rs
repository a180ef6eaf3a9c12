//! `visit`: a browser is sent to an address. Its response is the last page or redirect.

use std::collections::BTreeSet;

use strict_yaml::Problems;

use super::written::{KindForm, Written};
use super::{Action, Description, Redirects, StepKind, Success};
use crate::scenario::form::form;
use crate::scenario::model::{Capability, Template};

/// A browser is sent to an address.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Where.
    pub url: Template,
    /// Which browser; a fresh one when left out.
    pub browser: Option<String>,
}

form! {
    /// `visit`
    VisitForm, "a visit step", "visit" {
        /// Where the browser is sent.
        required url: Template,
        /// A browser that keeps its cookies from step to step; a fresh one when left out.
        optional browser: String,
    }
}

impl KindForm for VisitForm {
    fn action(self, _: &mut Problems) -> Action {
        let url = self.url.unwrap_or_default();
        let browser = self.browser;
        Visit { url, browser }.into()
    }
}

impl Visit {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<VisitForm>(
        "visit",
        "A browser is sent to an address; its response is the last page or redirect.",
    )];
}

impl StepKind for Visit {
    fn name(&self) -> &'static str {
        "visit"
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.url]
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::SignInPage);
    }

    fn describe(&self) -> Description {
        let browser = self.browser.as_ref().map_or_else(
            || "a browser without cookies".to_owned(),
            |name| format!("the browser `{name}`, with the cookies it has"),
        );
        Description::line(format!("GET {} in {browser}", self.url))
    }

    fn success(&self) -> Success {
        Success::NotRefused
    }

    fn redirects(&self) -> Redirects {
        Redirects::Always
    }
}
