//! `metadata` and `keys`: what an authorization server publishes about itself.

use strict_yaml::Problems;

use super::wording::endpoint;
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, StepKind};
use crate::scenario::form::form;
use crate::scenario::model::{ServerRole, Template};

/// GET a metadata document.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Whose.
    pub of: ServerRole,
    /// Which.
    pub document: MetadataDocument,
}

/// GET the published keys.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Whose.
    pub of: ServerRole,
}

/// Which discovery document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataDocument {
    /// `{issuer}/.well-known/openid-configuration`.
    OpenIdConfiguration,
    /// RFC 8414 §3.1: the well-known part inserted before the issuer's path.
    OauthAuthorizationServer,
    /// The older place: appended to the issuer.
    OauthAuthorizationServerAppended,
}

form! {
    /// `metadata`
    MetadataForm, "a metadata step", "metadata" {
        /// Whose.
        required of: ServerRole,
        /// Which; openid-configuration when left out.
        optional document: MetadataDocument,
    }
}

form! {
    /// `keys`
    KeysForm, "a keys step", "keys" {
        /// Whose.
        required of: ServerRole,
    }
}

impl KindForm for MetadataForm {
    fn action(self, _: &mut Problems) -> Action {
        let document = self
            .document
            .unwrap_or(MetadataDocument::OpenIdConfiguration);
        let of = self.of.unwrap_or(ServerRole::Org);
        Metadata { of, document }.into()
    }
}

impl KindForm for KeysForm {
    fn action(self, _: &mut Problems) -> Action {
        let of = self.of.unwrap_or(ServerRole::Org);
        Keys { of }.into()
    }
}

impl Metadata {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<MetadataForm>(
        "metadata",
        "GET a discovery document.",
    )];
}

impl Keys {
    pub(super) const WRITTEN: &[Written] =
        &[Written::of::<KeysForm>("keys", "GET the published keys.")];
}

impl StepKind for Metadata {
    fn name(&self) -> &'static str {
        "metadata"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.of)
    }

    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    fn changeable(&self) -> Changeable {
        of_a_document()
    }

    fn describe(&self) -> Description {
        let document = match self.document {
            MetadataDocument::OpenIdConfiguration => "openid-configuration",
            MetadataDocument::OauthAuthorizationServer => {
                "oauth-authorization-server, before the issuer's path"
            }
            MetadataDocument::OauthAuthorizationServerAppended => {
                "oauth-authorization-server, after the issuer"
            }
        };
        Description::line(format!("GET the metadata of {}: {document}", self.of))
    }
}

impl StepKind for Keys {
    fn name(&self) -> &'static str {
        "keys"
    }

    fn server(&self) -> Option<ServerRole> {
        Some(self.of)
    }

    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    fn changeable(&self) -> Changeable {
        of_a_document()
    }

    fn describe(&self) -> Description {
        Description::line(format!("GET {}", endpoint(self.of, "jwks_uri")))
    }
}

fn of_a_document() -> Changeable {
    Changeable {
        option_keys: &["$at", "$method", "$headers"],
        ..Changeable::default()
    }
}
