//! Whether this server knows the grant and this client may use it.

use super::client_authentication::AuthenticatedClient;
use crate::behaviour::UserSignIn;
use crate::context::Context;
use crate::keys::ServerName;
use crate::org::{Client, GrantType};
use crate::refusal::{Refusal, Refused};

/// Reads `grant_type` and asks the client's registration.
///
/// # Errors
/// `token_request_missing_grant_type`, `unsupported_grant_type`, `org_authorization_server_only_client`,
/// `unauthorized_client`
pub fn judge(cx: &mut Context<'_>, client: AuthenticatedClient<'_>) -> Result<GrantType, Refused> {
    let grant = judge_known(cx)?;
    judge_server(cx, client.client)?;
    let may = may_use(cx, client.client, grant);
    cx.gate.require(may, Refusal::UnauthorizedClient)?;
    Ok(grant)
}

/// Whether this server knows the grant.
///
/// # Errors
/// `token_request_missing_grant_type`, `unsupported_grant_type`
pub fn judge_known(cx: &mut Context<'_>) -> Result<GrantType, Refused> {
    let text = cx.form().get("grant_type");
    let text = cx.gate.some(text, Refusal::MissingGrantType)?;
    cx.gate
        .some(GrantType::parse(text), Refusal::UnsupportedGrantType)
}

/// Whether the client may use this server at all.
///
/// # Errors
/// `org_authorization_server_only_client`
pub fn judge_server(cx: &mut Context<'_>, client: &Client) -> Result<(), Refused> {
    let allowed = !client.org_server_only || cx.server == ServerName::Org;
    cx.gate.require(allowed, Refusal::OrgServerOnlyClient)
}

/// Whether the client is registered for the grant. Where linked apps sign users in, an agent's own client does not.
pub fn may_use(cx: &Context<'_>, client: &Client, grant: GrantType) -> bool {
    let signs_in = matches!(
        grant,
        GrantType::AuthorizationCode | GrantType::RefreshToken
    );
    let left_to_apps = cx.behaviours().user_sign_in == UserSignIn::LinkedApp;
    client.grant_types.contains(&grant) && !(signs_in && left_to_apps && client.is_agent())
}
