//! Forms that a client posts to an endpoint of an authorization server: `redeem_code`, `exchange`, `redeem`, `refresh`,
//! `token`, `revoke` and `introspect`. They differ in their parameters and their endpoint only.

use strict_yaml::Problems;

use super::parts::{
    CLIENT_PARAMS, REPEATABLE_FORM_OPTIONS, TOKEN_PARAMS, names, params, templates, with_extra,
};
use super::wording::{authentication, endpoint, parameters};
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::model::{ClientAuth, ClientRole, Params, ServerRole, StateChange, Template};

const GRANT_AUTHORIZATION_CODE: &str = "authorization_code";
const GRANT_REFRESH_TOKEN: &str = "refresh_token";
/// The grant of a token exchange (RFC 8693 section 2.1).
pub const GRANT_TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// The grant by which an ID-JAG is redeemed (RFC 7523 section 2.1).
pub const GRANT_JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The type of an ID token in an exchange (RFC 8693 section 3).
pub const TYPE_ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// A form that a client posts.
#[derive(Debug, Clone)]
pub struct FormPost {
    /// Which of the written kinds it is.
    pub request: Request,
    /// Server asked.
    pub at: ServerRole,
    /// Client asking.
    pub client: ClientRole,
    /// How the client authenticates.
    pub client_auth: ClientAuth,
    /// Parameters as written, `grant_type` and defaults included, in order.
    pub params: Params,
}

/// The written kinds of such requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// `redeem_code`: `authorization_code`.
    RedeemCode,
    /// `exchange`: token exchange.
    Exchange,
    /// `redeem`: jwt-bearer.
    Redeem,
    /// `refresh`: `refresh_token`.
    Refresh,
    /// `token`: whatever `extra` says.
    Token,
    /// `revoke`: RFC 7009.
    Revoke,
    /// `introspect`: RFC 7662.
    Introspect,
}

impl Request {
    /// The key under which it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RedeemCode => "redeem_code",
            Self::Exchange => "exchange",
            Self::Redeem => "redeem",
            Self::Refresh => "refresh",
            Self::Token => "token",
            Self::Revoke => "revoke",
            Self::Introspect => "introspect",
        }
    }

    /// The endpoint that it goes to, by its name in metadata.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::RedeemCode | Self::Exchange | Self::Redeem | Self::Refresh | Self::Token => {
                "token_endpoint"
            }
            Self::Revoke => "revocation_endpoint",
            Self::Introspect => "introspection_endpoint",
        }
    }

    /// Parameters that it might have besides those it has.
    const fn other_params(self) -> &'static [&'static str] {
        match self {
            Self::RedeemCode | Self::Exchange | Self::Redeem | Self::Refresh => &TOKEN_PARAMS,
            // Whoever writes a bare token request may mean any name.
            Self::Token => &[],
            Self::Revoke | Self::Introspect => &["token", "token_type_hint"],
        }
    }
}

/// What the forms below differ in.
trait EndpointForm {
    const REQUEST: Request;

    /// Takes the parameters that the form has keys for, in the order in which they are sent.
    fn own(&mut self, client: ClientRole) -> Params;
}

/// A form with these keys beside its own.
macro_rules! endpoint_form {
    ($(#[$doc:meta])* $name:ident, $what:literal, $def:literal { $($own:tt)* }) => {
        crate::scenario::form::form! {
            $(#[$doc])*
            $name, $what, $def {
                $($own)*
                /// The client; agent when left out.
                optional client = "as": ClientRole,
                /// How the client authenticates; as the target registers it when left out.
                optional client_auth: ClientAuth,
                /// Further parameters of the form.
                optional extra: crate::scenario::form::Named<Template>,
            }
        }

        impl KindForm for $name {
            fn action(mut self, problems: &mut Problems) -> Action {
                let client = self.client.unwrap_or(ClientRole::Agent);
                let own = self.own(client);
                let form = FormPost {
                    request: Self::REQUEST,
                    // Left out by mistake where it is required: that has been noted.
                    at: self.at.unwrap_or(ServerRole::Org),
                    client,
                    client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
                    params: with_extra(own, self.extra, problems),
                };
                form.into()
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

impl EndpointForm for RedeemCodeForm {
    const REQUEST: Request = Request::RedeemCode;

    fn own(&mut self, client: ClientRole) -> Params {
        let redirect_uri = || Template::reference(self.place, format!("{client}.redirect_uri"));
        let verifier = || Template::reference(self.place, "pkce.verifier".to_owned());
        let grant_type = Template::literal(self.place, GRANT_AUTHORIZATION_CODE);
        params([
            ("grant_type", Some(grant_type)),
            ("code", self.code.take()),
            (
                "code_verifier",
                Some(self.code_verifier.take().unwrap_or_else(verifier)),
            ),
            (
                "redirect_uri",
                Some(self.redirect_uri.take().unwrap_or_else(redirect_uri)),
            ),
        ])
    }
}

impl EndpointForm for ExchangeForm {
    const REQUEST: Request = Request::Exchange;

    fn own(&mut self, _: ClientRole) -> Params {
        let id_token = || Template::literal(self.place, TYPE_ID_TOKEN);
        let subject_token_type = self.subject_token_type.take().unwrap_or_else(id_token);
        let grant_type = Template::literal(self.place, GRANT_TOKEN_EXCHANGE);
        params([
            ("grant_type", Some(grant_type)),
            ("requested_token_type", self.requested_token_type.take()),
            ("subject_token", self.subject_token.take()),
            ("subject_token_type", Some(subject_token_type)),
            ("actor_token", self.actor_token.take()),
            ("actor_token_type", self.actor_token_type.take()),
            ("audience", self.audience.take()),
            ("resource", self.resource.take()),
            ("scope", self.scope.take()),
        ])
    }
}

impl EndpointForm for RedeemForm {
    const REQUEST: Request = Request::Redeem;

    fn own(&mut self, _: ClientRole) -> Params {
        let grant_type = Template::literal(self.place, GRANT_JWT_BEARER);
        params([
            ("grant_type", Some(grant_type)),
            ("assertion", self.assertion.take()),
            ("resource", self.resource.take()),
            ("scope", self.scope.take()),
        ])
    }
}

impl EndpointForm for RefreshForm {
    const REQUEST: Request = Request::Refresh;

    fn own(&mut self, _: ClientRole) -> Params {
        let grant_type = Template::literal(self.place, GRANT_REFRESH_TOKEN);
        params([
            ("grant_type", Some(grant_type)),
            ("refresh_token", self.refresh_token.take()),
            ("scope", self.scope.take()),
        ])
    }
}

impl EndpointForm for TokenForm {
    const REQUEST: Request = Request::Token;

    fn own(&mut self, _: ClientRole) -> Params {
        params([("grant_type", self.grant_type.take())])
    }
}

impl EndpointForm for RevokeForm {
    const REQUEST: Request = Request::Revoke;

    fn own(&mut self, _: ClientRole) -> Params {
        params([
            ("token", self.token.take()),
            ("token_type_hint", self.token_type_hint.take()),
        ])
    }
}

impl EndpointForm for IntrospectForm {
    const REQUEST: Request = Request::Introspect;

    fn own(&mut self, _: ClientRole) -> Params {
        params([
            ("token", self.token.take()),
            ("token_type_hint", self.token_type_hint.take()),
        ])
    }
}

impl FormPost {
    pub(super) const WRITTEN: &[Written] = &[
        Written::of::<RedeemCodeForm>("redeem_code", "Token request: authorization_code."),
        Written::of::<ExchangeForm>("exchange", "Token request: token exchange."),
        Written::of::<RedeemForm>("redeem", "Token request: jwt-bearer."),
        Written::of::<RefreshForm>("refresh", "Token request: refresh_token."),
        Written::of::<TokenForm>("token", "Any other token request."),
        Written::of::<RevokeForm>("revoke", "POST to the revocation endpoint."),
        Written::of::<IntrospectForm>("introspect", "POST to the introspection endpoint."),
    ];
}

impl StepKind for FormPost {
    fn name(&self) -> &'static str {
        self.request.as_str()
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.at)
    }

    fn client(&self) -> Option<ClientRole> {
        Some(self.client)
    }

    fn client_auth(&self) -> Option<ClientAuth> {
        Some(self.client_auth)
    }

    fn templates(&self) -> Vec<&Template> {
        templates(&self.params).collect()
    }

    fn changeable(&self) -> Changeable {
        Changeable {
            option_keys: REPEATABLE_FORM_OPTIONS,
            sent: names(&self.params, &CLIENT_PARAMS),
            other_params: self.request.other_params(),
            accepts_new_params: true,
        }
    }

    fn state_changes(&self) -> Vec<StateChange> {
        let revokes = self.request == Request::Revoke;
        revokes
            .then_some(StateChange::Revocation)
            .into_iter()
            .collect()
    }

    fn describe(&self) -> Description {
        let client = format!("{}, {}", self.client, authentication(self.client_auth));
        let mut details = vec![("client".to_owned(), client)];
        details.extend(parameters(&self.params));
        Description {
            summary: format!("POST {}", endpoint(self.at, self.request.endpoint())),
            details,
        }
    }
}
