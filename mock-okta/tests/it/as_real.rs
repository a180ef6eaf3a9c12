//! An org that looks as a real one does from outside.

use mock_okta::MockOkta;
use mock_okta::serde_json::{Map, json};
use reqwest::Client;

use crate::client::{WEB_APP, WEB_APP_SECRET, header, json, post_form, send};
use crate::tls::trusting_client;

fn real() -> MockOkta {
    let started = MockOkta::builder().as_real().start_blocking();
    started.unwrap_or_else(|error| panic!("{error}"))
}

async fn ask(
    client: &Client,
    okta: &MockOkta,
    path: &str,
    token: &str,
) -> (u16, serde_json::Value) {
    let request = client.get(format!("{}{path}", okta.base_url()));
    let response = send(request.header("authorization", format!("SSWS {token}"))).await;
    (response.status().as_u16(), json(response).await)
}

#[tokio::test]
async fn nothing_of_the_mocks_own_is_answered() {
    let okta = real();
    let client = trusting_client(&okta);
    let other = MockOkta::builder().start_blocking().expect("an org");
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/health"),
        ("GET", "/_mock/health"),
        ("GET", "/_mock/journal"),
        ("POST", "/_mock/reset"),
        ("PATCH", "/_mock/org"),
        ("POST", "/_mock/users/ada/suspend"),
    ] {
        let method: reqwest::Method = method.parse().expect("a method");
        let request = client.request(method.clone(), format!("{}{path}", okta.base_url()));
        let response = send(request.header("x-mock-okta-control", "1")).await;
        assert_eq!(response.status(), 404, "{path}");
        let own = response
            .headers()
            .keys()
            .find(|name| name.as_str().contains("mock"));
        assert_eq!(own, None, "{path}");
        assert_eq!(json(response).await["errorCode"], "E0000007", "{path}");
        let request = client.request(method, format!("{}{path}", other.base_url()));
        let response = send(request.header("x-mock-okta-control", "1")).await;
        assert_ne!(response.status(), 404, "any other org answers at {path}");
    }
    let refused = send(client.get(format!("{}/oauth2/v1/userinfo", okta.base_url()))).await;
    assert_eq!(header(&refused, "x-mock-okta-code"), "");
    // What is asked of it in this process stays.
    okta.suspend_user("ada").expect("suspended");
    assert!(okta.sign_in("ada").await.is_err());
}

#[tokio::test]
async fn requests_are_limited_and_say_so() {
    let okta = real();
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    let response = send(trusting_client(&okta).get(keys)).await;
    assert_eq!(header(&response, "x-rate-limit-limit"), "240");
    assert_eq!(header(&response, "x-rate-limit-remaining"), "239");

    let few = MockOkta::builder()
        .rate_limit(2)
        .start_blocking()
        .expect("an org");
    let token = format!("{}/oauth2/v1/token", few.base_url());
    for expected in [401, 401, 429] {
        assert_eq!(post_form(&token, "").await.status(), expected);
    }
}

/// Whether the web app's refresh token changes when it is used.
async fn rotates(okta: &MockOkta) -> bool {
    let tokens = okta
        .sign_in("ada")
        .client("web_app")
        .scopes(["openid", "offline_access"]);
    let before = tokens
        .await
        .expect("tokens")
        .refresh_token
        .expect("a refresh token");
    let form = format!(
        "grant_type=refresh_token&refresh_token={before}&client_id={WEB_APP}&client_secret={WEB_APP_SECRET}"
    );
    let token = trusting_client(okta).post(format!("{}/oauth2/v1/token", okta.base_url()));
    let token = token
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let after = json(send(token).await).await;
    let after = after["refresh_token"].as_str();
    assert!(after.is_some());
    after != Some(before.as_str())
}

#[tokio::test]
async fn refresh_tokens_rotate_unless_the_org_file_says_otherwise() {
    assert!(rotates(&real()).await);
    let file = mock_okta::default_org();
    let file = file.replace(
        "behaviours: {}",
        "behaviours: { refresh_token_rotation: \"off\" }",
    );
    let builder = MockOkta::builder().as_real().org_yaml("org.yaml", file);
    assert!(!rotates(&builder.start_blocking().expect("an org")).await);
}

#[tokio::test]
async fn id_jags_of_a_month_are_counted_unless_the_org_file_says_otherwise() {
    let start = |builder: mock_okta::Builder| {
        let started = builder.id_jags_per_month(1).start_blocking();
        started.expect("an org")
    };
    let second = async |okta: MockOkta| {
        for _ in 0..2 {
            let id_jag = okta
                .id_jag_for("ada", "agent", "custom_as", &["chat.read"])
                .await;
            if let Err(error) = id_jag {
                return error.to_string();
            }
        }
        String::new()
    };
    let refused = second(start(MockOkta::builder().as_real())).await;
    assert!(refused.contains("no subscription"), "{refused}");
    assert_eq!(second(start(MockOkta::builder())).await, "");
    let file = mock_okta::default_org();
    let file = file.replace("behaviours: {}", "behaviours: { id_jag_cap: \"off\" }");
    let builder = MockOkta::builder().as_real().org_yaml("org.yaml", file);
    assert_eq!(second(start(builder)).await, "");
}

#[tokio::test]
async fn the_management_api_takes_the_token_that_was_made() {
    let okta = real();
    let client = trusting_client(&okta);
    let token = okta.api_token().expect("a token").to_owned();
    let agents = "/workload-principals/api/v1/ai-agents";
    let (status, body) = ask(&client, &okta, agents, &token).await;
    assert_eq!(
        (status, &body["data"][1]["id"]),
        (200, &"wlpagentrsa000000001".into())
    );
    let (status, body) = ask(&client, &okta, agents, "00other").await;
    assert_eq!((status, &body["errorCode"]), (401, &"E0000011".into()));
}

#[tokio::test]
async fn one_setting_is_broken_while_it_runs() {
    let okta = MockOkta::builder()
        .as_real()
        .api_token("00test")
        .start_blocking()
        .expect("an org");
    let staged = json!([{ "id": "wlpagentrsa000000001", "status": "STAGED" }]);
    okta.configure(Map::from_iter([("agents".to_owned(), staged)]))
        .expect("a change");
    let client = trusting_client(&okta);
    let agent = "/workload-principals/api/v1/ai-agents/wlpagentrsa000000001";
    assert_eq!(
        ask(&client, &okta, agent, "00test").await.1["status"],
        "STAGED"
    );
}

#[test]
fn a_token_that_nobody_could_show_is_refused() {
    for wrong in ["", "two words"] {
        let error = MockOkta::builder().api_token(wrong).start_blocking();
        let error = error.expect_err("no token").to_string();
        assert!(
            error.starts_with("the API token cannot be used: "),
            "{error}"
        );
    }
}
