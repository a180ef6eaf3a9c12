//! Protected resources: where each flow reaches its purpose.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::api_error::ApiError;
use crate::context::{Context, Outcome, value};
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::org::{ProtectedResource, Takes, UserId};
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
        return ApiError::unknown_path(&cx.request.path).outcome();
    };
    match open(cx, resource) {
        Ok(body) => Outcome::object(body, "no-store"),
        Err(refused) => {
            let described = metadata_path(resource).filter(|_| !cx.gate.bent(Bend::ChallengeBare));
            Outcome::Challenge {
                scope: needed_scope(resource, refused.refusal),
                resource_metadata: described.map(|path| format!("{}{path}", cx.base_url)),
                refused,
            }
        }
    }
}

/// Says which authorization server's tokens a resource takes (RFC 9728 section 3.2).
pub(super) fn metadata(cx: &mut Context<'_>) -> Outcome {
    let all = &cx.org.protected_resources;
    let described = |resource: &&ProtectedResource| {
        metadata_path(resource).is_some_and(|path| path == cx.request.path)
    };
    let Some(resource) = all.iter().find(described) else {
        return ApiError::unknown_path(&cx.request.path).outcome();
    };
    let Takes::AccessToken { server, scope } = &resource.takes else {
        return ApiError::unknown_path(&cx.request.path).outcome();
    };
    let members = vec![
        value("resource", format!("{}{}", cx.base_url, resource.path)),
        value(
            "authorization_servers",
            vec![cx.issuer(&ServerName::Custom(server.clone()))],
        ),
        value("scopes_supported", vec![scope.as_str()]),
        value("bearer_methods_supported", vec!["header", "body"]),
    ];
    Outcome::Json {
        members,
        cache: "max-age=86400, must-revalidate",
    }
}

/// Where the metadata of a resource lie: its path after the well-known part (RFC 9728 section 3.1). What takes no access
/// token of an authorization server has none.
pub(super) fn metadata_path(resource: &ProtectedResource) -> Option<String> {
    let described = matches!(resource.takes, Takes::AccessToken { .. });
    described.then(|| format!("/.well-known/oauth-protected-resource{}", resource.path))
}

/// The scope that a client without a token, or with too little scope, has to ask for (RFC 6750 section 3.1). To whoever
/// sends a bad token it says nothing new.
fn needed_scope(resource: &ProtectedResource, refusal: Refusal) -> Option<String> {
    let asks = matches!(
        refusal,
        Refusal::AccessTokenMissing | Refusal::AccessTokenScope
    );
    match &resource.takes {
        Takes::AccessToken { scope, .. } if asks => Some(scope.clone()),
        _ => None,
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
            let address = format!("{}{}", cx.base_url, resource.path);
            let meant = [found.audience.as_str(), &address];
            let token = access_token::judge(cx, &ServerName::Custom(server.clone()), &meant)?;
            cx.user = token.jwt.claim_str("uid").map(UserId::new);
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
            cx.user = Some(live.key.user.clone());
            json!({ "resource": name, "user": live.key.user.as_str(), "scopes": live.scopes })
        }
    };
    Ok(body.as_object().cloned().unwrap_or_default())
}
