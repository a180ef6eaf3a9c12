//! Discovery documents and published keys (OIDC Discovery §4, RFC 8414 §3).

use super::{Prepare, Prepared, party, set_headers};
use crate::exchange::RequestSpec;
use crate::forge::{Forge, Parameters, Unforgeable};
use crate::scenario::model::{Change, ClientRole, ServerRole};
use crate::scenario::step::{Keys, Metadata, MetadataDocument};

impl Prepare for Metadata {
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let of = change.at.unwrap_or(self.of);
        let issuer = &forge.server(of)?.issuer;
        // OIDC Discovery §4.1, RFC 8414 §3.1: a slash at the end is taken away.
        let below = issuer.trim_end_matches('/');
        let url = match self.document {
            MetadataDocument::OpenIdConfiguration => {
                format!("{below}/.well-known/openid-configuration")
            }
            MetadataDocument::OauthAuthorizationServerAppended => {
                format!("{below}/.well-known/oauth-authorization-server")
            }
            MetadataDocument::OauthAuthorizationServer => inserted(issuer)?,
        };
        get(of, &url, change, forge)
    }
}

impl Prepare for Keys {
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let of = change.at.unwrap_or(self.of);
        get(of, forge.server(of)?.endpoint("jwks_uri"), change, forge)
    }
}

fn get(
    of: ServerRole,
    url: &str,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<Prepared, Unforgeable> {
    let method = change.method.as_deref().unwrap_or("GET");
    let mut request = RequestSpec::new(party(of), method, url);
    let mut parameters = Parameters::default();
    for (name, mutation) in &change.params {
        parameters.apply(name, mutation, ClientRole::Agent, forge)?;
    }
    if !parameters.main.is_empty() || change.encoding.is_some() {
        super::place_parameters(&mut request, parameters, change.encoding);
    }
    set_headers(&mut request, &change.headers, forge)?;
    Ok(Prepared::Send(request))
}

/// RFC 8414 §3.1: the well-known part stands between the host and the issuer's path.
fn inserted(issuer: &str) -> Result<String, Unforgeable> {
    let not_an_address = || Unforgeable::NotAnAddress(issuer.to_owned());
    let url = url::Url::parse(issuer).map_err(|_| not_an_address())?;
    let origin = url.origin().ascii_serialization();
    let path = url.path().trim_end_matches('/');
    Ok(format!(
        "{origin}/.well-known/oauth-authorization-server{path}"
    ))
}
