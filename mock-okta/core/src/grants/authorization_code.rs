//! A code is redeemed (RFC 6749 §4.1.3, RFC 7636 §4.5, OIDC Core §3.1.3).

use std::collections::BTreeSet;

use crate::behaviour::CodeReuse;
use crate::context::{Context, Members, Slot, value};
use crate::org::{AccessRule, Client, GrantType, User};
use crate::refusal::{Refusal, Refused};
use crate::rules::{parameters, pkce, resource};
use crate::state::{CodeGrant, MEMORY_SECONDS, RefreshGrant, RefreshLimits};
use crate::tokens::access_token::{self, Parts, TokenUser};
use crate::tokens::id_token;

/// An access token of the org authorization server lives for an hour.
const ORG_ACCESS_TOKEN_LIFETIME: i64 = 3600;

/// Code → client → redirect URI → verifier → tokens. Single use is exact: this runs under one lock.
pub fn run(cx: &mut Context<'_>, client: &Client) -> Result<Members, Refused> {
    let code = parameters::required(cx, "code")?;
    let found = cx.state.codes.get(code, cx.now).cloned();
    let grant = cx.gate.some(found, Refusal::CodeInvalid)?;
    cx.gate
        .require(grant.request.server == cx.server, Refusal::CodeServer)?;
    cx.gate
        .require(grant.request.client == client.id, Refusal::CodeClient)?;
    if let Some(issued) = &grant.issued {
        revoke_what_was_issued(cx, issued);
    }
    cx.gate
        .require(grant.issued.is_none(), Refusal::CodeInvalid)?;
    cx.gate
        .require(cx.now < grant.redeemable_until, Refusal::CodeInvalid)?;
    let same_uri = cx.form().get("redirect_uri") == Some(grant.request.redirect_uri.as_str());
    cx.gate.require(same_uri, Refusal::CodeRedirectUri)?;
    pkce::judge_verifier(cx, grant.request.code_challenge.as_deref())?;
    resource::judge_granted(cx, grant.request.resource.as_deref())?;
    cx.user = Some(grant.user.clone());
    let org = cx.org;
    let user = org.users.get(&grant.user).filter(|user| user.is_active());
    let user = cx.gate.some(user, Refusal::CodeInvalid)?;

    let family = cx.state.token("");
    let issue = Issue {
        user,
        scopes: grant.request.scopes.clone(),
        auth_time: grant.auth_time,
        nonce: grant.request.nonce.clone(),
        resource: grant.request.resource.clone(),
        session: Some(grant.session.clone()),
        grant: GrantType::AuthorizationCode,
        refresh: Refresh::New {
            family,
            before: None,
        },
    };
    let (members, issued) = issue_tokens(cx, client, &issue)?;
    cx.state
        .codes
        .update(code, cx.now, |record| record.issued = Some(issued));
    Ok(members)
}

/// What a user's tokens are made from, at the code and at each refresh.
pub(super) struct Issue<'a> {
    pub(super) user: &'a User,
    pub(super) scopes: BTreeSet<String>,
    pub(super) auth_time: i64,
    pub(super) nonce: Option<String>,
    /// Audience of the access token, in place of the server's own.
    pub(super) resource: Option<String>,
    /// The session in which the user signed in, when it is known.
    pub(super) session: Option<String>,
    pub(super) grant: GrantType,
    pub(super) refresh: Refresh,
}

/// The refresh token of an answer.
pub(super) enum Refresh {
    /// A new one, when `offline_access` was granted.
    New {
        /// Tokens that are revoked together.
        family: String,
        /// The limits and the scopes of the one before it: a refresh may ask for fewer, and the next for all again
        /// (RFC 6749 section 6).
        before: Option<(RefreshLimits, BTreeSet<String>)>,
    },
    /// The one presented stays.
    Same {
        /// The refresh token.
        token: String,
        /// Tokens that are revoked together.
        family: String,
    },
}

impl Refresh {
    /// The tokens that are revoked together with this one.
    fn family(&self) -> &str {
        match self {
            Self::New { family, .. } | Self::Same { family, .. } => family,
        }
    }
}

/// Access token, ID token with `openid`, refresh token with `offline_access`; and what must be revoked with them.
pub(super) fn issue_tokens(
    cx: &mut Context<'_>,
    client: &Client,
    issue: &Issue<'_>,
) -> Result<(Members, Vec<String>), Refused> {
    let keys = cx.keys.server(&cx.server);
    let key = cx
        .gate
        .some(keys, Refusal::AccessTokenNotGenerated)?
        .active
        .clone();
    let org_issuer = cx.issuer(&cx.server);
    let (audience, lifetime, limits) = match cx.custom_server() {
        None => (
            org_issuer.as_str(),
            ORG_ACCESS_TOKEN_LIFETIME,
            org_limits(cx.now),
        ),
        Some(server) => {
            // Policy was judged at authorize; only the lifetime is read here.
            let rule = server
                .policies
                .iter()
                .filter(|policy| policy.clients.contains(&client.id))
                .flat_map(|policy| &policy.rules)
                .find(|rule| {
                    rule.grant_types.contains(&issue.grant) && issue.scopes.is_subset(&rule.scopes)
                });
            let rule = cx.gate.some(rule, Refusal::NoMatchingPolicy)?;
            let audience = issue.resource.as_deref().unwrap_or(&server.audience);
            let lifetime = rule.access_token_lifetime.as_secs();
            (audience, lifetime, limits_of(rule, cx.now))
        }
    };
    let parts = Parts {
        key: key.clone(),
        audience,
        client: &client.id,
        user: Some(TokenUser {
            user: issue.user,
            auth_time: issue.auth_time,
        }),
        scopes: &issue.scopes,
        lifetime,
        delegation: None,
    };
    let (access_token, jti) = access_token::plan(cx, parts);
    let mut issued = vec![jti.clone()];
    let scope = issue
        .scopes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    cx.granted_scopes = Some(scope.clone());
    let mut members = vec![
        value("token_type", "Bearer"),
        value("expires_in", lifetime),
        ("access_token".to_owned(), Slot::Jwt(Box::new(access_token))),
        value("scope", scope),
    ];
    if let Some(token) = refresh_token(cx, client, issue, limits) {
        let family = issue.refresh.family();
        cx.state
            .add_access_token(&jti, family, cx.now + lifetime, cx.now);
        issued.push(token.clone());
        members.push(value("refresh_token", token));
    }
    if issue.scopes.contains("openid") {
        let nonce = issue.nonce.as_deref();
        let id_token = id_token::plan(
            cx,
            key,
            &client.id,
            issue.user,
            &issue.scopes,
            issue.auth_time,
            nonce,
            issue.session.clone(),
        );
        members.push(("id_token".to_owned(), id_token));
    }
    Ok((members, issued))
}

fn refresh_token(
    cx: &mut Context<'_>,
    client: &Client,
    issue: &Issue<'_>,
    fresh: RefreshLimits,
) -> Option<String> {
    let now = cx.now;
    let (family, limits, scopes) = match &issue.refresh {
        Refresh::Same { token, .. } => {
            cx.state.use_refresh_token(token, now);
            return Some(token.clone());
        }
        Refresh::New { family, before } => {
            let (limits, scopes) = before
                .clone()
                .unwrap_or_else(|| (fresh, issue.scopes.clone()));
            (family, limits, scopes)
        }
    };
    let allowed = client.grant_types.contains(&GrantType::RefreshToken);
    if !scopes.contains("offline_access") || !allowed {
        return None;
    }
    let token = cx.state.token("");
    let grant = RefreshGrant {
        server: cx.server.clone(),
        client: client.id.clone(),
        user: issue.user.id.clone(),
        auth_time: issue.auth_time,
        scopes,
        nonce: issue.nonce.clone(),
        family: family.clone(),
        rotated: false,
        resource: issue.resource.clone(),
        limits: RefreshLimits {
            used_at: now,
            ..limits
        },
    };
    cx.state.add_refresh_token(&token, grant, now);
    Some(token)
}

/// At the org authorization server no rule says how long a refresh token lives.
fn org_limits(now: i64) -> RefreshLimits {
    RefreshLimits {
        expires_at: None,
        idle: 90 * MEMORY_SECONDS,
        used_at: now,
    }
}

fn limits_of(rule: &AccessRule, now: i64) -> RefreshLimits {
    let lifetime = rule.refresh_token_lifetime;
    RefreshLimits {
        expires_at: lifetime.map(|lifetime| now + lifetime.as_secs()),
        idle: rule.refresh_token_idle.as_secs(),
        used_at: now,
    }
}

/// RFC 6749 §4.1.2: reuse of a code revokes what was issued from it.
fn revoke_what_was_issued(cx: &mut Context<'_>, issued: &[String]) {
    if cx.behaviours().code_reuse == CodeReuse::Keeps {
        return;
    }
    for token in issued {
        cx.state.revoke(token, cx.now + MEMORY_SECONDS, cx.now);
        let found = cx.state.refresh_token(token, cx.now);
        if let Some(family) = found.map(|grant| grant.family.clone()) {
            cx.state.end_family(&family, cx.now);
        }
    }
}

/// The record of a code, kept beyond its life so that reuse is noticed.
pub(crate) fn remember(cx: &mut Context<'_>, grant: CodeGrant) -> String {
    let code = cx.state.token("");
    cx.state
        .codes
        .insert(&code, cx.now + MEMORY_SECONDS, grant, cx.now);
    code
}
