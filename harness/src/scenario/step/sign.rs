//! `sign`: test control signs a JWT again with a server's key, changed or not. Its response has it as `jwt`.

use std::collections::BTreeSet;

use strict_yaml::Problems;

use super::written::{KindForm, Written};
use super::{Action, Description, StepKind};
use crate::scenario::describe::members;
use crate::scenario::form::{Named, form};
use crate::scenario::model::{Capability, ClaimChange, ServerRole, Template};
use crate::scenario::visit;

/// A JWT is signed again.
#[derive(Debug, Clone)]
pub struct Sign {
    /// Whose key.
    pub by: ServerRole,
    /// The JWT it is made of.
    pub token: Template,
    /// Whether the token need not be a JWT; then there is nothing to sign.
    pub may_be_opaque: bool,
    /// Members of the header.
    pub header: Vec<(String, ClaimChange)>,
    /// Claims.
    pub claims: Vec<(String, ClaimChange)>,
}

form! {
    /// `sign`
    SignForm, "a sign step", "sign" {
        /// The server whose key signs.
        required by: ServerRole,
        /// The JWT it is made of.
        required token: Template,
        /// The token is an access token, which need not be a JWT: where it is none, the case is skipped.
        optional opaque: bool,
        /// Members of the header; `alg` and `kid` are those of the key.
        optional header: Named<ClaimChange>,
        /// Claims.
        optional claims: Named<ClaimChange>,
    }
}

impl KindForm for SignForm {
    fn action(self, _: &mut Problems) -> Action {
        let sign = Sign {
            by: self.by.unwrap_or(ServerRole::Org),
            token: self.token.unwrap_or_default(),
            may_be_opaque: self.opaque.unwrap_or(false),
            header: self.header.unwrap_or_default().into_pairs(),
            claims: self.claims.unwrap_or_default().into_pairs(),
        };
        sign.into()
    }
}

impl Sign {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<SignForm>(
        "sign",
        "Test control signs a JWT again with a server's key; its response has it as `jwt`.",
    )];
}

impl StepKind for Sign {
    fn name(&self) -> &'static str {
        "sign"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.by)
    }

    fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.token];
        visit::members(&self.header, &mut found);
        visit::members(&self.claims, &mut found);
        found
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::Forge);
    }

    fn describe(&self) -> Description {
        let Self { by, token, .. } = self;
        let changed = members(&self.header, &self.claims).into_iter();
        Description {
            summary: format!(
                "test control signs {token} again, with the key of {by}: only that server could"
            ),
            details: changed.map(|how| ("changed".to_owned(), how)).collect(),
        }
    }
}
