//! What the switches are asked, where it takes more than a line.

use mock_okta_core::Document;
use mock_okta_core::org::ClientId;

use super::{AUTHENTICATED, TARGET};
use crate::support::{
    ADA, AGENT, Answer, Authorize, CHAT, Client, EVERY_ALGORITHM, ID_JAG, KEYS_AT, PUBLISHER,
    SERVICE_APP, SERVICE_APP_SECRET, TOKEN, VAULTED_SECRET, WEB_APP, claims,
};

pub(super) fn exchange(client: &Client) -> Answer {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, ID_JAG, &TARGET)
}

pub(super) fn refresh(client: &Client, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    client.post_as(AGENT, TOKEN, &form)
}

pub(super) fn sign_in_of_the_agent(client: &Client) -> String {
    Authorize::new().ask(client).refusal()
}

/// An agent that was given a secret uses it.
pub(super) fn secret_of_an_agent(client: &Client) -> String {
    client.edit(|org| {
        let service = org.clients[SERVICE_APP].clone();
        let agent = org.clients.get_mut(AGENT).expect("the agent");
        agent.client_secret = service.client_secret;
        agent.auth_methods.extend(service.auth_methods);
    });
    client
        .post_basic(AGENT, SERVICE_APP_SECRET, TOKEN, &[])
        .refusal()
}

/// Keys are fetched, and used a second later without being fetched again.
pub(super) fn published_keys_after_a_second(client: &Client) -> String {
    let learn = || {
        let snapshot = client.core.snapshot();
        let keys = snapshot.keys.client(&ClientId::new(EVERY_ALGORITHM));
        let jwk = serde_json::Value::Object(keys[0].public.jwk.clone());
        let body = serde_json::json!({ "keys": [jwk] })
            .to_string()
            .into_bytes();
        client
            .core
            .learn(KEYS_AT, Document::Found(body), client.instant());
    };
    learn();
    client.wait(1);
    let assertion = client.assertion(EVERY_ALGORITHM, TOKEN);
    let assertion = assertion.claim("iss", PUBLISHER).claim("sub", PUBLISHER);
    client.post_proving(&assertion, TOKEN, &[]).refusal()
}

/// The farthest `iat` that passes, in seconds.
pub(super) fn how_far_ahead(client: &Client) -> String {
    let passes = |seconds: &i64| {
        let iat = client.now.get() + seconds;
        let assertion = client.assertion(AGENT, TOKEN).claim("iat", iat);
        client.post_proving(&assertion, TOKEN, &[]).refusal() == AUTHENTICATED
    };
    (0..120)
        .take_while(passes)
        .last()
        .map_or_else(String::new, |seconds| seconds.to_string())
}

/// Who acts in an ID-JAG of a user whom the web app signed in, outermost first.
pub(super) fn actors(client: &Client) -> String {
    let code = Authorize::new()
        .with("client_id", WEB_APP)
        .with("scope", "openid")
        .code(client, ADA);
    let id_token = client.redeem_portal_code(TOKEN, &code).text("id_token");
    let id_jag = client
        .exchange(&id_token, ID_JAG, &TARGET)
        .text("access_token");
    let mut chain = Vec::new();
    let mut act = claims(&id_jag)["act"].take();
    while let Some(sub) = act["sub"].as_str().map(str::to_owned) {
        chain.push(sub);
        act = act["act"].take();
    }
    chain.join(" ")
}

pub(super) fn secret_by_its_indicator(client: &Client) -> String {
    client.edit(|org| {
        let connection = org.connections.get_mut("mcnsecret00000000001");
        connection.expect("a connection").resource_indicator =
            Some("https://vault.example/payments".to_owned());
    });
    let id_token = client.sign_in().text("id_token");
    let target = [("resource", "https://vault.example/payments")];
    client
        .exchange(&id_token, VAULTED_SECRET, &target)
        .refusal()
}

pub(super) fn after_logout(client: &Client) -> String {
    let signed_in = Authorize::new().sign_in(client, ADA);
    let code = signed_in.query("code").expect("a code");
    let id_token = client.redeem_code(AGENT, TOKEN, &code).text("id_token");
    client.get_with_cookie("/oauth2/v1/logout", &signed_in.cookie.expect("a session"));
    client.exchange(&id_token, ID_JAG, &TARGET).refusal()
}

/// A scope that is on the connection and that no rule allows.
pub(super) fn scope_without_a_rule(client: &Client) -> String {
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.delete")];
    let id_jag = client
        .exchange(&id_token, ID_JAG, &target)
        .text("access_token");
    client.redeem(&id_jag).refusal()
}
