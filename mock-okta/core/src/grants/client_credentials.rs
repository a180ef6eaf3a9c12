//! A machine asks for itself (RFC 6749 §4.4), at a custom authorization server.

use crate::context::{Context, Members, Slot, value};
use crate::org::GrantType;
use crate::refusal::{Refusal, Refused};
use crate::rules::client_authentication::AuthenticatedClient;
use crate::rules::{machine, policy, resource, scopes};
use crate::tokens::access_token::{self, Parts};

/// Server → scopes → resource → policy → access token. No user, so no ID token and no refresh token.
pub fn run(cx: &mut Context<'_>, client: AuthenticatedClient<'_>) -> Result<Members, Refused> {
    let server = machine::judge_server(cx, client)?;
    let granted = scopes::judge_machine(cx, client.client, server)?;
    let audience = resource::judge(cx, server)?;
    let grant = GrantType::ClientCredentials;
    let rule = policy::judge(cx, server, client.client, grant, None, &granted.set)?;

    let lifetime = rule.access_token_lifetime.as_secs();
    let keys = cx.keys.server(&cx.server);
    let keys = cx.gate.some(keys, Refusal::AccessTokenNotGenerated)?;
    let parts = Parts {
        key: keys.active.clone(),
        audience,
        client: &client.client.id,
        user: None,
        scopes: &granted.set,
        lifetime,
        delegation: None,
    };
    let (plan, _) = access_token::plan(cx, parts);
    cx.granted_scopes = Some(granted.text.clone());
    Ok(vec![
        value("token_type", "Bearer"),
        value("expires_in", lifetime),
        ("access_token".to_owned(), Slot::Jwt(Box::new(plan))),
        value("scope", granted.text),
    ])
}
