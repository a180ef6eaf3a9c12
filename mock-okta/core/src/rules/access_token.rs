//! An access token presented at userinfo or at a protected resource (RFC 6750, RFC 9068 §4).

use super::jws;
use crate::context::Context;
use crate::keys::ServerName;
use crate::refusal::{Refusal, Refused};
use crate::tokens::access_token::ORG_TYP;
use crate::tokens::jwt::{Jwt, SignatureFact};

/// A live access token of one server.
#[derive(Debug, Clone, Copy)]
pub struct LiveToken<'a> {
    /// Read and verified.
    pub jwt: &'a Jwt,
}

impl LiveToken<'_> {
    /// Scopes, from `scp`.
    pub fn scopes(&self) -> Vec<&str> {
        let list = self
            .jwt
            .claims
            .get("scp")
            .and_then(serde_json::Value::as_array);
        list.map(|list| list.iter().filter_map(serde_json::Value::as_str).collect())
            .unwrap_or_default()
    }
}

/// Judges the bearer token for a server and the audiences that are meant here, of which the token has exactly one.
///
/// # Errors
/// `access_token_*`, `token_timestamp_invalid`, `token_expired`
pub fn judge<'a>(
    cx: &mut Context<'a>,
    server: &ServerName,
    meant: &[&str],
) -> Result<LiveToken<'a>, Refused> {
    let in_query = cx.request.query.has("access_token");
    cx.gate.require(!in_query, Refusal::AccessTokenInQuery)?;
    let twice = cx.request.authorization("Bearer").is_some() && cx.form().has("access_token");
    cx.gate.require(!twice, Refusal::AccessTokenDuplicate)?;
    let sent = cx.request.bearer();
    cx.gate
        .require(sent.is_some(), Refusal::AccessTokenMissing)?;
    let facts = cx.facts;
    let jwt = cx
        .gate
        .some(facts.bearer.as_ref(), Refusal::AccessTokenInvalid)?;
    jws::judge(cx, jwt, Refusal::AccessTokenInvalid)?;
    let issuer = jwt
        .claim_str("iss")
        .and_then(|iss| cx.issuers.server(cx.org, iss));
    cx.gate
        .require(issuer.as_ref() == Some(server), Refusal::AccessTokenIssuer)?;
    cx.gate.require(
        jwt.signature == SignatureFact::Valid,
        Refusal::AccessTokenInvalid,
    )?;
    cx.gate
        .require(is_access_token(jwt), Refusal::AccessTokenInvalid)?;
    let for_here = matches!(jwt.audiences()[..], [audience] if meant.contains(&audience));
    cx.gate.require(for_here, Refusal::AccessTokenAudience)?;
    let begun = ["iat", "nbf"]
        .into_iter()
        .filter_map(|name| jwt.claim_seconds(name))
        .all(|begins| begins <= cx.now + cx.behaviours().future_skew_seconds());
    cx.gate.require(begun, Refusal::AccessTokenTimestamp)?;
    let live = jwt.claim_seconds("exp").is_some_and(|exp| cx.now < exp);
    cx.gate.require(live, Refusal::AccessTokenExpired)?;
    let revoked = jwt
        .claim_str("jti")
        .is_none_or(|jti| cx.state.is_revoked(jti, cx.now));
    cx.gate.require(!revoked, Refusal::AccessTokenRevoked)?;
    Ok(LiveToken { jwt })
}

/// Kinds of token are distinguished by their `jti` and by their `typ`: an ID-JAG is not an access token.
pub fn is_access_token(jwt: &Jwt) -> bool {
    let typ = jwt.header.get("typ");
    typ.is_none_or(|typ| typ == ORG_TYP)
        && jwt
            .claim_str("jti")
            .is_some_and(|jti| jti.starts_with("AT."))
}
