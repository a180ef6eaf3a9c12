//! `revoke` and `introspect`: requests about a token that was issued (RFC 7009, RFC 7662).

use strict_yaml::Problems;

use super::kind::{KindForm, Written};
use super::parts::{
    CLIENT_PARAMS, REPEATABLE_FORM_OPTIONS, endpoint_form, names, params, templates, with_extra,
};
use super::wording::endpoint;
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::model::{ClientAuth, ClientRole, Params, ServerRole, Template};

/// POST to the revocation or introspection endpoint.
#[derive(Debug, Clone)]
pub struct Manage {
    /// Which.
    pub endpoint: ManageEndpoint,
    /// Server asked.
    pub at: ServerRole,
    /// Client asking.
    pub client: ClientRole,
    /// How the client authenticates.
    pub client_auth: ClientAuth,
    /// Form parameters in order.
    pub params: Params,
}

/// The two endpoints that manage an issued token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManageEndpoint {
    /// RFC 7009.
    Revoke,
    /// RFC 7662.
    Introspect,
}

impl ManageEndpoint {
    /// Its name in metadata.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoke => "revocation_endpoint",
            Self::Introspect => "introspection_endpoint",
        }
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

impl KindForm for RevokeForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            ("token", self.token),
            ("token_type_hint", self.token_type_hint),
        ]);
        Action::Manage(Manage {
            endpoint: ManageEndpoint::Revoke,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
    }
}

impl KindForm for IntrospectForm {
    fn action(self, problems: &mut Problems) -> Action {
        let own = params([
            ("token", self.token),
            ("token_type_hint", self.token_type_hint),
        ]);
        Action::Manage(Manage {
            endpoint: ManageEndpoint::Introspect,
            at: self.at.unwrap_or(ServerRole::Org),
            client: self.client.unwrap_or(ClientRole::Agent),
            client_auth: self.client_auth.unwrap_or(ClientAuth::Registered),
            params: with_extra(own, self.extra, problems),
        })
    }
}

impl Manage {
    pub(super) const WRITTEN: &[Written] = &[
        Written::of::<RevokeForm>("revoke", "POST to the revocation endpoint."),
        Written::of::<IntrospectForm>("introspect", "POST to the introspection endpoint."),
    ];
}

impl StepKind for Manage {
    fn name(&self) -> &'static str {
        match self.endpoint {
            ManageEndpoint::Revoke => "revoke",
            ManageEndpoint::Introspect => "introspect",
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
        Changeable {
            option_keys: REPEATABLE_FORM_OPTIONS,
            sent: names(&self.params, &CLIENT_PARAMS),
            other_params: &["token", "token_type_hint"],
            accepts_new_params: true,
        }
    }

    fn describe(&self) -> Description {
        Description::posted(
            &endpoint(self.at, self.endpoint.as_str()),
            self.client,
            self.client_auth,
            &self.params,
        )
    }
}
