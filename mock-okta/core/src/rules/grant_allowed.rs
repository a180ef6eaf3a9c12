//! Whether this server knows the grant and this client may use it.

use super::client_authentication::AuthenticatedClient;
use crate::context::Context;
use crate::org::GrantType;
use crate::refusal::{Refusal, Refused};

/// Reads `grant_type` and asks the client's registration.
///
/// # Errors
/// `token_request_missing_grant_type`, `unsupported_grant_type`, `unauthorized_client`
pub fn judge(cx: &mut Context<'_>, client: AuthenticatedClient<'_>) -> Result<GrantType, Refused> {
    let text = cx.form().get("grant_type");
    let text = cx.gate.some(text, Refusal::MissingGrantType)?;
    let grant = cx
        .gate
        .some(GrantType::parse(text), Refusal::UnsupportedGrantType)?;
    let registered = client.client.grant_types.contains(&grant);
    cx.gate.require(registered, Refusal::UnauthorizedClient)?;
    Ok(grant)
}
