//! The order of checks is a decision: one snapshot per endpoint of the rules in the order in which they are asked of a
//! request that passes them all. The token endpoint's own recipes are walked in `flows.rs`.

use crate::support::{ADA, AGENT, Authorize, CHAT_AUTHORIZE, Client, TOKEN, WEB_APP};
use mock_okta_core::behaviour::Edition;

fn client() -> Client {
    Client::new(Edition::E2026_10)
}

#[test]
fn authorize() {
    let client = client();
    let request = Authorize::new()
        .at(CHAT_AUTHORIZE)
        .with("client_id", WEB_APP)
        .with("scope", "openid chat.read");
    let signed_in = request.sign_in(&client, ADA);
    insta::assert_snapshot!("order-authorize-resume", client.last_trace());
    let silent = request
        .cookie(&signed_in.cookie.expect("a session"))
        .with("prompt", "none");
    assert!(silent.ask(&client).query("code").is_some());
    insta::assert_snapshot!("order-authorize", client.last_trace());
}

#[test]
fn refresh() {
    let client = client();
    let token = client.sign_in().text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    assert_eq!(client.post_as(AGENT, TOKEN, &form).status, 200);
    insta::assert_snapshot!("order-refresh-token", client.last_trace());
}

#[test]
fn access_token() {
    let client = client();
    let token = client.sign_in().text("access_token");
    let answer = client.get_as_bearer("/oauth2/v1/userinfo", &token);
    assert_eq!(answer.status, 200);
    insta::assert_snapshot!("order-userinfo", client.last_trace());
}

#[test]
fn logout() {
    let client = client();
    let hint = client.sign_in().text("id_token");
    let answer = client.get(&format!("/oauth2/v1/logout?id_token_hint={hint}"));
    assert_eq!(answer.status, 200);
    insta::assert_snapshot!("order-logout", client.last_trace());
}

#[test]
fn revocation_and_introspection() {
    let client = client();
    let token = client.sign_in().text("access_token");
    let form = [("token", token.as_str())];
    let answer = client.post_as(AGENT, "/oauth2/v1/introspect", &form);
    assert_eq!(answer.body["active"], true);
    insta::assert_snapshot!("order-introspect", client.last_trace());
    assert_eq!(
        client.post_as(AGENT, "/oauth2/v1/revoke", &form).status,
        200
    );
    insta::assert_snapshot!("order-revoke", client.last_trace());
}
