//! `resource` at a custom authorization server (RFC 8707): for what the access token is meant.

use crate::behaviour::OrgAuthorizeResource;
use crate::context::Context;
use crate::org::{CustomServer, Takes};
use crate::refusal::{Refusal, Refused};
use crate::request::Params;

/// Judges `resource` of a token request; the audience of the access token comes back.
///
/// # Errors
/// `too_many_resources`, `unsupported_resource`
pub fn judge<'a>(cx: &mut Context<'a>, server: &'a CustomServer) -> Result<&'a str, Refused> {
    let single = cx.form().all("resource").count() <= 1;
    cx.gate.require(single, Refusal::TooManyResources)?;
    let resource = cx.form().get("resource").unwrap_or(&server.audience);
    let known = knows(cx, server, resource);
    cx.gate.require(known, Refusal::UnsupportedResource)?;
    Ok(resource)
}

/// Judges `resource` of an authorization request; it is the audience of every access token that comes of it.
///
/// # Errors
/// `unsupported_api_resource`, `unsupported_api_resource_for_authorization`
pub fn judge_authorize(cx: &mut Context<'_>, params: &Params) -> Result<Option<String>, Refused> {
    let asked: Vec<&str> = params.all("resource").collect();
    let ignored = cx.behaviours().org_authorize_resource == OrgAuthorizeResource::Ignore;
    let Some(server) = cx.custom_server() else {
        let passes = asked.is_empty() || ignored;
        cx.gate.require(passes, Refusal::ApiResourceUnsupported)?;
        return Ok(None);
    };
    cx.gate
        .require(asked.len() <= 1, Refusal::ApiResourceForAuthorization)?;
    let asked = asked.first().copied();
    let known = asked.is_none_or(|resource| knows(cx, server, resource));
    cx.gate.require(known, Refusal::ApiResourceUnsupported)?;
    Ok(asked.map(str::to_owned))
}

/// Judges `resource` of a token request by a code or refresh token: it may repeat the one granted, and no other.
///
/// # Errors
/// `mismatched_resource`
pub fn judge_granted(cx: &mut Context<'_>, granted: Option<&str>) -> Result<(), Refused> {
    // At the org authorization server it has no meaning.
    let judged = cx.custom_server().is_some();
    let same = cx
        .form()
        .all("resource")
        .all(|resource| granted == Some(resource));
    cx.gate
        .require(same || !judged, Refusal::ResourceMismatched)
}

/// Whether the server issues access tokens for the resource: its audience, what its configuration names, and every API of
/// the org that takes its tokens, by the address that the metadata of the API has (RFC 9728 §2, `resource`).
pub fn knows(cx: &Context<'_>, server: &CustomServer, resource: &str) -> bool {
    server.audience == resource
        || server.resources.contains(resource)
        || is_api(cx, server, resource)
}

/// Whether this is the address of an API that takes the server's access tokens.
pub fn is_api(cx: &Context<'_>, server: &CustomServer, resource: &str) -> bool {
    let Some(path) = resource.strip_prefix(cx.base_url) else {
        return false;
    };
    let mut apis = cx.org.protected_resources.iter();
    apis.any(|api| {
        let takes_its_tokens =
            matches!(&api.takes, Takes::AccessToken { server: id, .. } if *id == server.id);
        takes_its_tokens && api.path == path
    })
}
