//! Which places an answer has.

use std::collections::BTreeSet;

use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::locate_refusal::{self, Asked, Authorization};
use super::{Place, Places, Variation};
use crate::context::{Context, Members, Outcome, Slot};
use crate::endpoints::Endpoint;
use crate::keys::ServerName;
use crate::rules::scopes::split;

/// The places of an answer, but for those of decisions, which recipes mark as they pass.
pub(super) fn places(cx: &Context<'_>, endpoint: Endpoint, outcome: &Outcome) -> Places {
    let mut places = Places::default();
    places.add(Place::Any);
    if takes_json(cx, endpoint) {
        places.add(Place::JsonBody);
    }
    match outcome {
        Outcome::Json { members, cache } => {
            places.add(Place::Json);
            places.add(Place::Body);
            if cache.contains("no-store") {
                places.add(Place::NoStore);
                places.add(Place::NoStoreJson);
                if endpoint != Endpoint::Token {
                    places.add(Place::PragmaFree);
                }
            } else {
                places.add(Place::Cached);
            }
            json(cx, endpoint, members, &mut places);
        }
        Outcome::Refused(_) | Outcome::ApiError { .. } => {
            for place in [
                Place::Json,
                Place::Body,
                Place::NoStore,
                Place::NoStoreJson,
                Place::PragmaFree,
            ] {
                places.add(place);
            }
            refusal(cx, endpoint, outcome, &mut places);
        }
        Outcome::Challenge { .. } => {
            places.add(Place::NoStore);
            locate_refusal::challenge(outcome, &mut places);
        }
        Outcome::Redirect {
            location, refusal, ..
        } => {
            places.add(Place::NoStore);
            places.add(Place::Redirect);
            redirect(cx, location, refusal.is_some(), &mut places);
        }
        Outcome::Page { .. } | Outcome::Message { .. } => {
            places.add(Place::NoStore);
            places.add(Place::Body);
        }
        // Its members are Okta's own, which no variation is about.
        Outcome::Api { .. } => places.add(Place::NoStore),
        Outcome::Empty(status) => {
            places.add(Place::NoStore);
            if endpoint == Endpoint::Revoke && *status == 200 {
                places.add(Place::Revocation);
            }
        }
    }
    if let Some(refused) = outcome.refusal() {
        locate_refusal::decisions(refused.refusal, &mut places);
    }
    places
}

/// Whether a request brings JSON where a form is asked for.
fn takes_json(cx: &Context<'_>, endpoint: Endpoint) -> bool {
    let json = || {
        let media = cx.request.header(CONTENT_TYPE)?.split(';').next()?;
        Some(media.trim().eq_ignore_ascii_case("application/json"))
    };
    matches!(
        endpoint,
        Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke
    ) && json() == Some(true)
}

fn refusal(cx: &Context<'_>, endpoint: Endpoint, outcome: &Outcome, places: &mut Places) {
    let authorization = if cx.request.authorization("Basic").is_some() {
        Authorization::Basic
    } else if cx.request.headers.contains_key(AUTHORIZATION) {
        Authorization::Other
    } else {
        Authorization::None
    };
    let client = cx.form().has("client_id") || cx.client_id.is_some();
    let asked = Asked {
        endpoint,
        authorization,
        client,
        odd: ![Method::GET, Method::POST].contains(&cx.request.method),
    };
    locate_refusal::envelope(asked, outcome, places);
}

fn redirect(cx: &Context<'_>, location: &str, refused: bool, places: &mut Places) {
    let own = location
        .strip_prefix(cx.base_url)
        .is_some_and(|rest| rest.starts_with('/'));
    let has = |wanted: &str| super::redirects::parameters(location).any(|(name, _)| name == wanted);
    if refused {
        places.add(Place::ClientRedirect);
        places.add(Place::ErrorRedirect);
    } else if has("code") {
        places.add(Place::ClientRedirect);
        places.add(Place::Code);
    } else if own {
        places.add(Place::OwnRedirect);
    }
}

fn json(cx: &Context<'_>, endpoint: Endpoint, members: &Members, places: &mut Places) {
    match endpoint {
        Endpoint::Token => token_answer(cx, members, places),
        Endpoint::OpenIdMetadata | Endpoint::OauthMetadata => places.add(Place::Metadata),
        Endpoint::Keys => {
            places.add(Place::Keys);
            let keys = cx.keys.server(&cx.server);
            if keys.is_some_and(|keys| !keys.retired.is_empty()) {
                places.add(Place::SeveralKeys);
            }
        }
        Endpoint::ResourceMetadata => places.add(Place::ResourceMetadata),
        Endpoint::UserInfo => places.add(Place::UserInfo),
        Endpoint::Introspect => introspection(members, places),
        // What these answer with JSON has no place of its own.
        Endpoint::Authorize
        | Endpoint::AuthorizeResume
        | Endpoint::Revoke
        | Endpoint::Logout
        | Endpoint::SignIn
        | Endpoint::Consent
        | Endpoint::StsRedirect
        | Endpoint::StsCallback
        | Endpoint::ThirdPartyAuthorize
        | Endpoint::ProtectedResource
        | Endpoint::Authn
        | Endpoint::Management
        | Endpoint::OrgMetadata
        | Endpoint::Front
        | Endpoint::NotFound => {}
    }
}

fn introspection(members: &Members, places: &mut Places) {
    let is = |wanted: &str| value(members, wanted);
    if is("active") != Some(&Value::Bool(true)) {
        places.add(Place::InactiveToken);
        return;
    }
    places.add(Place::ActiveToken);
    if is("aud").is_some() {
        places.add(Place::ActiveAccessToken);
    }
}

fn token_answer(cx: &Context<'_>, members: &Members, places: &mut Places) {
    places.add(Place::TokenAnswer);
    let refresh = cx.form().get("grant_type") == Some("refresh_token");
    if refresh {
        places.add(Place::Refresh);
    }
    if asks_for_id_jag(cx) {
        places.add(Place::IdJagAnswer);
    }
    if scope_is_same(cx, members) {
        places.add(Place::ScopeSame);
    }
    let has = |wanted: &str| members.iter().any(|(name, _)| name == wanted);
    if has("access_token") && has("expires_in") {
        places.add(Place::Expiring);
    }
    for (name, slot) in members {
        let (Slot::Jwt(plan) | Slot::IdToken(plan)) = slot else {
            continue;
        };
        places.add(Place::Token);
        if name == "id_token" {
            places.add(Place::IdToken);
            if refresh {
                places.add(Place::RefreshedIdToken);
            } else if !asked_when(cx) {
                places.add(Place::IdTokenFree);
            }
        } else if asks_for_id_jag(cx) {
            places.add(Place::IdJag);
            if plan.claims.contains_key("resource") {
                places.add(Place::IdJagWithResource);
            }
        } else {
            places.add(Place::AccessToken);
            if plan.claims.contains_key("auth_time") {
                places.add(Place::UserAccessToken);
            }
            if cx.server == ServerName::Org {
                places.add(Place::OrgAccessToken);
            }
        }
    }
}

/// Whether the token of an answer is an ID-JAG: what was asked for says so, whatever a defect made of the token.
pub(super) fn asks_for_id_jag(cx: &Context<'_>) -> bool {
    cx.form().get("requested_token_type") == Some("urn:ietf:params:oauth:token-type:id-jag")
}

/// Whether the authorization request behind a code wanted to know when the user signed in (OIDC Core §2, `auth_time`).
fn asked_when(cx: &Context<'_>) -> bool {
    let code = cx.form().get("code").unwrap_or_default();
    let record = cx.state.codes.get(code, cx.now);
    record.is_none_or(|record| record.request.max_age_sent)
}

/// Whether an answer repeats the scope that was asked for, so that it may be left out (RFC 6749 §5.1).
fn scope_is_same(cx: &Context<'_>, members: &Members) -> bool {
    let Some(stated) = value(members, "scope").and_then(Value::as_str) else {
        return false;
    };
    if let Some(asked) = cx.form().get("scope") {
        let set = |text| split(text).into_iter().collect::<BTreeSet<_>>();
        return set(asked) == set(stated);
    }
    match cx.form().get("grant_type") {
        // The org grants what the authorization request asked for, or nothing.
        Some("authorization_code") => !cx.gate.variations().has(Variation::ScopesIgnored),
        // RFC 6749 §6: without a scope, a refresh asks for what was granted before.
        Some("refresh_token") => true,
        _ => false,
    }
}

/// A member that is there already.
pub(super) fn value<'m>(members: &'m Members, name: &str) -> Option<&'m Value> {
    members.iter().find_map(|(known, slot)| match slot {
        Slot::Value(value) if known == name => Some(value),
        _ => None,
    })
}
