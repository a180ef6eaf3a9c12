//! Test control over HTTP.

use std::time::Duration;

use mock_okta::MockOkta;
use mock_okta_core::control::Route;
use serde_json::{Value, json};

use crate::client::{AGENT, client, json, send, sign_in};

async fn ask(okta: &MockOkta, method: &str, command: &str, body: Option<Value>) -> (u16, Value) {
    let url = format!("http://{}/_mock/{command}", okta.address());
    let method = method.parse().expect("a method");
    let mut request = client().request(method, url);
    request = match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body.to_string()),
        None => request.header("x-mock-okta-control", "1"),
    };
    let response = send(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    let value = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).expect("JSON")
    };
    (status, value)
}

#[tokio::test]
async fn the_clock_moves_and_tokens_are_issued_at_its_time() {
    let okta = MockOkta::start().await.expect("an org");
    let set = json!({ "now": "2031-05-01T12:00:00Z" });
    let (status, answer) = ask(&okta, "PUT", "clock", Some(set)).await;
    assert_eq!(
        (status, answer["now"].as_str()),
        (200, Some("2031-05-01T12:00:00Z"))
    );
    let (_, answer) = ask(
        &okta,
        "POST",
        "clock/advance",
        Some(json!({ "seconds": 3600 })),
    )
    .await;
    assert!(
        answer["now"]
            .as_str()
            .expect("a time")
            .starts_with("2031-05-01T13:00:0"),
        "{answer}"
    );

    let tokens = okta.sign_in("ada").await.expect("tokens");
    let issued = tokens.claims()["iat"].as_i64().expect("a time");
    assert!((issued - okta.now().as_second()).abs() < 60);
    let response = send(client().get(format!("{}/oauth2/v1/keys", okta.base_url()))).await;
    assert!(crate::client::header(&response, "date").contains("May 2031"));

    let (_, answer) = ask(&okta, "POST", "clock/resume", None).await;
    assert_eq!(answer["offset_seconds"], 0);
}

#[tokio::test]
async fn a_reset_puts_everything_back_and_keeps_newer_keys_published() {
    let okta = MockOkta::start().await.expect("an org");
    let published = async || {
        let url = format!("{}/oauth2/v1/keys", okta.base_url());
        let keys = json(send(client().get(url)).await).await;
        let keys = keys["keys"].as_array().cloned().unwrap_or_default();
        let kid = |key: &Value| key["kid"].as_str().unwrap_or_default().to_owned();
        keys.iter().map(kid).collect::<Vec<_>>()
    };
    let at_start = published().await[0].clone();
    let kid = okta.rotate_key(&okta.issuer()).expect("a key");
    okta.advance_clock(Duration::from_hours(1))
        .expect("advanced");
    okta.sign_in("ada").await.expect("tokens");
    assert_eq!(
        ask(
            &okta,
            "POST",
            "agents/wlpagentrsa000000001/deactivate",
            None
        )
        .await
        .0,
        204
    );
    assert!(!okta.journal().is_empty());

    assert_eq!(ask(&okta, "POST", "reset", None).await, (204, Value::Null));
    assert!(okta.journal().is_empty());
    assert_eq!(
        ask(&okta, "GET", "clock", None).await.1["offset_seconds"],
        0
    );
    let keys = published().await;
    assert_eq!(keys[0], at_start, "the key of the start signs again");
    assert!(keys.contains(&kid), "{keys:?}");
}

#[tokio::test]
async fn the_journal_tells_what_was_asked_without_its_secrets() {
    let okta = MockOkta::start().await.expect("an org");
    sign_in(okta.base_url(), "ada@example.com", "ada-likes-engines").await;
    let (status, journal) = ask(&okta, "GET", "journal?path=/oauth2/v1/token", None).await;
    assert_eq!(status, 200);
    assert_eq!(
        journal["entries"].as_array().map(Vec::len),
        Some(1),
        "{journal}"
    );
    assert_eq!(journal["entries"][0]["client_id"], crate::client::WEB_APP);
    let (_, all) = ask(&okta, "GET", "journal", None).await;
    for secret in ["web-app+secret", "web-app%2Bsecret", "ada-likes-engines"] {
        assert!(!all.to_string().contains(secret));
    }
}

#[tokio::test]
async fn mistakes_are_reported_as_json() {
    let okta = MockOkta::start().await.expect("an org");
    let (status, answer) = ask(&okta, "POST", "users/ada@exampel.com/suspend", None).await;
    assert_eq!(status, 404);
    assert!(
        answer["error"]
            .as_str()
            .expect("a text")
            .contains("did you mean `ada@example.com`?")
    );
    let (status, answer) = ask(&okta, "GET", "reset", None).await;
    assert_eq!(
        (status, answer["expected"].as_str()),
        (405, Some("POST /_mock/reset"))
    );
    assert_eq!(ask(&okta, "GET", "", None).await.0, 404);
}

#[tokio::test]
async fn a_path_that_is_not_a_route_is_not_found_and_rotates_no_key() {
    let okta = MockOkta::start().await.expect("an org");
    let keys = || async {
        let url = format!("{}/oauth2/v1/keys", okta.base_url());
        json(send(client().get(url)).await).await
    };
    let before = keys().await;
    for path in ["keys/rotates", "keys/rotate/", "keys", "unknown"] {
        let body = json!({ "issuer": okta.issuer() });
        let (status, _) = ask(&okta, "POST", path, Some(body)).await;
        assert_eq!(status, 404, "{path}");
    }
    assert_eq!(keys().await, before);
}

/// The table of routes in the guide is the one that requests are dispatched by.
#[test]
fn the_guide_lists_every_route() {
    let rows = Route::ALL.iter().map(|route| {
        let path = match route.query {
            [] => route.path.to_owned(),
            query => format!("{}?{}=…", route.path, query.join("=…&")),
        };
        let body = match route.body.to_string() {
            members if members.is_empty() => members,
            members => format!(" {members}"),
        };
        format!(
            "| `{} {path}` |{body} | {} |\n",
            route.method, route.summary
        )
    });
    let table = format!(
        "| Method and path | Body | What it does |\n|---|---|---|\n{}",
        rows.collect::<String>()
    );
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/mock-okta.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    assert!(
        guide.contains(&format!("\n\n{table}\n")),
        "docs/mock-okta.md must hold this table:\n\n{table}"
    );
}

#[tokio::test]
async fn consent_can_be_given_without_a_browser() {
    let okta = MockOkta::start().await.expect("an org");
    let body = json!({ "user": "ada@example.com", "agent": AGENT, "resource": "https://tracker.example.com" });
    for change in ["grant", "refuse", "grant", "withdraw"] {
        let command = format!("consents/{change}");
        assert_eq!(
            ask(&okta, "POST", &command, Some(body.clone())).await.0,
            204,
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_token_is_asked_of_everybody_once_there_is_one() {
    let okta = MockOkta::builder()
        .control_token("let-me-in")
        .start()
        .await
        .expect("an org");
    let url = format!("{}/_mock/health", okta.base_url());
    for (token, status) in [
        (None, 401),
        (Some("let-me-out"), 401),
        (Some("let-me-in"), 200),
    ] {
        let mut request = client().get(&url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        assert_eq!(send(request).await.status().as_u16(), status, "{token:?}");
    }
    assert!(okta.target_file().contains("let-me-in"));
}

#[tokio::test]
async fn what_was_forwarded_is_not_from_this_machine() {
    let okta = MockOkta::start().await.expect("an org");
    let url = format!("{}/_mock/health", okta.base_url());
    let forwarded = client().get(&url).header("x-forwarded-for", "192.0.2.7");
    let response = send(forwarded).await;
    assert_eq!(response.status().as_u16(), 403);
    assert!(json(response).await["error"].is_string());
    let rebound = client().get(&url).header("host", "rebound.example");
    assert_eq!(send(rebound).await.status().as_u16(), 403);
}

#[tokio::test]
async fn the_org_is_configured_anew_over_http_and_from_a_test() {
    let okta = MockOkta::start().await.expect("an org");
    let nobody = json!({ "agents": [{ "id": AGENT, "assigned_users": ["00ugrace000000000001"] }] });
    let (status, _) = ask(&okta, "PATCH", "org", Some(nobody)).await;
    assert_eq!(status, 204);
    let wrong = json!({ "agents": [{ "id": AGENT, "asigned_users": "everyone" }] });
    let (status, answer) = ask(&okta, "PATCH", "org", Some(wrong)).await;
    assert_eq!(status, 400);
    let answer = answer["error"].as_str().expect("a text");
    assert!(
        answer.contains("did you mean `assigned_users`?"),
        "{answer}"
    );

    let everyone = json!({ "agents": [{ "id": AGENT, "assigned_users": "everyone" }] });
    let Value::Object(everyone) = everyone else {
        panic!("an object")
    };
    okta.configure(everyone).expect("a change");
    okta.sign_in("ada").await.expect("tokens");

    let published = okta.publish_keys("https://nobody.example/keys", Vec::new());
    assert!(published.is_err(), "no client has that address");
}

#[tokio::test]
async fn a_health_check_needs_no_token_and_head_is_answered_as_get() {
    let builder = MockOkta::builder().control_token("a-token-for-this-test-alone");
    let okta = builder.start().await.expect("an org");
    let url = format!("http://{}/health", okta.address());
    let healthy = send(client().get(&url)).await;
    assert_eq!(healthy.status(), 200);
    assert_eq!(healthy.text().await.expect("a body"), r#"{"status":"ok"}"#);
    assert_eq!(send(client().head(&url)).await.status(), 200);
    let control = format!("http://{}/_mock/health", okta.address());
    assert_eq!(send(client().head(&control)).await.status(), 401);
    let head = client()
        .head(&control)
        .bearer_auth("a-token-for-this-test-alone");
    let head = send(head).await;
    assert_eq!(head.status(), 200);
    assert!(head.text().await.expect("no content").is_empty());
    assert!(okta.journal().is_empty(), "no client asked anything");
}

#[tokio::test]
async fn the_front_page_shows_passwords_to_this_machine_alone() {
    let password = "ada-likes-engines";
    let page = async |builder: mock_okta::Builder| {
        let okta = builder.start().await.expect("an org");
        let page = send(client().get(format!("http://{}/", okta.address()))).await;
        page.text().await.expect("a page")
    };
    assert!(page(MockOkta::builder()).await.contains(password));
    let everywhere = MockOkta::builder().host("0.0.0.0".parse().expect("an address"));
    assert!(!page(everywhere).await.contains(password));
    let token = MockOkta::builder().control_token("a-token-for-this-test-alone");
    assert!(!page(token).await.contains(password));
}

#[tokio::test]
async fn an_agent_without_a_browser_is_signed_in_by_the_org() {
    let okta = MockOkta::builder()
        .auto_sign_in("grace")
        .start()
        .await
        .expect("an org");
    assert_eq!(
        okta.sign_in("grace").await.expect("tokens").claims()["email"],
        "grace@example.com"
    );
    let nobody = MockOkta::builder().auto_sign_in("nobody").start().await;
    let said = nobody.expect_err("no such user").to_string();
    assert!(
        said.contains("`nobody`") && said.contains("ada@example.com"),
        "{said}"
    );
}
