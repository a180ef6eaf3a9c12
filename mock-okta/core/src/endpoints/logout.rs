//! Logout (OIDC RP-Initiated Logout): the session ends; the browser goes to a registered address or sees a page.

use crate::context::{Context, Outcome};
use crate::pages;
use crate::refusal::Refusal;
use crate::request::{Body, Params};

/// Ends the session of the browser.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let params: &Params = match &cx.request.body {
        Body::Form(form) => form,
        Body::Empty | Body::Other => &cx.request.query,
    };
    if let Some(sid) = cx.request.cookie("sid") {
        cx.state.sessions.take(sid, cx.now);
    }
    let cookie = Some("sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".to_owned());
    let client = params.get("client_id").or_else(|| {
        let hint = cx.facts.token.as_ref()?;
        hint.audiences().first().copied()
    });
    let org = cx.org;
    let client = client.and_then(|id| org.clients.get(id));
    match params.get("post_logout_redirect_uri") {
        None => Outcome::Page {
            status: 200,
            html: pages::signed_out(&org.name),
            refusal: None,
        },
        Some(uri) => {
            let registered = client.is_some_and(|client| {
                client
                    .post_logout_redirect_uris
                    .iter()
                    .any(|known| known == uri)
            });
            if let Err(refused) = cx.gate.require(registered, Refusal::RedirectUriIllegal) {
                let html = pages::authorize_error(
                    &org.name,
                    refused.refusal.error(),
                    refused.refusal.text(),
                );
                return Outcome::Page {
                    status: 400,
                    html,
                    refusal: Some(refused),
                };
            }
            let state = params
                .get("state")
                .map(|state| vec![("state", state)])
                .unwrap_or_default();
            let location = super::authorize_request::with_query(uri, &state);
            Outcome::Redirect {
                location,
                cookie,
                refusal: None,
            }
        }
    }
}
