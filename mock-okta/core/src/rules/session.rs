//! The browser's session: whether a request may go on with it, or the user must sign in.

use crate::behaviour::SessionTokenUse;
use crate::context::Context;
use crate::defect::Bend;
use crate::org::{Client, User, UserId};
use crate::refusal::{Refusal, Refused};
use crate::request::Params;
use crate::state::{PendingSignIn, Session};

/// A session that counts at this instant.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Its cookie.
    pub sid: String,
    /// Who.
    pub user: UserId,
    /// When the user signed in, epoch seconds.
    pub auth_time: i64,
}

/// The session to go on with; `None` when the user must sign in first.
///
/// # Errors
/// With `prompt=none`, where nobody can be asked to sign in: `no_existing_session`, `login_required`,
/// `app_sign_on_required`
pub fn judge(
    cx: &mut Context<'_>,
    params: &Params,
    client: &Client,
) -> Result<Option<OpenSession>, Refused> {
    let prompts = |wanted: &str| {
        let prompt = params.get("prompt");
        prompt.is_some_and(|prompt| prompt.split(' ').any(|part| part == wanted))
    };
    let by_token = by_session_token(cx, params);
    let shown_just_now = by_token.is_some();
    let session = by_token.or_else(|| cx.request.cookie("sid").and_then(|sid| open(cx, sid)));
    let silent = prompts("none");
    let session = match session {
        None if silent => automatic(cx, params.get("login_hint")),
        session => session,
    };
    // Each rule is about a session of its own kind: none, one that is too old, one that is too old for this client.
    let none = session.is_none();
    cx.gate
        .require(!(none && silent), Refusal::NoExistingSession)?;
    let fresh = session.filter(|session| {
        is_active(cx, session)
            && (is_recent(cx, params, session) || (!silent && cx.gate.bent(Bend::MaxAgeIgnored)))
    });
    let stale = fresh.is_none();
    cx.gate
        .require(none || !(stale && silent), Refusal::LoginRequired)?;
    let enough = fresh.filter(|session| satisfies(cx, client, session));
    let too_little = enough.is_none();
    cx.gate
        .require(stale || !(too_little && silent), Refusal::AppSignOnRequired)?;
    Ok(enough
        .filter(|_| shown_just_now || !prompts("login") || cx.gate.bent(Bend::PromptLoginIgnored)))
}

/// A session for a browser that nobody sits at, where the org signs users in by itself: for the user whom the request hints
/// at, or else for the one who was chosen.
pub fn automatic(cx: &mut Context<'_>, hint: Option<&str>) -> Option<OpenSession> {
    let org = cx.org;
    let chosen = cx.auto_sign_in?;
    let hinted = hint.and_then(|hint| org.user_by_login(hint));
    let user = hinted.or_else(|| org.users.get(chosen))?;
    Some(begin(cx, user))
}

/// The session that a session token begins, which counts once. One that counts no more is ignored: the user must sign in.
fn by_session_token(cx: &mut Context<'_>, params: &Params) -> Option<OpenSession> {
    let token = params.get("sessionToken")?;
    let user = cx.state.session_tokens.take(token, cx.now)?;
    let org = cx.org;
    let user = org.users.get(&user)?;
    Some(begin_by(cx, user, true))
}

/// Begins a session of a user who has signed in.
pub fn begin(cx: &mut Context<'_>, user: &User) -> OpenSession {
    begin_by(cx, user, false)
}

fn begin_by(cx: &mut Context<'_>, user: &User, by_session_token: bool) -> OpenSession {
    let sid = cx.state.token("102");
    let session = Session {
        user: user.id.clone(),
        auth_time: cx.now,
        used_at: cx.now,
        by_session_token,
    };
    let until = cx.now + cx.org.session.lifetime.as_secs();
    cx.state.sessions.insert(&sid, until, session, cx.now);
    OpenSession {
        sid,
        user: user.id.clone(),
        auth_time: cx.now,
    }
}

/// The request that waits for the browser, with the session of whoever signed in meanwhile.
///
/// # Errors
/// `request_expired`, `mismatched_user_in_cache_and_session`
pub fn judge_pending(
    cx: &mut Context<'_>,
    handle: &str,
) -> Result<(PendingSignIn, OpenSession), Refused> {
    let pending = cx.state.sign_ins.get(handle, cx.now).cloned();
    let pending = cx.gate.some(pending, Refusal::RequestExpired)?;
    // Only the browser that signed in may go on: its cookie is the session's.
    let sid = pending.session.as_deref();
    let own = sid.filter(|sid| cx.request.cookie("sid") == Some(*sid));
    let session = own.and_then(|sid| open(cx, sid));
    let session = cx.gate.some(session, Refusal::SessionMismatched)?;
    Ok((pending, session))
}

/// The session of a cookie, and that it was used now.
fn open(cx: &mut Context<'_>, sid: &str) -> Option<OpenSession> {
    if !is_open(cx, sid) {
        return None;
    }
    let now = cx.now;
    cx.state.sessions.update(sid, now, |session| {
        session.used_at = now;
        OpenSession {
            sid: sid.to_owned(),
            user: session.user.clone(),
            auth_time: session.auth_time,
        }
    })
}

/// Whether a session has neither ended nor been idle for too long.
pub fn is_open(cx: &Context<'_>, sid: &str) -> bool {
    let idle = cx.org.session.idle.as_secs();
    let session = cx.state.sessions.get(sid, cx.now);
    session.is_some_and(|session| cx.now < session.used_at + idle)
}

/// Recent enough for `max_age` (OIDC Core §3.1.2.1).
fn is_recent(cx: &Context<'_>, params: &Params, session: &OpenSession) -> bool {
    let max_age = params
        .get("max_age")
        .and_then(|age| age.parse::<i64>().ok());
    // No sign-in is recent enough for 0, not even one of this second: it asks for another, as prompt=login does.
    max_age.is_none_or(|age| age > 0 && cx.now - session.auth_time <= age)
}

/// Of a user who may still sign in.
fn is_active(cx: &Context<'_>, session: &OpenSession) -> bool {
    let user = cx.org.users.get(&session.user);
    user.is_some_and(User::is_active)
}

/// Enough for the sign-on policy of the client: recent, and begun in a way that the org's policies accept.
fn satisfies(cx: &Context<'_>, client: &Client, session: &OpenSession) -> bool {
    let known = cx.state.sessions.get(&session.sid, cx.now);
    let password_only = known.is_some_and(|session| session.by_session_token);
    if password_only && cx.behaviours().session_token == SessionTokenUse::AppPolicy {
        return false;
    }
    client
        .reauthenticate_after
        .is_none_or(|limit| cx.now - session.auth_time <= limit.as_secs())
}
