//! `sign_in`: the whole code flow with PKCE. Its response is the token response.

use std::collections::BTreeSet;

use strict_yaml::Problems;

use super::parts::{FORM_OPTIONS, TOKEN_PARAMS};
use super::wording::optional;
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::form::form;
use crate::scenario::model::{Capability, ClientRole, ServerRole, Template, UserRole};

/// Scopes that sign-ins are made with which cases share; those of a target file are assumed to have been.
const ASSUMED_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// What its token request sends.
const SENT: [&str; 8] = [
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

/// The whole code flow.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Client that signs the user in.
    pub client: ClientRole,
    /// User that signs in.
    pub user: UserRole,
    /// `scope`, when written.
    pub scope: Option<Template>,
    /// `nonce`, when written.
    pub nonce: Option<Template>,
}

form! {
    /// `sign_in`
    SignInForm, "a sign_in step", "sign_in" {
        /// The client that signs the user in.
        required client = "as": ClientRole,
        /// The user.
        required user: UserRole,
        /// Scopes, space-delimited.
        optional scope: Template,
        /// The nonce; a fresh one when left out.
        optional nonce: Template,
    }
}

impl KindForm for SignInForm {
    fn action(self, _: &mut Problems) -> Action {
        let sign_in = SignIn {
            client: self.client.unwrap_or(ClientRole::UserClient),
            user: self.user.unwrap_or(UserRole::Ada),
            scope: self.scope,
            nonce: self.nonce,
        };
        sign_in.into()
    }
}

impl SignIn {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<SignInForm>(
        "sign_in",
        "The whole code flow with PKCE; its response is the token response.",
    )];

    /// Whether what another sign-in of the same user and client gave serves as well: no nonce of its own, and only scopes that
    /// every sign-in is made with.
    #[must_use]
    pub fn can_be_shared(&self) -> bool {
        self.nonce.is_none() && self.scope.as_ref().is_none_or(is_plain)
    }
}

impl StepKind for SignIn {
    fn name(&self) -> &'static str {
        "sign_in"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(ServerRole::Org)
    }

    fn client(&self) -> Option<ClientRole> {
        Some(self.client)
    }

    fn templates(&self) -> Vec<&Template> {
        self.scope.iter().chain(&self.nonce).collect()
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::UserSignIn);
        if !self.can_be_shared() {
            needs.insert(Capability::FreshSignIn);
        }
        // Tokens of ada for the client that signs users in may be given without a word about either.
        let is_given = self.user == UserRole::Ada
            && matches!(self.client, ClientRole::UserClient | ClientRole::Agent);
        if !is_given || !self.can_be_shared() {
            needs.insert(Capability::knows_user(self.user));
            needs.insert(Capability::knows_client(self.client));
        }
    }

    /// Its token request. The browser part is varied with `authorize`.
    fn changeable(&self) -> Changeable {
        Changeable {
            option_keys: FORM_OPTIONS,
            sent: SENT.map(ToOwned::to_owned).to_vec(),
            other_params: &TOKEN_PARAMS,
            accepts_new_params: true,
        }
    }

    fn describe(&self) -> Description {
        let Self { user, client, .. } = self;
        Description {
            summary: format!("{user} signs in through {client}: the whole code flow with PKCE"),
            details: optional([("scope", &self.scope), ("nonce", &self.nonce)]),
        }
    }

    fn answers_json(&self) -> bool {
        true
    }

    fn signs_in(&self) -> Option<(ClientRole, UserRole)> {
        Some((self.client, self.user))
    }
}

fn is_plain(scope: &Template) -> bool {
    scope
        .as_literal()
        .is_some_and(|scope| scope.split(' ').all(|one| ASSUMED_SCOPES.contains(&one)))
}
