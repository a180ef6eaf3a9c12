//! `userinfo`: a GET of the userinfo endpoint.

use strict_yaml::Problems;

use super::wording::{detail, endpoint};
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::form::form;
use crate::scenario::model::{ServerRole, Template};

/// GET userinfo.
#[derive(Debug, Clone)]
pub struct UserInfo {
    /// Server asked.
    pub at: ServerRole,
    /// Bearer token.
    pub access_token: Template,
}

form! {
    /// `userinfo`
    UserInfoForm, "a userinfo step", "userinfo" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The access token.
        required access_token: Template,
    }
}

impl KindForm for UserInfoForm {
    fn action(self, _: &mut Problems) -> Action {
        let at = self.at.unwrap_or(ServerRole::Org);
        let access_token = self.access_token.unwrap_or_default();
        UserInfo { at, access_token }.into()
    }
}

impl UserInfo {
    pub(super) const WRITTEN: &[Written] =
        &[Written::of::<UserInfoForm>("userinfo", "GET userinfo.")];
}

impl StepKind for UserInfo {
    fn name(&self) -> &'static str {
        "userinfo"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.at)
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.access_token]
    }

    fn changeable(&self) -> Changeable {
        Changeable {
            option_keys: &["$at", "$method", "$headers", "$scheme", "$bearer"],
            // It goes into a header field, and is changed like a parameter all the same.
            sent: vec!["access_token".to_owned()],
            ..Changeable::default()
        }
    }

    fn describe(&self) -> Description {
        Description {
            summary: format!("GET {}", endpoint(self.at, "userinfo_endpoint")),
            details: vec![detail("bearer", &self.access_token)],
        }
    }
}
