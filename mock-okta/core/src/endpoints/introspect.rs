//! Introspection (RFC 7662): a live token of this server in full, anything else exactly as inactive.

use serde_json::{Map, Value, json};

use super::token;
use crate::context::{Context, Outcome};
use crate::defect::Bend;
use crate::refusal::{Refusal, Refused};
use crate::rules::{access_token, client_authentication, jws, parameters};
use crate::tokens::jwt::SignatureFact;

/// Answers whether a token is active.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    if let Some(wrong_media_type) = token::form(cx) {
        return wrong_media_type;
    }
    match judge(cx) {
        Ok(body) => Outcome::object(body, "no-cache, no-store"),
        Err(refused) => token::refuse(cx, refused),
    }
}

fn judge(cx: &mut Context<'_>) -> Result<Map<String, Value>, Refused> {
    // The token is what this endpoint is for; in the query it is refused like every other credential.
    parameters::judge(cx)?;
    let client = client_authentication::judge(cx)?;
    let token = cx.form().get("token");
    let token = cx.gate.some(token, Refusal::MissingToken)?;
    let revoked = is_revoked(cx) && !cx.gate.bent(Bend::RevokedActive);
    let active = access(cx)
        .filter(|_| !revoked)
        .or_else(|| refresh(cx, token, client.client.id.as_str()));
    let mut body = Map::new();
    body.insert("active".to_owned(), json!(active.is_some()));
    body.extend(active.unwrap_or_default());
    Ok(body)
}

fn is_revoked(cx: &Context<'_>) -> bool {
    let jti = cx.facts.token.as_ref().and_then(|jwt| jwt.claim_str("jti"));
    jti.is_some_and(|jti| cx.state.is_revoked(jti, cx.now))
}

/// A live access token of this server. The rules are those of a protected resource (RFC 7662 §4), but nothing is refused:
/// what breaks one of them is not active.
fn access(cx: &mut Context<'_>) -> Option<Map<String, Value>> {
    let facts = cx.facts;
    let jwt = facts.token.as_ref()?;
    if !jws::is_sound(cx, jwt) {
        return None;
    }
    let issuer = jwt
        .claim_str("iss")
        .and_then(|iss| cx.issuers.server(cx.org, iss));
    let own = issuer.as_ref() == Some(&cx.server);
    let skew = cx.behaviours().future_skew_seconds();
    let begun = jwt
        .claim_seconds("nbf")
        .is_none_or(|at| at <= cx.now + skew);
    let signed =
        jwt.signature == SignatureFact::Valid || cx.gate.bent(Bend::IntrospectionUnverified);
    let live = jwt.claim_seconds("exp").is_some_and(|exp| cx.now < exp);
    for (holds, refusal) in [
        (own, Refusal::AccessTokenIssuer),
        (
            signed && access_token::is_access_token(jwt),
            Refusal::AccessTokenInvalid,
        ),
        (begun, Refusal::AccessTokenTimestamp),
        (live, Refusal::AccessTokenExpired),
    ] {
        cx.gate.require(holds, refusal).ok()?;
    }
    let scopes: Vec<_> = jwt
        .claims
        .get("scp")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let scope = scopes
        .iter()
        .filter_map(|scope| scope.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let mut body = Map::new();
    body.insert("token_type".to_owned(), json!("Bearer"));
    body.insert("scope".to_owned(), json!(scope));
    body.insert(
        "client_id".to_owned(),
        jwt.claims.get("cid").cloned().unwrap_or_default(),
    );
    body.insert(
        "username".to_owned(),
        jwt.claims.get("sub").cloned().unwrap_or_default(),
    );
    for name in ["exp", "iat", "sub", "aud", "iss", "jti", "uid", "act"] {
        if let Some(claim) = jwt.claims.get(name) {
            body.insert(name.to_owned(), claim.clone());
        }
    }
    Some(body)
}

/// A refresh token is shown to its own client only.
fn refresh(cx: &mut Context<'_>, token: &str, client: &str) -> Option<Map<String, Value>> {
    let grant = cx.state.refresh_token(token, cx.now)?.clone();
    let live = !grant.rotated && grant.limits.are_kept(cx.now) && grant.server == cx.server;
    let own = grant.client.as_str() == client;
    if !live || !(own || cx.gate.bent(Bend::IntrospectionForeign)) {
        return None;
    }
    let login = cx
        .org
        .users
        .get(&grant.user)
        .map(|user| user.login.clone())?;
    let scope = grant
        .scopes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let mut body = Map::new();
    body.insert("token_type".to_owned(), json!("refresh_token"));
    body.insert("scope".to_owned(), json!(scope));
    body.insert("client_id".to_owned(), json!(grant.client.as_str()));
    body.insert("username".to_owned(), json!(login));
    Some(body)
}
