//! What a request asks, as far as it is known before anything was answered.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use url::Url;

use crate::scenario::model::{ServerRole, Template, TemplatePart};
use crate::scenario::step::MetadataDocument;
use crate::targets::Deployment;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// An address, without its query. What only an answer will name stays a reference, as the scenario writes it.
    Address {
        /// HTTP method.
        method: String,
        /// Scheme, host and path.
        url: String,
    },
    /// A browser is sent to a page, and from there wherever it is led: the authorize endpoint, pages to sign in and consent.
    Browser,
    /// Test control.
    Control,
}

impl Destination {
    /// A request to an address.
    pub(super) fn request(method: &str, url: impl Into<String>) -> Self {
        Self::Address {
            method: method.to_owned(),
            url: url.into(),
        }
    }
}

/// An endpoint by its name in metadata documents; as a template names it where the target does not describe it.
pub(super) fn endpoint(deployment: &Deployment, server: ServerRole, name: &str) -> String {
    let described = deployment.servers.get(&server);
    described
        .map(|server| server.endpoint(name))
        .filter(|url| !url.is_empty())
        .map_or_else(|| format!("${{{server}.{name}}}"), str::to_owned)
}

/// Where a discovery document is (OIDC Discovery §4.1, RFC 8414 §3.1).
pub(super) fn document(
    deployment: &Deployment,
    server: ServerRole,
    document: MetadataDocument,
) -> String {
    let Some(described) = deployment.servers.get(&server) else {
        return format!("${{{server}.issuer}}");
    };
    let below = described.issuer.trim_end_matches('/');
    match document {
        MetadataDocument::OpenIdConfiguration => {
            format!("{below}/.well-known/openid-configuration")
        }
        MetadataDocument::OauthAuthorizationServerAppended => {
            format!("{below}/.well-known/oauth-authorization-server")
        }
        MetadataDocument::OauthAuthorizationServer => {
            let Ok(mut url) = Url::parse(below) else {
                return below.to_owned();
            };
            let path = url.path().trim_end_matches('/').to_owned();
            url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
            url.into()
        }
    }
}

/// The address that a template stands for, without its query.
pub(super) fn address(template: &Template, names: &BTreeMap<String, String>) -> String {
    let mut address = String::new();
    for part in &template.parts {
        match part {
            TemplatePart::Literal(text) => address.push_str(text),
            TemplatePart::Reference(name) => match names.get(name) {
                Some(value) => address.push_str(value),
                None => {
                    let _ = write!(address, "${{{name}}}");
                }
            },
        }
    }
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address.truncate(end);
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;
    use strict_yaml::Place;

    #[test]
    fn an_address_is_shown_as_far_as_it_is_known() {
        let names = BTreeMap::from([("org.issuer".to_owned(), "https://o".to_owned())]);
        let parts = |parts: &[(&str, bool)]| Template {
            parts: parts
                .iter()
                .map(|(text, is_name)| {
                    let text = (*text).to_owned();
                    if *is_name {
                        TemplatePart::Reference(text)
                    } else {
                        TemplatePart::Literal(text)
                    }
                })
                .collect(),
            place: Place::START,
        };
        let rendered = |written: &[(&str, bool)]| address(&parts(written), &names);
        assert_eq!(
            rendered(&[("org.issuer", true), ("/x?a=1", false)]),
            "https://o/x"
        );
        assert_eq!(
            rendered(&[("org.issuer", true), ("/x?t=", false), ("t", true)]),
            "https://o/x"
        );
        assert_eq!(rendered(&[("interaction_uri", true)]), "${interaction_uri}");
    }

    #[test]
    fn documents_lie_where_rfc_8414_puts_them() {
        let deployment = sample::deployment("https://a.example");
        let lies = |at| document(&deployment, ServerRole::CustomAs, at);
        assert_eq!(
            lies(MetadataDocument::OauthAuthorizationServer),
            "https://a.example/.well-known/oauth-authorization-server/oauth2/aus1"
        );
        assert_eq!(
            lies(MetadataDocument::OpenIdConfiguration),
            "https://a.example/oauth2/aus1/.well-known/openid-configuration"
        );
        assert_eq!(
            endpoint(&deployment, ServerRole::DormantCustomAs, "jwks_uri"),
            "${dormant_custom_as.jwks_uri}"
        );
    }
}
