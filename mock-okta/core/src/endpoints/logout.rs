//! Logout (OIDC RP-Initiated Logout): the session ends; the browser goes to a registered address or sees a page.

use super::authorize_answer::{page, session_cookie, with_query};
use crate::context::{Context, Outcome};
use crate::org::Client;
use crate::pages;
use crate::refusal::{Refusal, Refused};
use crate::request::{Body, Params};
use crate::rules::jws;
use crate::tokens::id_token::is_id_token;
use crate::tokens::jwt::SignatureFact;

/// Ends the session of the browser.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let params: &Params = match &cx.request.body {
        Body::Form(form) => form,
        Body::Empty | Body::Other => &cx.request.query,
    };
    let (client, address) = match judge(cx, params) {
        Ok(judged) => judged,
        Err(refused) => return page(cx, refused.status(), refused),
    };
    if let Some(sid) = cx.request.cookie("sid") {
        let ended = cx.state.sessions.take(sid, cx.now);
        cx.user = ended.map(|session| session.user);
    }
    cx.set_cookie = Some(session_cookie(cx, "", Some(0)));
    let Some(uri) = address else {
        return Outcome::Page {
            status: 200,
            html: pages::signed_out(&cx.org.name),
            refusal: None,
        };
    };
    let registered = client.is_some_and(|client| {
        let known = &client.post_logout_redirect_uris;
        known.iter().any(|known| known == uri)
    });
    if let Err(refused) = cx.gate.require(registered, Refusal::RedirectUriIllegal) {
        return page(cx, 400, refused);
    }
    let state = params
        .get("state")
        .map(|state| vec![("state", state)])
        .unwrap_or_default();
    Outcome::Redirect {
        location: with_query(uri, &state),
        refusal: None,
    }
}

/// Who asks, and where the browser is to go. An ID token may have expired, but it must be one of this server's.
fn judge<'a>(
    cx: &mut Context<'a>,
    params: &'a Params,
) -> Result<(Option<&'a Client>, Option<&'a str>), Refused> {
    let facts = cx.facts;
    let hint = facts.token.as_ref();
    if let Some(hint) = hint {
        jws::judge(cx, hint, Refusal::IdTokenInvalid)?;
    }
    let issuer = cx.issuer(&cx.server);
    let right = hint.is_some_and(|hint| {
        hint.signature == SignatureFact::Valid
            && hint.claim_str("iss") == Some(issuer.as_str())
            && is_id_token(hint)
    });
    let sent = params.get("id_token_hint").is_some();
    cx.gate.require(right || !sent, Refusal::IdTokenInvalid)?;
    let hinted = hint.and_then(|hint| hint.audiences().first().copied());
    let client = params.get("client_id").or(hinted);
    let client = client.and_then(|id| cx.org.clients.get(id));
    Ok((client, params.get("post_logout_redirect_uri")))
}
