//! `authorize`: the browser part of the code flow. Its response is the final redirect or the refusing page.

use std::collections::BTreeSet;

use strict_yaml::Problems;

use super::parts::{names, params, templates, with_extra};
use super::wording::{endpoint, optional, parameters};
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, Redirects, StepKind, Success};
use crate::scenario::form::{Decision, Named, form};
use crate::scenario::model::{
    Capability, ClientRole, Params, ServerRole, StateChange, Template, UserRole,
};

/// Parameters it sends by itself.
const SENT: [&str; 8] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// A browser at the authorization endpoint.
#[derive(Debug, Clone)]
pub struct Authorize {
    /// Server asked.
    pub at: ServerRole,
    /// Client asking.
    pub client: ClientRole,
    /// User that signs in; `None` leaves the page unfilled.
    pub user: Option<UserRole>,
    /// Wrong password on purpose.
    pub password: Option<Template>,
    /// Query parameters as written, defaults not yet applied.
    pub params: Params,
    /// Which browser, and what the user does there besides signing in.
    pub browsing: Browsing,
}

/// What happens in a browser besides signing in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browsing {
    /// A browser that keeps its cookies from step to step of a case; a fresh one when left out.
    pub browser: Option<String>,
    /// What the user answers when asked for consent: allow, or deny.
    pub allow: Option<bool>,
    /// Whether the user leaves once the sign-in page was answered: the redirect is not followed.
    pub leaves: bool,
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
        let authorize = Authorize {
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
        };
        authorize.into()
    }
}

impl Authorize {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<AuthorizeForm>(
        "authorize",
        "The browser part of the code flow; its response is the final redirect.",
    )];

    /// Whether the user signs in and follows the redirect.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.signs_in().is_some() && !self.browsing.leaves
    }
}

impl StepKind for Authorize {
    fn name(&self) -> &'static str {
        "authorize"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.at)
    }

    fn client(&self) -> Option<ClientRole> {
        Some(self.client)
    }

    fn templates(&self) -> Vec<&Template> {
        self.password
            .iter()
            .chain(templates(&self.params))
            .collect()
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::SignInPage);
        needs.extend(self.user.map(Capability::knows_user));
        needs.insert(Capability::knows_client(self.client));
    }

    fn changeable(&self) -> Changeable {
        Changeable {
            option_keys: &["$as", "$at", "$method", "$headers"],
            sent: names(&self.params, &SENT),
            other_params: &["prompt", "max_age", "login_hint"],
            accepts_new_params: true,
        }
    }

    fn describe(&self) -> Description {
        let who = self
            .user
            .map_or_else(|| "nobody".to_owned(), |user| user.to_string());
        let address = endpoint(self.at, "authorization_endpoint");
        let mut details = vec![("client".to_owned(), self.client.to_string())];
        details.extend(self.browsing.describe());
        details.extend(optional([("password", &self.password)]));
        details.extend(parameters(&self.params));
        Description {
            summary: format!("GET {address}; {who} fills in the sign-in page"),
            details,
        }
    }

    fn success(&self) -> Success {
        Success::NotRefused
    }

    fn redirects(&self) -> Redirects {
        Redirects::Always
    }

    fn state_changes(&self) -> Vec<StateChange> {
        let decides = self.browsing.allow.map(|_| StateChange::Consent);
        let guesses = self.password.as_ref().map(|_| StateChange::WrongPassword);
        decides.into_iter().chain(guesses).collect()
    }

    fn signs_in(&self) -> Option<(ClientRole, UserRole)> {
        let right_password = self.password.is_none();
        self.user
            .filter(|_| right_password)
            .map(|user| (self.client, user))
    }
}

impl Browsing {
    fn describe(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        if let Some(name) = &self.browser {
            rows.push((
                "browser".to_owned(),
                format!("{name}, with the cookies it has"),
            ));
        }
        if let Some(allow) = self.allow {
            let answer = if allow { "allowed" } else { "denied" };
            rows.push((
                "consent".to_owned(),
                format!("{answer}, where a page asks for it"),
            ));
        }
        if self.leaves {
            let left = "the user leaves once the page was answered";
            rows.push(("then".to_owned(), left.to_owned()));
        }
        rows
    }
}
