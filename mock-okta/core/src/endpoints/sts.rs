//! OAuth STS in the browser: from `interaction_uri` to the third party's consent page and back.

use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::grants::consented;
use crate::pages;
use crate::refusal::Refusal;
use crate::state::DataHandle;

/// `interaction_uri`: sends the browser to the third party.
pub(super) fn redirect(cx: &mut Context<'_>) -> Outcome {
    let text = cx.request.query.get("dataHandle").unwrap_or_default();
    let Some(handle) = cx.state.data_handles.get(text, cx.now).cloned() else {
        return expired(cx);
    };
    Outcome::Redirect {
        location: format!(
            "{}/third-party/{}/authorize?request={text}",
            cx.base_url, handle.third_party
        ),
        refusal: None,
    }
}

/// The third party's consent page, and the decision posted to it.
pub(super) fn third_party(cx: &mut Context<'_>) -> Outcome {
    let text = cx.request.query.get("request").unwrap_or_default();
    let Some(handle) = cx.state.data_handles.get(text, cx.now).cloned() else {
        return expired(cx);
    };
    cx.user = Some(handle.key.user.clone());
    let org = cx.org;
    let names = (
        org.third_parties.get(&handle.third_party),
        org.clients.get(&handle.key.agent),
        org.users.get(&handle.key.user),
    );
    let (Some(third_party), Some(agent), Some(user)) = names else {
        return expired(cx);
    };
    if cx.request.path != format!("/third-party/{}/authorize", third_party.id) {
        return ApiError::unknown_path(&cx.request.path).outcome();
    }
    let page = |status| Outcome::Page {
        status,
        html: pages::consent(&third_party.name, &agent.name, &user.login, &handle.scopes),
        refusal: None,
    };
    if cx.request.method == http::Method::GET {
        return page(200);
    }
    let decision = match cx.form().get("decision") {
        Some("allow") => "allow",
        Some("deny") => "deny",
        _ => return page(400),
    };
    Outcome::Redirect {
        location: format!(
            "{}/oauth2/v1/sts/callback?dataHandle={text}&decision={decision}",
            cx.base_url
        ),
        refusal: None,
    }
}

/// The browser comes back to Okta: consent is stored, or not. The handle is used up either way.
pub(super) fn callback(cx: &mut Context<'_>) -> Outcome {
    let text = cx.request.query.get("dataHandle").unwrap_or_default();
    let Some(handle) = cx.state.data_handles.take(text, cx.now) else {
        return expired(cx);
    };
    let allowed = cx.request.query.get("decision") == Some("allow");
    finish(cx, &handle, allowed)
}

fn finish(cx: &mut Context<'_>, handle: &DataHandle, allowed: bool) -> Outcome {
    let org = cx.org;
    let Some(third_party) = org.third_parties.get(&handle.third_party) else {
        return expired(cx);
    };
    if allowed {
        consented(cx.state, handle, third_party, cx.now);
    }
    let agent = org
        .clients
        .get(&handle.key.agent)
        .map_or("the agent", |agent| agent.name.as_str());
    let html = pages::closed(&org.name, &third_party.name, agent, allowed);
    Outcome::Page {
        status: 200,
        html,
        refusal: None,
    }
}

fn expired(cx: &mut Context<'_>) -> Outcome {
    let refused = cx.gate.refuse(Refusal::RequestExpired);
    let html = pages::authorize_error(
        &cx.org.name,
        refused.error(),
        "This link has expired or was used before.",
    );
    Outcome::Page {
        status: 400,
        html,
        refusal: Some(refused),
    }
}
