//! Codes and refresh tokens.

use mock_okta_core::org::GrantType;

use super::{Answer, Case, case};
use crate::support::{
    ADA, AGENT, Authorize, CHAT_AUTHORIZE, CHAT_TOKEN, Client, PUBLIC_APP, REDIRECT, TOKEN,
    VERIFIER, WEB_APP, WEB_APP_SECRET,
};

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

/// The public app's request from a page at `origin`.
fn browser(client: &Client, origin: &str, grant: &str) -> Answer {
    let form = [("grant_type", grant), ("client_id", PUBLIC_APP)];
    client.post_with(TOKEN, &form, &[("origin", origin)])
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
        "a verifier that is too short",
        |client| redeem(client, "code_verifier", Some("short")),
        "400 invalid_grant pkce_verification_failed_with_reason",
    ),
    case(
        "a code with another resource",
        |client| {
            let code = Authorize::new()
                .at(CHAT_AUTHORIZE)
                .with("client_id", WEB_APP)
                .with("scope", "openid chat.read")
                .with("resource", "https://chat.example.com/api")
                .code(client, ADA);
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", REDIRECT),
                ("code_verifier", VERIFIER),
                ("resource", "https://chat.example.com"),
            ];
            client.post_basic(WEB_APP, WEB_APP_SECRET, CHAT_TOKEN, &form)
        },
        "400 invalid_request mismatched_resource",
    ),
    case(
        "a refresh for another resource",
        |client| {
            let token = client.sign_in_at_chat().text("refresh_token");
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", token.as_str()),
                ("resource", "https://chat.example.com/api"),
            ];
            client.post_basic(WEB_APP, WEB_APP_SECRET, CHAT_TOKEN, &form)
        },
        "400 invalid_request mismatched_resource",
    ),
    case(
        "a browser at another origin",
        |client| browser(client, "https://evil.example", "authorization_code"),
        "400 invalid_request illegal_origin_browser_request",
    ),
    case(
        "a browser without PKCE",
        |client| browser(client, "http://localhost:8788", "authorization_code"),
        "401 invalid_client unsupported_auth_method_browser_request",
    ),
    case(
        "a browser with another grant",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(PUBLIC_APP) {
                    app.grant_types.insert(GrantType::ClientCredentials);
                }
            });
            browser(client, "http://localhost:8788", "client_credentials")
        },
        "400 unauthorized_client unsupported_grant_type_browser_request",
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
