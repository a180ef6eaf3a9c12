//! `resource` at a custom authorization server (RFC 8707): for what the access token is meant.

use crate::context::Context;
use crate::org::CustomServer;
use crate::refusal::{Refusal, Refused};

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

/// Whether the server issues access tokens for the resource.
pub fn knows(server: &CustomServer, resource: &str) -> bool {
    server.audience == resource || server.resources.contains(resource)
}
