//! The browser's session: whether this request may go on with it, or the user must sign in.

use crate::context::Context;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;
use crate::state::Session;

/// The session to go on with; `None` when the user must sign in first.
///
/// # Errors
/// With `prompt=none`, where nobody can be asked to sign in: `no_existing_session`, `login_required`
pub fn judge(cx: &mut Context<'_>, params: &Params) -> Result<Option<Session>, Refused> {
    let prompts = |wanted: &str| {
        let prompt = params.get("prompt");
        prompt.is_some_and(|prompt| prompt.split(' ').any(|part| part == wanted))
    };
    let sid = cx.request.cookie("sid");
    let session = sid
        .and_then(|sid| cx.state.sessions.get(sid, cx.now))
        .cloned();
    let asks_nobody = prompts("none");
    cx.gate.require(
        session.is_some() || !asks_nobody,
        Refusal::NoExistingSession,
    )?;
    let fresh = session.filter(|session| is_fresh(cx, params, session));
    cx.gate
        .require(fresh.is_some() || !asks_nobody, Refusal::LoginRequired)?;
    Ok(fresh.filter(|_| !prompts("login")))
}

/// Recent enough for `max_age` (OIDC Core §3.1.2.1), and of a user who may still sign in.
fn is_fresh(cx: &Context<'_>, params: &Params, session: &Session) -> bool {
    let max_age = params
        .get("max_age")
        .and_then(|age| age.parse::<i64>().ok());
    let recent = max_age.is_none_or(|age| cx.now - session.auth_time <= age);
    let user = cx.org.users.get(&session.user);
    recent && user.is_some_and(|user| !user.suspended)
}
