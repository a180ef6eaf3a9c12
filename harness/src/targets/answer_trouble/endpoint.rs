//! Which endpoint a request is for, and whether it is a request that the endpoint knows.

use crate::exchange::{Payload, RequestSpec};
use crate::targets::Deployment;

/// What an endpoint answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    /// Tokens, and errors of OAuth: the token endpoint.
    Tokens,
    /// The state of a token: introspection.
    State,
    /// Nothing but a status: revocation.
    Nothing,
    /// Claims, and challenges for a bearer token: userinfo.
    Claims,
    /// A document that is fetched: metadata, keys.
    Document,
}

/// What was asked of an endpoint that speaks JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) spoken: Spoken,
    /// The method and the media type are the endpoint's own, and no other host is named.
    pub(super) is_usual: bool,
    /// `HEAD` or `OPTIONS`, whose answers have no content.
    pub(super) is_bodiless: bool,
}

/// What was asked; `None` where nothing is known of the content that comes back.
pub(super) fn of(request: &RequestSpec, deployment: &Deployment) -> Option<Asked> {
    if request.by_browser {
        return None;
    }
    let spoken = spoken(super::address(&request.url), deployment)?;
    let method = request.method.as_str();
    let is_form = matches!(request.payload, Payload::Form(_));
    let own_method = match spoken {
        Spoken::Tokens | Spoken::State | Spoken::Nothing => method == "POST" && is_form,
        Spoken::Claims => method == "GET" || (method == "POST" && is_form),
        Spoken::Document => method == "GET",
    };
    let mut names = request.headers.iter().map(|(name, _)| name.as_str());
    let is_dressed_up = names.any(|name| {
        ["host", "content-type"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
    });
    Some(Asked {
        spoken,
        is_usual: own_method && !is_dressed_up,
        is_bodiless: matches!(method, "HEAD" | "OPTIONS"),
    })
}

fn spoken(address: &str, deployment: &Deployment) -> Option<Spoken> {
    let endpoints = deployment
        .servers
        .values()
        .flat_map(|server| &server.endpoints);
    let mut names = endpoints
        .filter(|(_, url)| super::address(url) == address)
        .map(|(name, _)| *name);
    match names.next() {
        Some("token_endpoint") => Some(Spoken::Tokens),
        Some("introspection_endpoint") => Some(Spoken::State),
        Some("revocation_endpoint") => Some(Spoken::Nothing),
        Some("userinfo_endpoint") => Some(Spoken::Claims),
        Some("jwks_uri") => Some(Spoken::Document),
        Some(_) => None,
        None => is_metadata(address, deployment).then_some(Spoken::Document),
    }
}

/// Whether the metadata of a server that the target file describes may stand at an address (OIDC Discovery section 4, RFC
/// 8414 section 3.1, RFC 9728 section 3.1).
fn is_metadata(address: &str, deployment: &Deployment) -> bool {
    const DOCUMENTS: [&str; 2] = ["openid-configuration", "oauth-authorization-server"];
    deployment.servers.values().any(|server| {
        let issuer = server.issuer.trim_end_matches('/');
        let appended = DOCUMENTS
            .iter()
            .any(|document| address == format!("{issuer}/.well-known/{document}"));
        appended || inserted(issuer, address) || server.api_metadata().as_deref() == Some(address)
    })
}

/// Whether the well-known part stands between the host and the path of an issuer.
fn inserted(issuer: &str, address: &str) -> bool {
    let Some((origin, path)) = address.split_once("/.well-known/oauth-authorization-server") else {
        return false;
    };
    issuer
        .strip_prefix(origin)
        .is_some_and(|rest| rest == path.trim_end_matches('/'))
}
