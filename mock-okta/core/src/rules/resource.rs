//! `resource` at a custom authorization server (RFC 8707): for what the access token is meant.

use crate::behaviour::OrgAuthorizeResource;
use crate::context::Context;
use crate::org::CustomServer;
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
    cx.gate
        .require(knows(server, resource), Refusal::UnsupportedResource)?;
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
    let known = asked.is_none_or(|resource| knows(server, resource));
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

/// Whether the server issues access tokens for the resource.
pub fn knows(server: &CustomServer, resource: &str) -> bool {
    server.audience == resource || server.resources.contains(resource)
}
