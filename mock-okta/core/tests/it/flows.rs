//! The four resource types, end to end through the core, and the order in which each recipe asks its rules.

use crate::support::{
    ACCOUNT, ADA, AGENT, Authorize, CHAT, CHAT_TOKEN, Client, ID_JAG, JWT_BEARER, SECRET,
    SERVICE_APP, TOKEN, WEB_APP, WEB_APP_SECRET, claims,
};
use mock_okta_core::behaviour::Edition;
use serde_json::json;

fn client() -> Client {
    Client::new(Edition::E2026_10)
}

#[test]
fn an_id_token_becomes_an_id_jag_becomes_an_access_token_that_opens_the_api() {
    let client = client();
    let signed_in = client.sign_in();
    insta::assert_snapshot!("order-authorization-code", client.last_trace());
    let id_token = claims(&signed_in.text("id_token"));
    assert_eq!(
        (&id_token["aud"], &id_token["nonce"]),
        (&json!(AGENT), &json!("n-1"))
    );

    let first = client.exchange(
        &signed_in.text("id_token"),
        ID_JAG,
        &[("audience", CHAT), ("scope", "chat.read chat.history")],
    );
    insta::assert_snapshot!("order-id-jag", client.last_trace());
    assert_eq!(
        (first.status, first.text("token_type").as_str()),
        (200, "N_A")
    );
    let id_jag = claims(&first.text("access_token"));
    assert_eq!(id_jag["aud"], json!(CHAT));
    assert_eq!(id_jag["client_id"], json!(AGENT));
    assert_eq!(
        id_jag["exp"]
            .as_i64()
            .zip(id_jag["iat"].as_i64())
            .map(|(exp, iat)| exp - iat),
        Some(300)
    );

    let second = client.post_as(
        AGENT,
        CHAT_TOKEN,
        &[
            ("grant_type", JWT_BEARER),
            ("assertion", &first.text("access_token")),
        ],
    );
    insta::assert_snapshot!("order-redeem", client.last_trace());
    assert_eq!(second.text("scope"), "chat.read chat.history");
    assert_eq!(
        claims(&second.text("access_token"))["scp"],
        json!(["chat.history", "chat.read"])
    );

    let bearer = format!("Bearer {}", second.text("access_token"));
    let used = client.send(
        http::Request::get("/resources/chat").header("authorization", bearer),
        "",
    );
    assert_eq!((used.status, &used.body["client_id"]), (200, &json!(AGENT)));
}

#[test]
fn an_api_says_whose_tokens_it_takes_where_its_challenge_points() {
    let client = client();
    let challenge = client.get("/resources/chat").challenge;
    let at = "https://mock.example/.well-known/oauth-protected-resource/resources/chat";
    assert_eq!(
        challenge.as_deref(),
        Some(format!("Bearer scope=\"chat.read\", resource_metadata=\"{at}\"").as_str())
    );
    let metadata = client.get(at);
    assert_eq!(
        (metadata.status, &metadata.body),
        (
            200,
            &json!({
                "resource": "https://mock.example/resources/chat",
                "authorization_servers": [CHAT],
                "scopes_supported": ["chat.read"],
                "bearer_methods_supported": ["header", "body"],
            })
        )
    );
    // What takes no access token is not described.
    let elsewhere = "/.well-known/oauth-protected-resource/resources/payments";
    assert_eq!(client.get(elsewhere).status, 404);
}

#[test]
fn an_id_jag_is_redeemed_once_by_its_client_at_its_server() {
    let client = client();
    let redeem = |agent: &str, path: &str, id_jag: &str| {
        client
            .post_as(
                agent,
                path,
                &[("grant_type", JWT_BEARER), ("assertion", id_jag)],
            )
            .refusal()
    };
    let id_jag = client.id_jag();
    assert_eq!(
        redeem(crate::support::OTHER_AGENT, CHAT_TOKEN, &id_jag),
        "400 invalid_grant id_jag_client_mismatch"
    );
    assert_eq!(
        redeem(AGENT, "/oauth2/default/v1/token", &id_jag),
        "400 invalid_grant jwt_bearer_grant_invalid_audience"
    );
    assert_eq!(
        redeem(AGENT, TOKEN, &id_jag),
        "400 invalid_request mismatched_authorization_server"
    );
    // What was refused did not use it up.
    assert_eq!(redeem(AGENT, CHAT_TOKEN, &id_jag), "200 - -");
    assert_eq!(
        redeem(AGENT, CHAT_TOKEN, &id_jag),
        "400 invalid_grant id_jag_replayed"
    );
}

#[test]
fn an_id_jag_expires_to_the_second() {
    let client = client();
    let (first, second) = (client.id_jag(), client.id_jag());
    let redeem = |id_jag: &str| {
        client
            .post_as(
                AGENT,
                CHAT_TOKEN,
                &[("grant_type", JWT_BEARER), ("assertion", id_jag)],
            )
            .refusal()
    };
    client.now.set(client.now.get() + 299);
    assert_eq!(redeem(&first), "200 - -");
    client.now.set(client.now.get() + 1);
    assert_eq!(redeem(&second), "400 invalid_grant id_jag_expired");
}

#[test]
fn a_vaulted_secret_comes_without_an_access_token_and_opens_its_service() {
    let client = client();
    let id_token = client.sign_in().text("id_token");
    let answer = client.exchange(
        &id_token,
        "urn:okta:params:oauth:token-type:vaulted-secret",
        &[("resource", SECRET)],
    );
    insta::assert_snapshot!("order-vaulted-secret", client.last_trace());
    assert_eq!(answer.body.get("access_token"), None);
    let key = answer.body["vaulted_secret"]["apikey"]
        .as_str()
        .expect("a key");
    let used = client.send(
        http::Request::get("/resources/payments").header("x-api-key", key),
        "",
    );
    assert_eq!(used.status, 200);
}

#[test]
fn a_service_account_opens_its_service() {
    use base64::Engine as _;
    let client = client();
    let id_token = client.sign_in().text("id_token");
    let answer = client.exchange(
        &id_token,
        "urn:okta:params:oauth:token-type:service-account",
        &[("resource", ACCOUNT)],
    );
    insta::assert_snapshot!("order-service-account", client.last_trace());
    let account = &answer.body["service_account"];
    let pair = format!(
        "{}:{}",
        account["username"].as_str().expect("a name"),
        account["password"].as_str().expect("a password")
    );
    let basic = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(pair)
    );
    let used = client.send(
        http::Request::get("/resources/warehouse").header("authorization", basic),
        "",
    );
    assert_eq!(used.status, 200);
}

/// Walks the browser from `interaction_uri` to a decision.
fn decide(client: &Client, interaction_uri: &str, decision: &str) {
    let page = client
        .get(interaction_uri.trim_start_matches(crate::support::BASE))
        .location
        .expect("to the third party");
    let form = client.post(
        page.trim_start_matches(crate::support::BASE),
        &[("decision", decision)],
    );
    let back = form.location.expect("back to Okta");
    assert_eq!(
        client
            .get(back.trim_start_matches(crate::support::BASE))
            .status,
        200
    );
}

#[test]
fn a_third_partys_token_needs_consent_and_its_revocation_asks_again() {
    let client = client();
    let id_token = client.sign_in().text("id_token");
    let ask = || {
        client.exchange(
            &id_token,
            "urn:okta:params:oauth:token-type:oauth-sts",
            &[("resource", "https://tracker.example.com")],
        )
    };
    let first = ask();
    insta::assert_snapshot!("order-oauth-sts", client.last_trace());
    assert_eq!(
        first.refusal(),
        "400 interaction_required oauth_sts_interaction_required"
    );
    decide(&client, &first.text("interaction_uri"), "deny");
    let second = ask();
    assert_eq!(
        second.refusal(),
        "400 interaction_required oauth_sts_interaction_required"
    );
    decide(&client, &second.text("interaction_uri"), "allow");
    let granted = ask();
    assert_eq!(
        (granted.status, granted.text("scope").as_str()),
        (200, "read resource")
    );

    let token = granted.text("access_token");
    let call = || {
        let bearer = format!("Bearer {token}");
        client
            .send(
                http::Request::get("/resources/tracker").header("authorization", bearer),
                "",
            )
            .status
    };
    assert_eq!(call(), 200);
    let revoked = client.post_as(
        AGENT,
        "/oauth2/v1/revoke",
        &[("token", &token), ("token_type_hint", "oauth_sts")],
    );
    assert_eq!(revoked.status, 200);
    // Only what Okta stored is gone: the third party's token lives on, and the next exchange asks the user again.
    assert_eq!(call(), 200);
    assert_eq!(
        ask().refusal(),
        "400 interaction_required oauth_sts_interaction_required"
    );
}

#[test]
fn a_third_party_with_a_refresh_token_is_asked_silently_after_revocation() {
    let client = client();
    let id_token = client.sign_in().text("id_token");
    let ask = || {
        client.exchange(
            &id_token,
            "urn:okta:params:oauth:token-type:oauth-sts",
            &[("resource", "https://calendar.example.com")],
        )
    };
    decide(&client, &ask().text("interaction_uri"), "allow");
    let token = ask().text("access_token");
    client.post_as(
        AGENT,
        "/oauth2/v1/revoke",
        &[("token", &token), ("token_type_hint", "oauth_sts")],
    );
    let again = ask();
    assert_eq!(again.status, 200);
    assert_ne!(again.text("access_token"), token);
}

#[test]
fn reuse_of_a_code_revokes_what_was_issued_from_it() {
    let client = client();
    let code = Authorize::new().with("scope", "openid").code(&client, ADA);
    let redeem = || {
        client.post_as(
            AGENT,
            TOKEN,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", crate::support::REDIRECT),
                ("code_verifier", crate::support::VERIFIER),
            ],
        )
    };
    let token = redeem().text("access_token");
    let userinfo = || {
        let bearer = format!("Bearer {token}");
        client
            .send(
                http::Request::get("/oauth2/v1/userinfo").header("authorization", bearer),
                "",
            )
            .status
    };
    assert_eq!(userinfo(), 200);
    assert_eq!(
        redeem().refusal(),
        "400 invalid_grant invalid_authorization_code"
    );
    assert_eq!(userinfo(), 401);
}

#[test]
fn the_editions_differ_in_who_signs_in_and_in_the_first_answer() {
    let client = Client::new(Edition::E2025_10);
    let answer = client.get(
        "/oauth2/v1/authorize?client_id=wlpagentrsa000000001&response_type=code&scope=openid&state=s\
         &redirect_uri=http://localhost:8787/callback&code_challenge=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\
         &code_challenge_method=S256",
    );
    assert_eq!(
        answer.code.as_deref(),
        Some("unsupported_response_type"),
        "agents do not sign users in"
    );
    let code = Authorize::new()
        .with("client_id", WEB_APP)
        .with("scope", "openid email")
        .code(&client, ADA);
    let signed_in = client.post(
        TOKEN,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", crate::support::REDIRECT),
            ("code_verifier", crate::support::VERIFIER),
            ("client_id", WEB_APP),
            ("client_secret", WEB_APP_SECRET),
        ],
    );
    let first = client.exchange(
        &signed_in.text("id_token"),
        ID_JAG,
        &[("audience", CHAT), ("scope", "chat.read")],
    );
    assert_eq!(
        (first.status, first.text("scope").as_str()),
        (200, "chat.read")
    );
    let act = &claims(&first.text("access_token"))["act"];
    assert_eq!(act["act"]["sub"], json!("0oawebapp00000000001"));
}

#[test]
fn a_machine_gets_a_token_of_its_own_without_a_user() {
    let client = client();
    let answer = client.machine(&[("scope", "chat.read")]);
    insta::assert_snapshot!("order-client-credentials", client.last_trace());
    assert_eq!(answer.text("scope"), "chat.read");
    for member in ["refresh_token", "id_token", "issued_token_type"] {
        assert_eq!(answer.body.get(member), None, "{member}");
    }
    let token = answer.text("access_token");
    let reply = claims(&token);
    assert_eq!(
        (&reply["sub"], &reply["cid"], reply.get("uid")),
        (&json!(SERVICE_APP), &json!(SERVICE_APP), None)
    );
    assert_eq!(reply["aud"], json!("https://chat.example.com"));
    assert_eq!(client.get_as_bearer("/resources/chat", &token).status, 200);
}

#[test]
fn a_resource_becomes_the_audience_and_default_scopes_stand_in_for_none() {
    let client = client();
    let api = "https://chat.example.com/api";
    let answer = client.machine(&[("scope", "chat.read"), ("resource", api)]);
    assert_eq!(claims(&answer.text("access_token"))["aud"], json!(api));

    client.edit(|org| {
        let chat = org.custom_servers.get_mut("auschat0000000000001");
        let chat = chat.expect("the chat server");
        chat.default_scopes = ["chat.history".to_owned()].into();
    });
    assert_eq!(client.machine(&[]).text("scope"), "chat.history");
}
