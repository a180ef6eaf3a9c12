//! The sign-in page: a person can fill it in, a program can post it.

use super::authorize::resume_address;
use super::authorize_answer::{page, session_cookie};
use crate::context::{Context, Outcome};
use crate::journal::SignInResult;
use crate::org::UserStatus;
use crate::pages;
use crate::refusal::Refusal;
use crate::rules::session;
use crate::variation::Variation;

/// Shows the page, or judges what was posted.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let Some(pending) = cx.state.sign_ins.get(handle, cx.now).cloned() else {
        let refused = cx.gate.refuse(Refusal::RequestExpired);
        return page(cx, 400, refused);
    };
    let client = cx.org.clients.get(&pending.request.client);
    let app = client.map_or("an application", |client| client.name.as_str());
    let form = |status, error, login| Outcome::Page {
        status,
        html: pages::sign_in(&cx.org.name, app, error, login),
        refusal: None,
    };
    if cx.request.method == http::Method::GET {
        return form(200, None, pending.request.login_hint.as_deref());
    }
    let login = cx.form().get("username");
    let password = cx.form().get("password").unwrap_or_default();
    let org = cx.org;
    let user = login
        .and_then(|login| org.user_by_login(login))
        .filter(|user| user.password.reveal() == password);
    cx.user = user.map(|user| user.id.clone());
    cx.sign_in = Some(match user {
        None => SignInResult::WRONG_CREDENTIALS,
        Some(user) if !user.is_active() => SignInResult::Failure(user.status.as_str()),
        Some(_) => SignInResult::Success,
    });
    let Some(user) = user else {
        return form(
            200,
            Some("Unable to sign in. Check the user name and the password."),
            login,
        );
    };
    if !user.is_active() && cx.gate.varies(Variation::SignInRedirected) {
        let refused = cx.gate.refuse(Refusal::UserStatusInvalid);
        cx.state.sign_ins.take(handle, cx.now);
        return pending.request.reply().refuse(cx, refused);
    }
    if !user.is_active() {
        return form(403, Some(reason(user.status)), login);
    }
    let sid = session::begin(cx, user).sid;
    cx.state.sign_ins.update(handle, cx.now, |pending| {
        pending.session = Some(sid.clone());
    });
    cx.set_cookie = Some(session_cookie(cx, &sid, None));
    Outcome::Redirect {
        location: resume_address(cx, &pending.request),
        refusal: None,
    }
}

/// Why a user cannot sign in.
fn reason(status: UserStatus) -> &'static str {
    match status {
        UserStatus::LockedOut => "This account is locked.",
        UserStatus::PasswordExpired => "The password has expired and must be changed.",
        UserStatus::Active | UserStatus::Suspended => "This user is suspended and cannot sign in.",
    }
}
