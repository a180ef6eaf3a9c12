//! A machine that asks for itself: which client may, at which server.

use super::client_authentication::AuthenticatedClient;
use super::scopes::split;
use crate::context::Context;
use crate::org::{ApplicationType, AuthMethod, ClientKind, CustomServer};
use crate::refusal::{Refusal, Refused};

/// Judges client and server. At the org authorization server there are only the scopes of Okta's own API, which the
/// mock does not have; what the catalogue says of such a request is asked all the same.
///
/// # Errors
/// `confidential_client_required`, `invalid_application_type_client_credentials`,
/// `unsupported_auth_method_client_creds`, `client_credentials_self_scope_requested`, `no_org_scopes_granted`,
/// `unsupported_grant_type_client_creds_org_as`
pub fn judge_server<'a>(
    cx: &mut Context<'a>,
    client: AuthenticatedClient<'_>,
) -> Result<&'a CustomServer, Refused> {
    cx.gate.require(
        client.method != AuthMethod::None,
        Refusal::ConfidentialClientRequired,
    )?;
    let server = cx.custom_server();
    let elsewhere = server.is_some();
    let service = matches!(
        client.client.kind,
        ClientKind::App {
            application_type: ApplicationType::Service
        }
    );
    cx.gate.require(
        elsewhere || service,
        Refusal::ClientCredentialsApplicationType,
    )?;
    let by_key = client.method == AuthMethod::PrivateKeyJwt;
    cx.gate
        .require(elsewhere || by_key, Refusal::ClientCredentialsAuthMethod)?;
    let asked = cx.form().get("scope").map(split).unwrap_or_default();
    let of_okta = |scope: &&str| scope.starts_with("okta.");
    let of_oneself = |scope: &&str| of_okta(scope) && scope.rsplit('.').next() == Some("self");
    cx.gate.require(
        elsewhere || !asked.iter().any(of_oneself),
        Refusal::ClientCredentialsSelfScope,
    )?;
    cx.gate.require(
        elsewhere || !asked.iter().any(of_okta),
        Refusal::NoOrgScopes,
    )?;
    cx.gate.some(server, Refusal::ClientCredentialsAtOrg)
}
