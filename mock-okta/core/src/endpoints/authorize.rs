//! The authorize endpoint: judges the request, sends the browser to sign in, and answers the client with a code.

use super::authorize_request::{Return, address, judge_request, judge_return, to_client, to_page};
use crate::context::{Context, Outcome};
use crate::grants::remember_code;
use crate::org::{Client, GrantType, User};
use crate::refusal::{Refusal, Refused};
use crate::request::{Body, Params};
use crate::rules::{policy, session};
use crate::state::{AuthorizationRequest, CodeGrant, PendingSignIn, Session};

/// Seconds in which a user must have signed in.
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
    let tell = |refused| {
        let mode = params
            .get("response_mode")
            .filter(|mode| *mode == "fragment")
            .unwrap_or("query");
        to_client(to.redirect_uri, mode, params.get("state"), refused)
    };
    let request = match judge_request(cx, params, &to) {
        Ok(request) => request,
        Err(refused) => return tell(refused),
    };
    match session::judge(cx, params) {
        Ok(Some(session)) => grant(cx, &to, request, &session),
        Ok(None) => to_sign_in(cx, request),
        Err(refused) => tell(refused),
    }
}

/// The browser comes back from the sign-in page.
pub(super) fn resume(cx: &mut Context<'_>) -> Outcome {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let pending = cx.state.sign_ins.get(handle, cx.now).cloned();
    // Only the browser that signed in may go on: its cookie is the session's.
    let session = pending.as_ref().and_then(|pending| {
        let sid = pending.session.as_deref()?;
        let own = cx.request.cookie("sid") == Some(sid);
        own.then(|| cx.state.sessions.get(sid, cx.now).cloned())
            .flatten()
    });
    let (Some(pending), Some(session)) = (pending, session) else {
        let refused = cx.gate.refuse(Refusal::RequestExpired);
        return to_page(cx, refused);
    };
    cx.state.sign_ins.take(handle, cx.now);
    let org = cx.org;
    let Some(client) = org.clients.get(&pending.request.client) else {
        let refused = cx.gate.refuse(Refusal::UnknownClient);
        return to_page(cx, refused);
    };
    let redirect_uri = pending.request.redirect_uri.clone();
    let to = Return {
        client,
        redirect_uri: &redirect_uri,
    };
    grant(cx, &to, pending.request, &session)
}

fn to_sign_in(cx: &mut Context<'_>, request: AuthorizationRequest) -> Outcome {
    let handle = cx.state.token("");
    cx.state.sign_ins.insert(
        handle.clone(),
        cx.now + SIGN_IN_LIFETIME,
        PendingSignIn {
            request,
            session: None,
        },
    );
    Outcome::Redirect {
        location: format!("{}/signin?stateToken={handle}", cx.base_url),
        cookie: None,
        refusal: None,
    }
}

/// Assignment and policy are judged here, once, and not again when the code is redeemed.
fn grant(
    cx: &mut Context<'_>,
    to: &Return<'_>,
    request: AuthorizationRequest,
    session: &Session,
) -> Outcome {
    let org = cx.org;
    let allowed = match org.users.get(&session.user) {
        Some(user) => judge_user(cx, to.client, user, &request),
        None => Err(cx.gate.refuse(Refusal::UserNotAssigned)),
    };
    if let Err(refused) = allowed {
        return to_client(
            to.redirect_uri,
            &request.response_mode,
            Some(&request.state),
            refused,
        );
    }
    let (mode, state) = (request.response_mode.clone(), request.state.clone());
    let record = CodeGrant {
        request,
        user: session.user.clone(),
        auth_time: session.auth_time,
        redeemable_until: cx.now + cx.behaviours().code_lifetime_seconds(),
        issued: None,
    };
    let code = remember_code(cx, record);
    let location = address(
        to.redirect_uri,
        &mode,
        &[("code", &code), ("state", &state)],
    );
    Outcome::Redirect {
        location,
        cookie: None,
        refusal: None,
    }
}

fn judge_user(
    cx: &mut Context<'_>,
    client: &Client,
    user: &User,
    request: &AuthorizationRequest,
) -> Result<(), Refused> {
    cx.gate.require(
        client.assigned_users.contains(&user.id),
        Refusal::UserNotAssigned,
    )?;
    if let Some(server) = cx.custom_server() {
        policy::judge(
            cx,
            server,
            client,
            GrantType::AuthorizationCode,
            Some(user),
            &request.scopes,
        )?;
    }
    Ok(())
}
