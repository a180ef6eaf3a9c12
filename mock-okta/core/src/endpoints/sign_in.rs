//! The sign-in page: a person can fill it in, a program can post it.

use super::authorize_request::server_path;
use crate::context::{Context, Outcome};
use crate::pages;
use crate::refusal::{Refusal, Refused};
use crate::state::{MEMORY_SECONDS, Session};

/// Shows the page, or judges what was posted.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let Some(pending) = cx.state.sign_ins.get(handle, cx.now).cloned() else {
        let refused: Refused = Refusal::RequestExpired.into();
        let html = pages::authorize_error(
            &cx.org.name,
            refused.refusal.error(),
            refused.refusal.text(),
        );
        return Outcome::Page {
            status: 400,
            html,
            refusal: Some(refused),
        };
    };
    let client = cx.org.clients.get(&pending.request.client);
    let app = client.map_or("an application", |client| client.name.as_str());
    let page = |status, error, login| Outcome::Page {
        status,
        html: pages::sign_in(&cx.org.name, app, error, login),
        refusal: None,
    };
    if cx.request.method == http::Method::GET {
        return page(200, None, None);
    }
    let login = cx.form().get("username");
    let password = cx.form().get("password").unwrap_or_default();
    let org = cx.org;
    let user = login
        .and_then(|login| org.user_by_login(login))
        .filter(|user| user.password.reveal() == password);
    let Some(user) = user else {
        return page(
            200,
            Some("Unable to sign in. Check the user name and the password."),
            login,
        );
    };
    if user.suspended {
        return page(
            403,
            Some("This user is suspended and cannot sign in."),
            login,
        );
    }
    let sid = cx.state.token("102");
    cx.state.sessions.insert(
        sid.clone(),
        cx.now + MEMORY_SECONDS,
        Session {
            user: user.id.clone(),
            auth_time: cx.now,
        },
    );
    if let Some(pending) = cx.state.sign_ins.get_mut(handle, cx.now) {
        pending.session = Some(sid.clone());
    }
    Outcome::Redirect {
        location: format!(
            "{}{}/v1/authorize/resume?stateToken={handle}",
            cx.base_url,
            server_path(&pending.request.server)
        ),
        cookie: Some(format!("sid={sid}; Path=/; HttpOnly; SameSite=Lax")),
        refusal: None,
    }
}
