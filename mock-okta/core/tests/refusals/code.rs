//! Codes and refresh tokens.

use super::support::{
    ADA, AGENT, Authorize, CHAT_TOKEN, Client, PUBLIC_APP, REDIRECT, TOKEN, VERIFIER, WEB_APP,
    WEB_APP_SECRET,
};
use super::{Answer, Case, case};

/// Redeems a fresh code of the agent with one parameter changed, or left out.
fn redeem(client: &Client, name: &str, value: Option<&str>) -> Answer {
    let code = Authorize::new().code(client, ADA);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    form.retain(|(known, _)| *known != name);
    form.extend(value.map(|value| (name, value)));
    client.post_as(AGENT, TOKEN, &form)
}

fn refresh(client: &Client, extra: &[(&str, &str)]) -> Answer {
    let token = client.sign_in().text("refresh_token");
    let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", &token)];
    form.extend_from_slice(extra);
    client.post_as(AGENT, TOKEN, &form)
}

pub(super) const CASES: &[Case] = &[
    case(
        "a code that nobody issued",
        |client| client.redeem_code(AGENT, TOKEN, "nobody's"),
        "400 invalid_grant invalid_authorization_code",
    ),
    case(
        "a code of another client",
        |client| {
            let code = Authorize::new().code(client, ADA);
            let form = [
                ("grant_type", "authorization_code"),
                ("client_id", PUBLIC_APP),
                ("code", &code),
            ];
            client.post(TOKEN, &form)
        },
        "400 invalid_grant mismatched_client",
    ),
    case(
        "a code at another server",
        |client| {
            let code = Authorize::new().code(client, ADA);
            client.redeem_code(AGENT, CHAT_TOKEN, &code)
        },
        "400 invalid_request mismatched_authorization_server",
    ),
    case(
        "a code with another redirect_uri",
        |client| redeem(client, "redirect_uri", Some("https://elsewhere.example/")),
        "400 invalid_grant mismatched_redirect_uri",
    ),
    case(
        "a code without its verifier",
        |client| redeem(client, "code_verifier", None),
        "400 invalid_request pkce_missing_verifier",
    ),
    case(
        "a code with another verifier",
        |client| redeem(client, "code_verifier", Some(&"v".repeat(43))),
        "400 invalid_grant pkce_verification_failed",
    ),
    case(
        "a verifier for a code without challenge",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(WEB_APP) {
                    app.pkce_required = false;
                }
            });
            let code = Authorize::new()
                .with("client_id", WEB_APP)
                .without("code_challenge")
                .without("code_challenge_method")
                .code(client, ADA);
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", REDIRECT),
                ("code_verifier", VERIFIER),
            ];
            client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, &form)
        },
        "400 invalid_request pkce_missing_challenge_verifier_present",
    ),
    case(
        "a refresh token that nobody issued",
        |client| {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", "nobody's"),
            ];
            client.post_as(AGENT, TOKEN, &form)
        },
        "400 invalid_grant invalid_refresh_token",
    ),
    case(
        "a refresh that widens the scope",
        |client| refresh(client, &[("scope", "openid phone")]),
        "400 access_denied refresh_scopes_denied",
    ),
];
