//! `UserInfo` (OIDC Core §5.3): claims by the scopes of the access token.

use serde_json::{Map, Value, json};

use crate::context::{Context, Outcome};
use crate::org::UserId;
use crate::refusal::{Refusal, Refused};
use crate::rules::access_token;

/// Answers with the user's claims, or a bearer challenge with an empty body.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    match claims(cx) {
        Ok(claims) => Outcome::object(claims, "no-cache, no-store"),
        Err(refused) => Outcome::Challenge {
            refused,
            resource_metadata: None,
            scope: None,
        },
    }
}

fn claims(cx: &mut Context<'_>) -> Result<Map<String, Value>, Refused> {
    let server = cx.server.clone();
    let audience = cx
        .custom_server()
        .map_or_else(|| cx.issuer(&server), |server| server.audience.clone());
    let token = access_token::judge(cx, &server, &[&audience])?;
    let scopes = token.scopes();
    cx.gate
        .require(scopes.contains(&"openid"), Refusal::AccessTokenScope)?;
    let org = cx.org;
    let user = token
        .jwt
        .claim_str("uid")
        .and_then(|uid| org.users.get(&UserId::new(uid)));
    cx.user = user.map(|user| user.id.clone());
    let user = cx.gate.some(
        user.filter(|user| user.is_active()),
        Refusal::AccessTokenInvalid,
    )?;
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(user.id.as_str()));
    if scopes.contains(&"profile") {
        for (name, value) in &user.profile {
            claims.insert(name.clone(), json!(value));
        }
        claims.insert("preferred_username".to_owned(), json!(user.login));
    }
    if scopes.contains(&"email") {
        claims.insert("email".to_owned(), json!(user.login));
        claims.insert("email_verified".to_owned(), json!(true));
    }
    Ok(claims)
}
