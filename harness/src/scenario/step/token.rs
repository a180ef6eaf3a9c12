//! `redeem_code`, `exchange`, `redeem`, `refresh` and `token`: requests at a token endpoint. They differ in parameters only.

use strict_yaml::Problems;

use super::kind::{KindForm, Written};
use super::parts::{
    CLIENT_PARAMS, REPEATABLE_FORM_OPTIONS, TOKEN_PARAMS, endpoint_form, names, params, templates,
    with_extra,
};
use super::wording::endpoint;
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::model::{ClientAuth, ClientRole, Params, ServerRole, Template};

const GRANT_AUTHORIZATION_CODE: &str = "authorization_code";
const GRANT_REFRESH_TOKEN: &str = "refresh_token";
const GRANT_TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const GRANT_JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TYPE_ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// A token request.
#[derive(Debug, Clone)]
pub struct Token {
    /// Which of the written step kinds it is.
    pub kind: TokenStep,
    /// Server asked.
    pub at: ServerRole,
    /// Client asking.
    pub client: ClientRole,
    /// How the client authenticates.
    pub client_auth: ClientAuth,
    /// Form parameters as written, `grant_type` and defaults included, in order.
    pub params: Params,
}

/// The written kinds of token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStep {
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
        Action::Token(Token {
            kind: TokenStep::RedeemCode,
            at: self.at.unwrap_or(ServerRole::Org),
            client,
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
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
        Action::Token(Token {
            kind: TokenStep::Exchange,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
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
        Action::Token(Token {
            kind: TokenStep::Redeem,
            at: self.at.unwrap_or(ServerRole::CustomAs),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
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
        Action::Token(Token {
            kind: TokenStep::Refresh,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
    }
}

impl KindForm for TokenForm {
    fn action(self, problems: &mut Problems) -> Action {
        Action::Token(Token {
            kind: TokenStep::Token,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(
                params([("grant_type", self.grant_type)]),
                self.extra,
                problems,
            ),
        })
    }
}

impl Token {
    pub(super) const WRITTEN: &[Written] = &[
        Written::of::<RedeemCodeForm>("redeem_code", "Token request: authorization_code."),
        Written::of::<ExchangeForm>("exchange", "Token request: token exchange."),
        Written::of::<RedeemForm>("redeem", "Token request: jwt-bearer."),
        Written::of::<RefreshForm>("refresh", "Token request: refresh_token."),
        Written::of::<TokenForm>("token", "Any other token request."),
    ];
}

impl StepKind for Token {
    fn name(&self) -> &'static str {
        match self.kind {
            TokenStep::RedeemCode => "redeem_code",
            TokenStep::Exchange => "exchange",
            TokenStep::Redeem => "redeem",
            TokenStep::Refresh => "refresh",
            TokenStep::Token => "token",
        }
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
        // Whoever writes a bare token request may mean any name.
        let known: &[&str] = if self.kind == TokenStep::Token {
            &[]
        } else {
            &TOKEN_PARAMS
        };
        Changeable {
            option_keys: REPEATABLE_FORM_OPTIONS,
            sent: names(&self.params, &CLIENT_PARAMS),
            other_params: known,
            accepts_new_params: true,
        }
    }

    fn describe(&self) -> Description {
        Description::posted(
            &endpoint(self.at, "token_endpoint"),
            self.client,
            self.client_auth,
            &self.params,
        )
    }
}
