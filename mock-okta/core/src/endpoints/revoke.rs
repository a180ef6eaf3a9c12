//! Revocation (RFC 7009), and Okta's `token_type_hint=oauth_sts`: 200 in every case but a bad request or client.

use super::token;
use crate::behaviour::RevokeBrokeredToken;
use crate::context::{Context, Outcome};
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::org::{Client, ClientId};
use crate::refusal::{Refusal, Refused};
use crate::rules::{access_token, client_authentication, jws, parameters};
use crate::secret::Secret;
use crate::state::MEMORY_SECONDS;
use crate::tokens::jwt::SignatureFact;
use crate::variation::Variation;

/// Revokes what is the client's own.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    if let Some(wrong_media_type) = token::form(cx) {
        return wrong_media_type;
    }
    match judge(cx) {
        Ok(()) => Outcome::Empty(200),
        Err(refused) => token::refuse(cx, refused),
    }
}

fn judge(cx: &mut Context<'_>) -> Result<(), Refused> {
    parameters::judge(cx)?;
    let client = client_authentication::judge(cx)?.client;
    let token = cx.form().get("token");
    let token = cx.gate.some(token, Refusal::MissingToken)?;
    if is_access_token(cx) && cx.gate.varies(Variation::RevocationUnsupported) {
        let refused = cx.gate.refuse(Refusal::InvalidRequest);
        return Err(refused.with_error("unsupported_token_type"));
    }
    let hinted = cx.form().get("token_type_hint") == Some("oauth_sts");
    let needs_hint = cx.behaviours().revoke_brokered_token == RevokeBrokeredToken::WithHint;
    if cx.server == ServerName::Org && (hinted || !needs_hint) {
        revoke_brokered(cx, token, &client.id);
    }
    if !(hinted && cx.server == ServerName::Org) {
        revoke_access_token(cx, client);
        revoke_refresh_token(cx, token, client);
    }
    Ok(())
}

/// Whether the token is an access token of this server, whoever has it and whatever its age.
fn is_access_token(cx: &Context<'_>) -> bool {
    cx.facts.token.as_ref().is_some_and(|jwt| {
        jwt.signature == SignatureFact::Valid
            && jwt.claim_str("iss") == Some(cx.issuer(&cx.server).as_str())
            && access_token::is_access_token(jwt)
    })
}

/// Only what Okta stores goes: the third party's token itself stays valid, and so does a refresh token.
fn revoke_brokered(cx: &mut Context<'_>, token: &str, client: &ClientId) {
    let key = match cx.state.third_party_tokens.get(token, cx.now) {
        Some(found) if found.key.agent == *client => found.key.clone(),
        _ => return,
    };
    if let Some(consent) = cx.state.consents.get_mut(&key)
        && consent.access_token.as_ref().map(Secret::reveal) == Some(token)
    {
        consent.access_token = None;
    }
}

fn revoke_access_token(cx: &mut Context<'_>, client: &Client) {
    let Some(jwt) = cx.facts.token.as_ref() else {
        return;
    };
    let issuer = jwt
        .claim_str("iss")
        .and_then(|iss| cx.issuers.server(cx.org, iss));
    let real = jws::is_sound(cx, jwt)
        && jwt.signature == SignatureFact::Valid
        && issuer.as_ref() == Some(&cx.server);
    let own = jwt.claim_str("cid") == Some(client.id.as_str());
    let own = real && may_revoke(cx, own);
    if let (true, Some(jti)) = (own, jwt.claim_str("jti")) {
        let until = jwt.claim_seconds("exp").unwrap_or(cx.now);
        cx.state
            .revoke(jti, until.saturating_add(MEMORY_SECONDS), cx.now);
    }
}

/// A client revokes what is its own, unless the org has a defect.
fn may_revoke(cx: &mut Context<'_>, own: bool) -> bool {
    if own {
        !cx.gate.bent(Bend::RevocationIdle)
    } else {
        cx.gate.bent(Bend::RevocationForeign)
    }
}

/// The access tokens issued with a refresh token die with it, and those issued with the ones before it.
fn revoke_refresh_token(cx: &mut Context<'_>, token: &str, client: &Client) {
    let found = cx.state.refresh_token(token, cx.now);
    let found = found
        .filter(|grant| grant.server == cx.server)
        .map(|grant| (grant.client == client.id, grant.family.clone()));
    let Some((own, family)) = found else { return };
    if !may_revoke(cx, own) || cx.gate.bent(Bend::RevocationRefreshKept) {
        return;
    }
    if cx.gate.bent(Bend::RevocationAccessKept) {
        cx.state.end_refresh_tokens(&family, cx.now);
    } else {
        cx.state.end_family(&family, cx.now);
    }
}
