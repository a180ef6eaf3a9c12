//! `subject_token`: for whom the agent asks.
//!
//! A *bad* subject token is `invalid_request`, an *expired* one `invalid_grant` (RFC 8693 §2.2.2, Okta's catalogue).

use crate::behaviour::{
    ActorToken, RefreshedIdToken, SubjectTokenExpired, SubjectTokenIssuer, SubjectTokenSession,
    SubjectTokenUser,
};
use crate::context::Context;
use crate::keys::ServerName;
use crate::org::{Client, ClientKind, Status, User, UserId};
use crate::refusal::{Refusal, Refused};
use crate::tokens::id_token::is_id_token;
use crate::tokens::jwt::{Jwt, SignatureFact};
use crate::variation::Variation;

use super::{jws, parameters, session};

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A user for whom the agent may ask.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedSubject<'a> {
    /// Who.
    pub user: &'a User,
    /// The client that signed the user in.
    pub issued_to: &'a Client,
    /// `email` of the ID token, there when the scope was asked for at sign-in.
    pub email: Option<&'a str>,
    /// When the user signed in, epoch seconds.
    pub auth_time: i64,
}

/// Judges `subject_token` and `subject_token_type` for an agent.
///
/// # Errors
/// Every `invalid_subject_token*` refusal, `token_exchange_subject_token_expired`.
pub fn judge<'a>(cx: &mut Context<'a>, agent: &Client) -> Result<VerifiedSubject<'a>, Refused> {
    parameters::required(cx, "subject_token")?;
    let kind = parameters::required(cx, "subject_token_type")?;
    cx.gate.require(
        kind == ID_TOKEN || kind == ACCESS_TOKEN,
        Refusal::SubjectTokenType,
    )?;
    judge_actor(cx)?;
    let facts = cx.facts;
    let jwt = cx
        .gate
        .some(facts.subject_token.as_ref(), Refusal::SubjectToken)?;
    jws::judge(cx, jwt, Refusal::SubjectToken)?;
    let issuer = judge_origin(cx, jwt)?;
    if kind == ACCESS_TOKEN {
        return Err(judge_access_token(cx, jwt, &issuer));
    }
    judge_id_token(cx, jwt, agent)
}

/// RFC 8693 §2.1: `actor_token_type` comes with `actor_token` and never alone. No agent request has either.
fn judge_actor(cx: &mut Context<'_>) -> Result<(), Refused> {
    let form = cx.form();
    let (token, kind) = (
        form.get("actor_token").is_some(),
        form.get("actor_token_type").is_some(),
    );
    // ID-JAG draft -04 §4.3.3: how they are processed is not specified.
    if (token || kind) && cx.gate.varies(Variation::ActorIgnored) {
        return Ok(());
    }
    cx.gate.require(token == kind, Refusal::ActorTokenType)?;
    let refused = token && cx.behaviours().actor_token == ActorToken::Refuse;
    cx.gate.require(!refused, Refusal::ActorToken)
}

/// Issuer and signature.
fn judge_origin(cx: &mut Context<'_>, jwt: &Jwt) -> Result<ServerName, Refused> {
    let issuer = jwt
        .claim_str("iss")
        .and_then(|iss| cx.issuers.server(cx.org, iss));
    let issuer = cx.gate.some(issuer, Refusal::SubjectIssuer)?;
    let org_only = cx.behaviours().subject_token_issuer == SubjectTokenIssuer::Org;
    cx.gate.require(
        issuer == ServerName::Org || !org_only,
        Refusal::SubjectIssuer,
    )?;
    cx.gate
        .require(jwt.signature == SignatureFact::Valid, Refusal::SubjectToken)?;
    Ok(issuer)
}

/// Machine access needs a delegation link, and no link can be configured yet: every access token ends here.
fn judge_access_token(cx: &mut Context<'_>, jwt: &Jwt, issuer: &ServerName) -> Refused {
    if jwt
        .claim_str("jti")
        .is_none_or(|jti| !jti.starts_with("AT."))
    {
        return cx.gate.refuse(Refusal::SubjectToken);
    }
    if *issuer == ServerName::Org {
        return cx.gate.refuse(Refusal::SubjectServer);
    }
    cx.gate.refuse(Refusal::SubjectNoDelegation)
}

fn judge_id_token<'a>(
    cx: &mut Context<'a>,
    jwt: &'a Jwt,
    agent: &Client,
) -> Result<VerifiedSubject<'a>, Refused> {
    cx.gate.require(is_id_token(jwt), Refusal::SubjectToken)?;
    let skew = cx.behaviours().past_skew_seconds();
    let exp = jwt.claim_seconds("exp");
    let live = exp.is_some_and(|exp| cx.now < exp.saturating_add(skew));
    let expired = match cx.behaviours().subject_token_expired {
        SubjectTokenExpired::InvalidGrant => Refusal::SubjectExpired,
        SubjectTokenExpired::InvalidRequest => Refusal::SubjectToken,
    };
    cx.gate.require(live, expired)?;

    let org = cx.org;
    let audience = match jwt.audiences()[..] {
        [one] => org.clients.get(one),
        _ => None,
    };
    let issued_to = cx.gate.some(audience, Refusal::SubjectClient)?;
    let linked = match &agent.kind {
        ClientKind::Agent { linked_apps } => linked_apps.contains(&issued_to.id),
        ClientKind::App { .. } => false,
    };
    cx.gate
        .require(issued_to.id == agent.id || linked, Refusal::SubjectToken)?;
    cx.gate.require(
        issued_to.status == Status::Active,
        Refusal::SubjectClientInactive,
    )?;
    // RFC 7519 §4.1.5. A later iat alone is not a reason to refuse.
    let begun = jwt
        .claim_seconds("nbf")
        .is_none_or(|at| at <= cx.now + cx.behaviours().future_skew_seconds());
    cx.gate.require(begun, Refusal::SubjectToken)?;

    let user = jwt
        .claim_str("sub")
        .and_then(|sub| org.users.get(&UserId::new(sub)));
    let user = cx.gate.some(user, Refusal::SubjectUserInactive)?;
    cx.user = Some(user.id.clone());
    let checked = cx.behaviours().subject_token_user == SubjectTokenUser::Checked;
    cx.gate
        .require(user.is_active() || !checked, Refusal::SubjectUserInactive)?;
    let assigned =
        issued_to.assigned_users.contains(&user.id) && agent.assigned_users.contains(&user.id);
    cx.gate.require(assigned, Refusal::SubjectUserNotAssigned)?;
    let lasting = session_lasts(cx, jwt);
    cx.gate.require(lasting, Refusal::SubjectSessionExpired)?;
    let auth_time = jwt.claim_seconds("auth_time").unwrap_or(cx.now);
    Ok(VerifiedSubject {
        user,
        issued_to,
        email: jwt.claim_str("email"),
        auth_time,
    })
}

/// Whether the session in which the user signed in is still open. One that is not remembered is not held against
/// the token.
fn session_lasts(cx: &Context<'_>, jwt: &Jwt) -> bool {
    let jti = jwt.claim_str("jti").unwrap_or_default();
    match cx.state.id_token_sessions.get(jti, cx.now) {
        Some(Some(sid)) => {
            let checked = cx.behaviours().subject_token_session == SubjectTokenSession::Checked;
            !checked || session::is_open(cx, sid)
        }
        Some(None) => cx.behaviours().refreshed_id_token == RefreshedIdToken::Accepted,
        None => true,
    }
}
