//! The org's own consent page: a user allows an app the scopes that need it.

use super::authorize::resume_address;
use super::authorize_answer::to_page;
use crate::context::{Context, Outcome};
use crate::pages;
use crate::refusal::Refusal;
use crate::rules::{consent, session};

/// Shows the page, or takes the decision that was posted.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let handle = cx.request.query.get("stateToken").unwrap_or_default();
    let (pending, session) = match session::judge_pending(cx, handle) {
        Ok(found) => found,
        Err(refused) => return to_page(cx, refused),
    };
    cx.user = Some(session.user.clone());
    let org = cx.org;
    let request = pending.request;
    let names = (
        org.clients.get(&request.client),
        org.users.get(&session.user),
    );
    let (Some(client), Some(user)) = names else {
        let refused = cx.gate.refuse(Refusal::RequestExpired);
        return to_page(cx, refused);
    };
    let asked = consent::scopes(cx, client, &request);
    let allowed = match cx.form().get("decision") {
        Some("allow") => true,
        Some("deny") => false,
        _ => {
            return Outcome::Page {
                status: 200,
                html: pages::consent(&org.name, &client.name, &user.login, &asked),
                refusal: None,
            };
        }
    };
    if let Err(refused) = cx.gate.require(allowed, Refusal::UserCanceled) {
        cx.state.sign_ins.take(handle, cx.now);
        return request.reply().refuse(cx, refused);
    }
    consent::remember(cx, client, user, &request, &asked);
    cx.state.sign_ins.update(handle, cx.now, |pending| {
        pending.request.asks_consent = false;
    });
    Outcome::Redirect {
        location: resume_address(cx, &request),
        refusal: None,
    }
}
