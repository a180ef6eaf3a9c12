//! What answers show of switches about sign-in: the authorization endpoint, codes and what they are redeemed for.

use serde_json::Value;

use super::{Possible, yes_or_no};
use crate::calibrate::exchange::RecordedExchange;

/// Whose ID token is exchanged in the whole flow.
pub(super) fn user_sign_in(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let is_flow = exchange.in_case("authorization-server/whole-flow") && exchange.is_granted();
    let subject = exchange.sent_token("subject_token").filter(|_| is_flow)?;
    let audience = subject.claims.get("aud")?.as_str()?;
    if exchange.client("agent") == Some(audience) {
        Some(&["agent"])
    } else if exchange.client("web_app") == Some(audience) {
        Some(&["linked_app"])
    } else {
        None
    }
}

pub(super) fn authorize_error(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let is_relevant = exchange.to("/authorize") && exchange.header("location").is_none();
    let media_type = exchange.header("content-type").filter(|_| is_relevant)?;
    if exchange.is_refused() {
        Some(&["json"])
    } else if exchange.status() == 400 && media_type.starts_with("text/html") {
        // A browser asks for pages. Pages of firewalls and portals have other statuses.
        Some(&["by_accept", "page"])
    } else {
        None
    }
}

/// What the client is answered by a redirect; one to a page of the org carries neither a code nor an error.
pub(super) fn authorize_response_iss(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let is_of_authorize = exchange.to("/authorize") || exchange.to("/authorize/resume");
    let has = |name: &str| exchange.redirected(name).is_some();
    (is_of_authorize && (has("code") || has("error")))
        .then(|| yes_or_no(has("iss"), &["yes"], &["no"]))
}

/// Who signs in with a session token is answered by the authentication API, then by the authorize endpoint.
pub(super) fn session_token(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if exchange.to("/api/v1/authn") && exchange.is_granted() {
        return match exchange.text("status")? {
            "MFA_REQUIRED" => Some(&["mfa_required"]),
            "SUCCESS" => Some(&["accepted", "app_policy"]),
            _ => None,
        };
    }
    exchange
        .sent("sessionToken")
        .filter(|_| exchange.to("/authorize"))?;
    match exchange.redirected("error") {
        None if exchange.redirected("code").is_some() => Some(&["accepted"]),
        Some(error) if error == "login_required" => Some(&["app_policy"]),
        _ => None,
    }
}

pub(super) fn post_message_with_code(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.in_case("/response-mode-post-message") || !exchange.is_last() {
        return None;
    }
    let sends = exchange.is_granted()
        && exchange
            .page()
            .is_some_and(|page| page.contains("postMessage"));
    if sends {
        Some(&["with_pkce"])
    } else {
        (exchange.redirected("error").is_some() || exchange.is_refused()).then_some(&["refuse"])
    }
}

/// Whether an access token still counts after its code was used again.
pub(super) fn code_reuse(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.in_case("redeem-code/used-twice") || !exchange.to("/introspect") {
        return None;
    }
    match exchange.member("active")? {
        Value::Bool(true) => Some(&["keeps"]),
        Value::Bool(false) => Some(&["revokes"]),
        _ => None,
    }
}

pub(super) fn code_flow_id_token(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.asks("authorization_code") || !exchange.is_granted() {
        return None;
    }
    let scopes = exchange.text("scope")?;
    let claims = &exchange.token("id_token")?.claims;
    if !scopes.split(' ').any(|scope| scope == "profile") || !claims.contains_key("name") {
        return None;
    }
    let rest = [
        "given_name",
        "family_name",
        "locale",
        "zoneinfo",
        "updated_at",
    ];
    let is_full = rest.iter().any(|name| claims.contains_key(*name));
    Some(yes_or_no(is_full, &["full"], &["thin"]))
}

/// Of a public client the refresh token changes in any case.
pub(super) fn refresh_token_rotation(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.asks("refresh_token") || !exchange.is_granted() {
        return None;
    }
    if exchange
        .client("public_app")
        .is_some_and(|public| exchange.sent("client_id") == Some(public))
    {
        return None;
    }
    let next = exchange.text("refresh_token");
    let is_other = next.is_some() && next != exchange.sent("refresh_token");
    Some(yes_or_no(is_other, &["on"], &["off"]))
}
