//! The steps of a browser: sign-in, the authorize endpoint, the third party's consent page.

use strict_yaml::Problems;

use super::token::with_extra;
use super::{KindForm, params};
use crate::scenario::form::{Decision, Named, form};
use crate::scenario::model::{Action, Browsing, ClientRole, ServerRole, Template, UserRole};

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

form! {
    /// `authorize`
    AuthorizeForm, "an authorize step", "authorize" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The client.
        required client = "as": ClientRole,
        /// The user who signs in; the page is not filled in when left out.
        optional user: UserRole,
        /// Another password than the user's.
        optional password: Template,
        /// A browser that keeps its cookies from step to step; a fresh one when left out.
        optional browser: String,
        /// What the user answers when asked for consent.
        optional decision: Decision,
        /// The user leaves once the sign-in page was answered: the redirect is not followed.
        optional leaves: bool,
        optional scope: Template,
        optional redirect_uri: Template,
        optional response_type: Template,
        optional state: Template,
        optional nonce: Template,
        optional code_challenge: Template,
        optional code_challenge_method: Template,
        optional prompt: Template,
        optional max_age: Template,
        optional login_hint: Template,
        /// Further parameters of the query.
        optional extra: Named<Template>,
    }
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

impl KindForm for SignInForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::SignIn {
            client: self.client.unwrap_or(ClientRole::UserClient),
            user: self.user.unwrap_or(UserRole::Ada),
            scope: self.scope,
            nonce: self.nonce,
        }
    }
}

impl KindForm for AuthorizeForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            ("response_type", self.response_type),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", self.state),
            ("nonce", self.nonce),
            ("code_challenge", self.code_challenge),
            ("code_challenge_method", self.code_challenge_method),
            ("prompt", self.prompt),
            ("max_age", self.max_age),
            ("login_hint", self.login_hint),
        ]);
        Action::Authorize {
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::UserClient),
            user: self.user,
            password: self.password,
            params: with_extra(own, self.extra, problems),
            browsing: Browsing {
                browser: self.browser,
                allow: self.decision.map(|decision| decision == Decision::Allow),
                leaves: self.leaves.unwrap_or_default(),
            },
        }
    }
}

impl KindForm for VisitForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::Visit {
            url: self.url.unwrap_or_default(),
            browser: self.browser,
        }
    }
}

impl KindForm for ConsentForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::Consent {
            at: self.at.unwrap_or_default(),
            user: self.user,
            allow: self.decision == Some(Decision::Allow),
        }
    }
}
