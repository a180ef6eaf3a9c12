//! An ID-JAG is redeemed for an access token (RFC 7523 §2.1, ID-JAG draft -04 §4.4).

use crate::behaviour::RedeemResponseResource;
use crate::context::{Context, Members, Slot, value};
use crate::org::{Client, GrantType};
use crate::refusal::{Refusal, Refused};
use crate::rules::{id_jag, policy};
use crate::tokens::access_token::{self, Parts, TokenUser};

/// ID-JAG → policy → access token. No refresh token, no ID token.
pub fn run(cx: &mut Context<'_>, client: &Client) -> Result<Members, Refused> {
    let (grant, server) = id_jag::judge(cx, client)?;
    let rule = policy::judge(
        cx,
        server,
        client,
        GrantType::JwtBearer,
        Some(grant.user),
        &grant.scopes,
    )?;
    id_jag::use_up(cx, &grant)?;

    let lifetime = rule.access_token_lifetime.as_secs();
    let keys = cx.keys.server(&cx.server);
    let key = cx
        .gate
        .some(keys, Refusal::AccessTokenNotGenerated)?
        .active
        .clone();
    let parts = Parts {
        key,
        audience: grant.resource.as_deref().unwrap_or(&server.audience),
        client: &client.id,
        user: Some(TokenUser {
            user: grant.user,
            auth_time: cx.now,
        }),
        scopes: &grant.scopes,
        lifetime,
        delegation: Some(grant.delegation.clone()),
    };
    let (plan, _) = access_token::plan(cx, parts);
    cx.granted_scopes = Some(grant.scope_text.clone());
    let mut members = vec![
        value("token_type", "Bearer"),
        value("expires_in", lifetime),
        ("access_token".to_owned(), Slot::Jwt(Box::new(plan))),
        value("scope", grant.scope_text),
    ];
    if cx.behaviours().redeem_response_resource == RedeemResponseResource::Include {
        members.extend(grant.resource.map(|resource| value("resource", resource)));
    }
    Ok(members)
}
