//! The steps that post a form to an endpoint of an authorization server.

use strict_yaml::{Place, Problem, Problems};

use super::{KindForm, params};
use crate::scenario::form::{Named, form};
use crate::scenario::model::{
    Action, ClientAuth, ClientRole, ManageEndpoint, Params, ServerRole, Template, TokenStep,
};

const GRANT_AUTHORIZATION_CODE: &str = "authorization_code";
const GRANT_REFRESH_TOKEN: &str = "refresh_token";
const GRANT_TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const GRANT_JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TYPE_ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// A form of a step at an endpoint: these four keys, and its own.
macro_rules! endpoint_form {
    ($(#[$doc:meta])* $name:ident, $what:literal, $def:literal { $($own:tt)* }) => {
        form! {
            $(#[$doc])*
            $name, $what, $def {
                $($own)*
                /// The client; agent when left out.
                optional client = "as": ClientRole,
                /// How the client authenticates; as the target registers it when left out.
                optional client_auth: ClientAuth,
                /// Further parameters of the form.
                optional extra: Named<Template>,
            }
        }
    };
}

endpoint_form! {
    /// `redeem_code`
    RedeemCodeForm, "a redeem_code step", "redeem_code" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The authorization code.
        required code: Template,
        /// The PKCE verifier; this case's own when left out.
        optional code_verifier: Template,
        /// The redirect URI; the client's when left out.
        optional redirect_uri: Template,
    }
}

endpoint_form! {
    /// `exchange`
    ExchangeForm, "an exchange step", "exchange" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The user's token.
        required subject_token: Template,
        /// What the user's token is; an ID token when left out.
        optional subject_token_type: Template,
        /// What is asked for.
        required requested_token_type: Template,
        /// Issuer of the server that shall redeem the ID-JAG.
        optional audience: Template,
        /// Identifier of the resource.
        optional resource: Template,
        /// Scopes, space-delimited.
        optional scope: Template,
        /// The actor's token.
        optional actor_token: Template,
        /// What the actor's token is.
        optional actor_token_type: Template,
    }
}

endpoint_form! {
    /// `redeem`
    RedeemForm, "a redeem step", "redeem" {
        /// Server asked.
        required at: ServerRole,
        /// The ID-JAG.
        required assertion: Template,
        /// Identifier of the resource.
        optional resource: Template,
        /// Scopes, space-delimited.
        optional scope: Template,
    }
}

endpoint_form! {
    /// `refresh`
    RefreshForm, "a refresh step", "refresh" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The refresh token.
        required refresh_token: Template,
        /// Scopes, space-delimited.
        optional scope: Template,
    }
}

endpoint_form! {
    /// `token`
    TokenForm, "a token step", "token" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The grant type; none is sent when left out.
        optional grant_type: Template,
    }
}

endpoint_form! {
    /// `revoke`
    RevokeForm, "a revoke step", "revoke" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The token.
        required token: Template,
        /// What it is.
        optional token_type_hint: Template,
    }
}

endpoint_form! {
    /// `introspect`
    IntrospectForm, "an introspect step", "introspect" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The token.
        required token: Template,
        /// What it is.
        optional token_type_hint: Template,
    }
}

impl KindForm for RedeemCodeForm {
    fn action(self, problems: &mut Problems) -> Action {
        let client = self.client.unwrap_or(ClientRole::Agent);
        let redirect_uri = || Template::reference(self.place, format!("{client}.redirect_uri"));
        let verifier = || Template::reference(self.place, "pkce.verifier".to_owned());
        let own = params([
            (
                "grant_type",
                Some(Template::literal(self.place, GRANT_AUTHORIZATION_CODE)),
            ),
            ("code", self.code),
            (
                "code_verifier",
                Some(self.code_verifier.unwrap_or_else(verifier)),
            ),
            (
                "redirect_uri",
                Some(self.redirect_uri.unwrap_or_else(redirect_uri)),
            ),
        ]);
        Action::Token {
            kind: TokenStep::RedeemCode,
            at: self.at.unwrap_or(ServerRole::Org),
            client,
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

impl KindForm for ExchangeForm {
    fn action(self, problems: &mut Problems) -> Action {
        let id_token = || Template::literal(self.place, TYPE_ID_TOKEN);
        let own = params([
            (
                "grant_type",
                Some(Template::literal(self.place, GRANT_TOKEN_EXCHANGE)),
            ),
            ("requested_token_type", self.requested_token_type),
            ("subject_token", self.subject_token),
            (
                "subject_token_type",
                Some(self.subject_token_type.unwrap_or_else(id_token)),
            ),
            ("actor_token", self.actor_token),
            ("actor_token_type", self.actor_token_type),
            ("audience", self.audience),
            ("resource", self.resource),
            ("scope", self.scope),
        ]);
        Action::Token {
            kind: TokenStep::Exchange,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

impl KindForm for RedeemForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            (
                "grant_type",
                Some(Template::literal(self.place, GRANT_JWT_BEARER)),
            ),
            ("assertion", self.assertion),
            ("resource", self.resource),
            ("scope", self.scope),
        ]);
        Action::Token {
            kind: TokenStep::Redeem,
            at: self.at.unwrap_or(ServerRole::CustomAs),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

impl KindForm for RefreshForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            (
                "grant_type",
                Some(Template::literal(self.place, GRANT_REFRESH_TOKEN)),
            ),
            ("refresh_token", self.refresh_token),
            ("scope", self.scope),
        ]);
        Action::Token {
            kind: TokenStep::Refresh,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

impl KindForm for TokenForm {
    fn action(self, problems: &mut Problems) -> Action {
        Action::Token {
            kind: TokenStep::Token,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(
                params([("grant_type", self.grant_type)]),
                self.extra,
                problems,
            ),
        }
    }
}

impl KindForm for RevokeForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            ("token", self.token),
            ("token_type_hint", self.token_type_hint),
        ]);
        Action::Manage {
            endpoint: ManageEndpoint::Revoke,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

impl KindForm for IntrospectForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            ("token", self.token),
            ("token_type_hint", self.token_type_hint),
        ]);
        Action::Manage {
            endpoint: ManageEndpoint::Introspect,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        }
    }
}

/// Adds `extra`; a parameter that the step has of its own belongs there.
pub(super) fn with_extra(
    mut own: Params,
    extra: Option<Named<Template>>,
    problems: &mut Problems,
) -> Params {
    for (name, template) in extra.unwrap_or_default().0 {
        if own.iter().any(|(known, _)| *known == name.value) {
            problems.push(twice(name.place, &name.value));
        } else {
            own.push((name.value, template));
        }
    }
    own
}

fn twice(place: Place, name: &str) -> Problem {
    Problem::new(place, format!("the step sends `{name}` already"))
        .help("write it as a key of the step; to send it twice, `change` it in a case: `{ double: true }`")
}
