//! A refresh token is used (RFC 6749 §6); rotation is a switch.

use super::authorization_code::{Issue, Refresh, issue_tokens};
use crate::behaviour::RefreshTokenRotation;
use crate::context::{Context, Members};
use crate::defect::Bend;
use crate::org::{Client, GrantType};
use crate::refusal::{Refusal, Refused};
use crate::rules::scopes::split;
use crate::rules::{parameters, resource};

/// Token → client → user → scope → tokens.
pub fn run(cx: &mut Context<'_>, client: &Client) -> Result<Members, Refused> {
    let token = parameters::required(cx, "refresh_token")?;
    let found = cx.state.refresh_token(token, cx.now).cloned();
    let grant = cx.gate.some(found, Refusal::RefreshTokenInvalid)?;
    cx.gate
        .require(grant.client == client.id, Refusal::CodeClient)?;
    cx.gate
        .require(grant.server == cx.server, Refusal::CodeServer)?;
    let public = client.is_public();
    let reused = grant.rotated && !(public && cx.gate.bent(Bend::RefreshReplayed));
    if reused && !cx.gate.bent(Bend::RefreshFamilyKept) {
        // RFC 9700 §4.14.2: reuse means that someone else has a copy, so nobody keeps one.
        cx.state.end_family(&grant.family, cx.now);
    }
    cx.gate.require(!reused, Refusal::RefreshTokenInvalid)?;
    cx.gate
        .require(grant.limits.are_kept(cx.now), Refusal::RefreshTokenInvalid)?;
    resource::judge_granted(cx, grant.resource.as_deref())?;
    cx.user = Some(grant.user.clone());
    let org = cx.org;
    let user = org.users.get(&grant.user).filter(|user| user.is_active());
    let user = cx.gate.some(user, Refusal::RefreshTokenInvalid)?;
    let asked = cx.form().get("scope").map(split);
    let within = asked
        .as_ref()
        .is_none_or(|asked| asked.iter().all(|scope| grant.scopes.contains(*scope)));
    cx.gate.require(within, Refusal::RefreshScope)?;

    let scopes = match asked {
        Some(asked) => asked.into_iter().map(str::to_owned).collect(),
        None => grant.scopes.clone(),
    };
    let refresh = if rotates(cx, public) {
        cx.state.rotate_refresh_token(token, cx.now);
        Refresh::New {
            family: grant.family.clone(),
            before: Some((grant.limits, grant.scopes.clone())),
        }
    } else {
        Refresh::Same {
            token: token.to_owned(),
            family: grant.family.clone(),
        }
    };
    let issue = Issue {
        user,
        scopes,
        auth_time: grant.auth_time,
        nonce: grant.nonce.clone(),
        resource: grant.resource.clone(),
        session: None,
        grant: GrantType::RefreshToken,
        refresh,
    };
    issue_tokens(cx, client, &issue).map(|(members, _)| members)
}

/// RFC 9700 §2.2.2: nobody but rotation protects the refresh token of a public client, so it rotates whatever the switch
/// says.
fn rotates(cx: &mut Context<'_>, public: bool) -> bool {
    let asked = cx.behaviours().refresh_token_rotation == RefreshTokenRotation::On;
    (asked || public) && !(public && cx.gate.bent(Bend::RefreshNotRotated))
}
