//! Protected resources: where each flow reaches its purpose.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::not_found;
use crate::context::{Context, Outcome};
use crate::keys::ServerName;
use crate::org::{ProtectedResource, Takes};
use crate::refusal::{Refusal, Refused};
use crate::rules::access_token;

/// Answers with what the credential opened.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let org = cx.org;
    let Some(resource) = org
        .protected_resources
        .iter()
        .find(|resource| resource.path == cx.request.path)
    else {
        return not_found(&cx.request.path);
    };
    match open(cx, resource) {
        Ok(body) => Outcome::object(body, "no-store"),
        Err(refused) => Outcome::Challenge(refused),
    }
}

fn open(cx: &mut Context<'_>, resource: &ProtectedResource) -> Result<Map<String, Value>, Refused> {
    let name = resource.path.trim_start_matches("/resources/");
    let body = match &resource.takes {
        Takes::AccessToken { server, scope } => {
            let org = cx.org;
            let found = cx
                .gate
                .some(org.custom_servers.get(server), Refusal::AccessTokenIssuer)?;
            let token =
                access_token::judge(cx, &ServerName::Custom(server.clone()), &found.audience)?;
            cx.gate.require(
                token.scopes().contains(&scope.as_str()),
                Refusal::AccessTokenScope,
            )?;
            json!({
                "resource": name,
                "sub": token.jwt.claims.get("sub"),
                "client_id": token.jwt.claims.get("cid"),
                "scopes": token.scopes(),
            })
        }
        Takes::VaultedSecret {
            secret,
            field,
            header,
        } => {
            let own = cx
                .org
                .secrets
                .get(secret)
                .and_then(|secret| secret.value.get(field));
            let sent = cx
                .request
                .headers
                .get(header.as_str())
                .and_then(|value| value.to_str().ok());
            let sent = cx.gate.some(sent, Refusal::AccessTokenMissing)?;
            let right = own.is_some_and(|own| own.reveal() == sent);
            cx.gate.require(right, Refusal::AccessTokenInvalid)?;
            json!({ "resource": name })
        }
        Takes::ServiceAccount { service_account } => {
            let own = cx.org.service_accounts.get(service_account);
            let sent = cx.request.authorization("Basic");
            let sent = cx.gate.some(sent, Refusal::AccessTokenMissing)?;
            let expected = own.map(|own| {
                STANDARD.encode(format!(
                    "{}:{}",
                    own.username.reveal(),
                    own.password.reveal()
                ))
            });
            cx.gate.require(
                expected.as_deref() == Some(sent),
                Refusal::AccessTokenInvalid,
            )?;
            json!({ "resource": name, "account": own.map(|own| own.name.as_str()) })
        }
        Takes::ThirdPartyToken { third_party } => {
            let sent = cx.request.authorization("Bearer");
            let sent = cx.gate.some(sent, Refusal::AccessTokenMissing)?;
            let found = cx.state.third_party_tokens.get(sent, cx.now);
            let live = found
                .filter(|token| token.third_party == *third_party && cx.now < token.expires_at)
                .cloned();
            let live = cx.gate.some(live, Refusal::AccessTokenInvalid)?;
            json!({ "resource": name, "user": live.user.as_str(), "scopes": live.scopes })
        }
    };
    Ok(body.as_object().cloned().unwrap_or_default())
}
