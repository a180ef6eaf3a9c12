//! The ID-JAG presented to a custom authorization server (ID-JAG draft -04 §4.4.1, RFC 7521 §5.2).

use std::collections::BTreeSet;

use serde_json::Value;

use super::scopes::split;
use super::{jws, parameters, resource};
use crate::behaviour::{IdJagReuse, JwtBearerOtherJwt, RedeemResource, RedeemScope};
use crate::context::Context;
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::org::{Client, ConnectionTarget, CustomServer, User, UserId};
use crate::refusal::{Refusal, Refused};
use crate::tokens::access_token::Delegation;
use crate::tokens::id_jag::{LIFETIME, TYP};
use crate::tokens::jwt::{Jwt, SignatureFact};

/// Deepest actor chain that is accepted.
const DEEPEST_CHAIN: usize = 5;

/// A grant that may be redeemed, once [`use_up`] has marked it.
#[derive(Debug, Clone)]
pub struct RedeemableGrant<'a> {
    /// For whom.
    pub user: &'a User,
    /// Scopes of the ID-JAG: the ceiling and the grant.
    pub scopes: BTreeSet<String>,
    /// The same as text, in its order.
    pub scope_text: String,
    /// `resource`, which becomes the audience of the access token.
    pub resource: Option<String>,
    /// Copied into the access token.
    pub delegation: Delegation,
    jti: String,
    expires: i64,
}

/// Judges the parameters and the ID-JAG, without using it up.
///
/// # Errors
/// `id_jag_*`, `jwt_bearer_grant_invalid_audience`, `jwt_bearer_grant_invalid_issuer`, `invalid_grant`, `mismatched_authorization_server`
pub fn judge<'a>(
    cx: &mut Context<'a>,
    client: &Client,
) -> Result<(RedeemableGrant<'a>, &'a CustomServer), Refused> {
    parameters::required(cx, "assertion")?;
    let server = cx.custom_server();
    let server = cx.gate.some(server, Refusal::CodeServer)?;
    let scope_sent = cx.form().get("scope").is_some();
    let setting = server.redeem_scope.unwrap_or(cx.behaviours().redeem_scope);
    let refuse_scope = setting == RedeemScope::Refuse;
    cx.gate
        .require(!(scope_sent && refuse_scope), Refusal::IdJagScopesInRequest)?;

    let facts = cx.facts;
    let jwt = cx
        .gate
        .some(facts.assertion.as_ref(), Refusal::InvalidGrant)?;
    jws::judge(cx, jwt, Refusal::InvalidGrant)?;
    let is_id_jag = jwt.header_str("typ") == Some(TYP);
    let by_issuer = cx.behaviours().jwt_bearer_other_jwt == JwtBearerOtherJwt::InvalidIssuer;
    cx.gate
        .require(is_id_jag || !by_issuer, Refusal::JwtBearerIssuer)?;
    cx.gate.require(is_id_jag, Refusal::InvalidGrant)?;
    let org_issuer = cx.issuer(&ServerName::Org);
    cx.gate.require(
        jwt.claim_str("iss") == Some(org_issuer.as_str()),
        Refusal::IdJagIssuer,
    )?;
    cx.gate.require(
        jwt.signature == SignatureFact::Valid,
        Refusal::IdJagSignature,
    )?;
    let own_issuer = cx.issuer(&cx.server);
    cx.gate.require(
        jwt.audiences() == [own_issuer.as_str()],
        Refusal::IdJagAudience,
    )?;
    let list = jwt.claims.get("aud").is_some_and(Value::is_array);
    if list && cx.gate.bent(Bend::AudienceListRefused) {
        return Err(cx.gate.refuse(Refusal::IdJagAudience));
    }
    cx.gate.require(
        jwt.claim_str("client_id") == Some(client.id.as_str()),
        Refusal::IdJagClient,
    )?;
    let (jti, expires) = judge_times(cx, jwt)?;
    let grant = judge_content(cx, client, jwt, jti, expires)?;
    Ok((grant, server))
}

/// Uses the ID-JAG up. Called last, so that a refused request leaves it usable.
///
/// # Errors
/// `id_jag_replayed`
pub fn use_up(cx: &mut Context<'_>, grant: &RedeemableGrant<'_>) -> Result<(), Refused> {
    let first = cx
        .state
        .use_once("id-jag", &grant.jti, grant.expires, cx.now);
    let reusable = cx.behaviours().id_jag_reuse == IdJagReuse::UntilExpiry;
    cx.gate.require(first || reusable, Refusal::IdJagReplayed)
}

fn judge_times(cx: &mut Context<'_>, jwt: &Jwt) -> Result<(String, i64), Refused> {
    let jti = cx.gate.some(
        jwt.claim_str("jti").filter(|jti| !jti.is_empty()),
        Refusal::InvalidGrant,
    )?;
    let expires = cx
        .gate
        .some(jwt.claim_seconds("exp"), Refusal::InvalidGrant)?;
    let issued = cx
        .gate
        .some(jwt.claim_seconds("iat"), Refusal::InvalidGrant)?;
    let counts_until = expires.saturating_add(cx.behaviours().past_skew_seconds());
    cx.gate
        .require(cx.now < counts_until, Refusal::IdJagExpired)?;
    let begins = jwt.claim_seconds("nbf").unwrap_or(issued).max(issued);
    cx.gate.require(
        begins <= cx.now + cx.behaviours().future_skew_seconds(),
        Refusal::IdJagInFuture,
    )?;
    cx.gate.require(
        expires.saturating_sub(issued) <= LIFETIME,
        Refusal::IdJagTooLong,
    )?;
    Ok((jti.to_owned(), counts_until))
}

fn judge_content<'a>(
    cx: &mut Context<'a>,
    client: &Client,
    jwt: &Jwt,
    jti: String,
    expires: i64,
) -> Result<RedeemableGrant<'a>, Refused> {
    let org = cx.org;
    let user = jwt
        .claim_str("sub")
        .and_then(|sub| org.users.get(&UserId::new(sub)));
    let user = cx.gate.some(user, Refusal::IdJagSubject)?;
    cx.user = Some(user.id.clone());
    cx.gate.require(user.is_active(), Refusal::IdJagSubject)?;
    let scope = jwt.claim_str("scope").unwrap_or_default();
    let scopes: BTreeSet<String> = split(scope).into_iter().map(str::to_owned).collect();
    cx.gate.require(!scopes.is_empty(), Refusal::IdJagScopes)?;
    let act = jwt.claims.get("act").cloned();
    cx.gate.require(
        act.as_ref().is_none_or(|act| well_formed(act, 0)),
        Refusal::InvalidGrant,
    )?;
    let resource = jwt.claim_str("resource").map(str::to_owned);
    let same = cx
        .form()
        .all("resource")
        .all(|asked| resource.as_deref() == Some(asked));
    let repeated = resource.is_none() || cx.form().get("resource").is_some();
    let may_be_left_out = cx.behaviours().redeem_resource == RedeemResource::Optional;
    cx.gate.require(
        same && (repeated || may_be_left_out),
        Refusal::IdJagResource,
    )?;
    let allowed = resource
        .as_deref()
        .is_none_or(|resource| leads_to(cx, client, resource));
    cx.gate.require(allowed, Refusal::IdJagResourceNotAllowed)?;
    let delegation = Delegation {
        act,
        sub_profile: jwt.claims.get("sub_profile").cloned(),
    };
    Ok(RedeemableGrant {
        user,
        scopes,
        scope_text: scope.to_owned(),
        resource,
        delegation,
        jti,
        expires,
    })
}

/// Whether this server issues tokens for the resource: as one of its own, or by a connection of the client to it.
fn leads_to(cx: &Context<'_>, client: &Client, wanted: &str) -> bool {
    let Some(server) = cx.custom_server() else {
        return false;
    };
    let connected = cx.org.connections_of(&client.id).any(|connection| {
        let here = matches!(&connection.target, ConnectionTarget::CustomServer { server: id, .. } if *id == server.id);
        here && connection.resource_indicator.as_deref() == Some(wanted)
    });
    connected || resource::knows(cx, server, wanted)
}

/// RFC 8693 §4.1: an actor is an object that names someone, and may hold another actor.
fn well_formed(act: &Value, depth: usize) -> bool {
    let Some(actor) = act.as_object() else {
        return false;
    };
    let named = actor.get("sub").is_some_and(Value::is_string);
    let inner = actor
        .get("act")
        .is_none_or(|inner| well_formed(inner, depth + 1));
    depth < DEEPEST_CHAIN && named && inner
}
