//! The authorize endpoint: judges the request, sends the browser to sign in and to consent, and answers the client
//! with a code.

use super::authorize_answer::{Reply, session_cookie, to_page};
use super::authorize_request::{judge_request, judge_return};
use crate::context::{Context, Outcome, server_path};
use crate::grants::remember_code;
use crate::org::{Client, GrantType, User};
use crate::refusal::{Refusal, Refused};
use crate::request::{Body, Params};
use crate::rules::session::OpenSession;
use crate::rules::{consent, policy, session};
use crate::state::{AuthorizationRequest, CodeGrant, PendingSignIn};

/// Seconds in which a user must have signed in, or consented.
const SIGN_IN_LIFETIME: i64 = 600;

/// Answers an authorization request.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let params: &Params = match &cx.request.body {
        Body::Form(form) => form,
        Body::Empty | Body::Other => &cx.request.query,
    };
    let to = match judge_return(cx, params) {
        Ok(to) => to,
        Err(refused) => return to_page(cx, refused),
    };
    let judged = judge_request(cx, params, &to)
        .and_then(|request| Ok((session::judge(cx, params, to.client)?, request)));
    match judged {
        Ok((Some(session), request)) => conclude(cx, to.client, request, &session),
        Ok((None, request)) => match session::automatic(cx, request.login_hint.as_deref()) {
            Some(session) => conclude(cx, to.client, request, &session),
            None => to_sign_in(cx, request),
        },
        Err(refused) => {
            let server = cx.server.clone();
            Reply::of(&server, to.redirect_uri, params).refuse(cx, refused)
        }
    }
}

/// The browser comes back from signing in or from consenting.
pub(super) fn resume(cx: &mut Context<'_>) -> Outcome {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let (pending, session) = match session::judge_pending(cx, handle) {
        Ok(found) => found,
        Err(refused) => return to_page(cx, refused),
    };
    cx.state.sign_ins.take(handle, cx.now);
    let org = cx.org;
    let Some(client) = org.clients.get(&pending.request.client) else {
        let refused = cx.gate.refuse(Refusal::UnknownClient);
        return to_page(cx, refused);
    };
    conclude(cx, client, pending.request, &session)
}

fn to_sign_in(cx: &mut Context<'_>, request: AuthorizationRequest) -> Outcome {
    let handle = wait(cx, request, None);
    Outcome::Redirect {
        location: format!("{}/signin?stateToken={handle}", cx.base_url),
        refusal: None,
    }
}

fn to_consent(
    cx: &mut Context<'_>,
    request: AuthorizationRequest,
    session: &OpenSession,
) -> Outcome {
    let handle = wait(cx, request, Some(session.sid.clone()));
    Outcome::Redirect {
        location: format!("{}/signin/consent?stateToken={handle}", cx.base_url),
        refusal: None,
    }
}

fn wait(cx: &mut Context<'_>, request: AuthorizationRequest, session: Option<String>) -> String {
    let handle = cx.state.token("");
    let pending = PendingSignIn { request, session };
    cx.state
        .sign_ins
        .insert(&handle, cx.now + SIGN_IN_LIFETIME, pending, cx.now);
    handle
}

/// Where the browser goes on once the user has signed in or consented.
pub(super) fn resume_address(cx: &Context<'_>, request: &AuthorizationRequest) -> String {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let path = server_path(&request.server);
    format!(
        "{}{path}/v1/authorize/resume?stateToken={handle}",
        cx.base_url
    )
}

/// A code, unless the user may not have one or must consent first.
fn conclude(
    cx: &mut Context<'_>,
    client: &Client,
    request: AuthorizationRequest,
    session: &OpenSession,
) -> Outcome {
    let consented = judge_user(cx, client, session, &request)
        .and_then(|user| consent::judge(cx, client, user, &request));
    // A session that began without the sign-in page is not known to the browser yet, and the next page asks for it.
    if cx.request.cookie("sid") != Some(session.sid.as_str()) {
        cx.set_cookie = Some(session_cookie(cx, &session.sid, None));
    }
    match consented {
        Ok(true) => grant(cx, &request, session),
        Ok(false) => to_consent(cx, request, session),
        Err(refused) => request.reply().refuse(cx, refused),
    }
}

fn grant(cx: &mut Context<'_>, request: &AuthorizationRequest, session: &OpenSession) -> Outcome {
    let record = CodeGrant {
        request: request.clone(),
        user: session.user.clone(),
        auth_time: session.auth_time,
        session: session.sid.clone(),
        redeemable_until: cx.now + cx.behaviours().code_lifetime_seconds(),
        issued: None,
    };
    let code = remember_code(cx, record);
    request.reply().grant(cx, &code)
}

/// Assignment and policy are judged here, once, and not again when the code is redeemed.
fn judge_user<'a>(
    cx: &mut Context<'a>,
    client: &Client,
    session: &OpenSession,
    request: &AuthorizationRequest,
) -> Result<&'a User, Refused> {
    let org = cx.org;
    cx.user = Some(session.user.clone());
    let user = org.users.get(&session.user);
    let user = cx.gate.some(user, Refusal::UserNotAssigned)?;
    cx.gate
        .require(user.is_active(), Refusal::UserStatusInvalid)?;
    cx.gate.require(
        client.assigned_users.contains(&user.id),
        Refusal::UserNotAssigned,
    )?;
    if let Some(server) = cx.custom_server() {
        let grant = GrantType::AuthorizationCode;
        policy::judge(cx, server, client, grant, Some(user), &request.scopes)?;
    }
    Ok(user)
}

impl AuthorizationRequest {
    /// Where and how the client is answered.
    pub(super) fn reply(&self) -> Reply<'_> {
        Reply {
            server: &self.server,
            redirect_uri: &self.redirect_uri,
            mode: &self.response_mode,
            state: Some(&self.state),
        }
    }
}
