//! What authorize lets pass: consent, response modes, resources, sessions.

use crate::support::{
    ADA, AGENT, Answer, Authorize, CHAT, CHAT_AUTHORIZE, CHAT_TOKEN, Client, REDIRECT, TOKEN,
    WEB_APP, claims,
};
use mock_okta_core::behaviour::Edition;
use mock_okta_core::control::Command;
use mock_okta_core::org::ConsentMethod;
use serde_json::json;

fn client() -> Client {
    Client::new(Edition::E2026_10)
}

fn at_chat(scope: &str) -> Authorize {
    Authorize::new()
        .at(CHAT_AUTHORIZE)
        .with("client_id", WEB_APP)
        .with("scope", scope)
}

/// `chat.read` needs consent, and the web app asks for it.
fn asking_consent() -> Client {
    let client = client();
    client.edit(|org| {
        let app = org.clients.get_mut(WEB_APP).expect("the web app");
        app.consent = ConsentMethod::Required;
        let chat = org.custom_servers.get_mut("auschat0000000000001");
        chat.expect("the chat server").consent_scopes = ["chat.read".to_owned()].into();
    });
    client
}

/// Allows on the consent page; what resuming answers.
fn allow(client: &Client, asked: &Answer) -> Answer {
    let cookie = asked.cookie.as_deref().expect("a session");
    let page = asked.location.as_deref().expect("the consent page");
    assert!(page.contains("/signin/consent?"), "{page}");
    let shown = client.get_with_cookie(page, cookie);
    assert!(shown.text.contains("chat.read"), "the page names the scope");
    let allowed = client.post_with(page, &[("decision", "allow")], &[("cookie", cookie)]);
    let mut answer = client.get_with_cookie(&allowed.location.expect("back"), cookie);
    answer.cookie.clone_from(&asked.cookie);
    answer
}

#[test]
fn a_user_consents_once_and_is_asked_again_only_when_the_request_wants_it() {
    let client = asking_consent();
    let first = allow(&client, &at_chat("openid chat.read").sign_in(&client, ADA));
    assert!(first.query("code").is_some(), "{}", first.refusal());

    let cookie = first.cookie.expect("a session");
    let again = at_chat("openid chat.read").cookie(&cookie);
    assert!(again.ask(&client).query("code").is_some());

    let mut asked = again.with("prompt", "consent").ask(&client);
    asked.cookie = Some(cookie);
    assert!(allow(&client, &asked).query("code").is_some());
}

#[test]
fn nobody_is_asked_for_scopes_that_need_no_consent_or_by_a_client_that_is_trusted() {
    let client = asking_consent();
    let openid = at_chat("openid").sign_in(&client, ADA);
    assert!(openid.query("code").is_some());
    client.edit(|org| {
        let app = org.clients.get_mut(WEB_APP).expect("the web app");
        app.consent = ConsentMethod::Trusted;
    });
    let trusted = at_chat("openid chat.read").sign_in(&client, ADA);
    assert!(trusted.query("code").is_some());
}

#[test]
fn the_consent_page_is_for_the_browser_that_signed_in() {
    let client = asking_consent();
    let asked = at_chat("openid chat.read").sign_in(&client, ADA);
    let page = asked.location.expect("the consent page");
    let other_browser = client.post(&page, &[("decision", "allow")]);
    assert_eq!(
        other_browser.refusal(),
        "403 access_denied mismatched_user_in_cache_and_session"
    );
}

#[test]
fn an_answer_travels_as_the_response_mode_says() {
    let client = client();
    let answer = |mode| {
        let request = Authorize::new().with("response_mode", mode);
        request.sign_in(&client, ADA)
    };
    let fragment = answer("fragment").location.expect("a redirect");
    assert!(fragment.starts_with(&format!("{REDIRECT}#code=")));
    let posted = answer("form_post");
    assert_eq!((posted.status, posted.location), (200, None));
    for part in [REDIRECT, r#"name="code""#, r#"name="state" value="s-1""#] {
        assert!(posted.text.contains(part), "{part} in {}", posted.text);
    }
    let refused = Authorize::new()
        .with("response_mode", "form_post")
        .with("prompt", "none")
        .ask(&client);
    assert!(refused.text.contains("login_required"), "{}", refused.text);
}

#[test]
fn a_resource_named_at_authorize_is_the_audience_of_every_access_token() {
    let client = client();
    let api = "https://chat.example.com/api";
    let code = at_chat("openid chat.read offline_access")
        .with("resource", api)
        .code(&client, ADA);
    let first = client.redeem_portal_code(CHAT_TOKEN, &code);
    assert_eq!(claims(&first.text("access_token"))["aud"], json!(api));

    let token = first.text("refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
        ("resource", api),
    ];
    let (app, secret) = (WEB_APP, crate::support::WEB_APP_SECRET);
    let second = client.post_basic(app, secret, CHAT_TOKEN, &form);
    assert_eq!(claims(&second.text("access_token"))["aud"], json!(api));
}

#[test]
fn a_session_spares_the_next_sign_in() {
    let client = client();
    let cookie = Authorize::new().sign_in(&client, ADA).cookie;
    let cookie = cookie.expect("a session");
    let silent = Authorize::new().cookie(&cookie).with("prompt", "none");
    assert!(silent.ask(&client).query("code").is_some());
    let anew = Authorize::new().cookie(&cookie).with("prompt", "login");
    let page = anew.ask(&client).location.expect("the sign-in page");
    assert!(page.contains("/signin?"), "{page}");
    client.get_with_cookie("/oauth2/v1/logout", &cookie);
    assert_eq!(
        silent.ask(&client).refusal(),
        "302 login_required no_existing_session"
    );
}

#[test]
fn one_acr_value_that_can_be_met_is_enough() {
    let client = client();
    let values = "phr urn:okta:loa:1fa:any";
    let answer = Authorize::new().with("acr_values", values).ask(&client);
    assert_eq!(answer.refusal(), "302 - -");
}

#[test]
fn a_page_at_the_clients_own_origin_redeems_its_code() {
    let client = client();
    let code = Authorize::new()
        .with("client_id", crate::support::PUBLIC_APP)
        .with("redirect_uri", "http://localhost:8788/callback")
        .with("scope", "openid")
        .code(&client, ADA);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", crate::support::PUBLIC_APP),
        ("code", &code),
        ("redirect_uri", "http://localhost:8788/callback"),
        ("code_verifier", crate::support::VERIFIER),
    ];
    let origin = [("origin", "http://localhost:8788")];
    assert_eq!(client.post_with(TOKEN, &form, &origin).status, 200);
}

#[test]
fn an_access_token_may_come_in_the_form() {
    let client = client();
    let token = client.sign_in().text("access_token");
    let answer = client.post("/oauth2/v1/userinfo", &[("access_token", &token)]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["sub"], json!("00uada00000000000001"));
}

#[test]
fn an_id_token_hint_names_the_client_that_is_returned_to_even_when_it_has_expired() {
    let client = client();
    let code = Authorize::new()
        .with("client_id", WEB_APP)
        .with("scope", "openid")
        .code(&client, ADA);
    let hint = client.redeem_portal_code(TOKEN, &code).text("id_token");
    client.wait(7200);
    let uri = "http://localhost:8787/";
    let logout =
        format!("/oauth2/v1/logout?id_token_hint={hint}&post_logout_redirect_uri={uri}&state=s");
    let answer = client.get(&logout);
    assert_eq!(
        answer.location.as_deref(),
        Some("http://localhost:8787/?state=s")
    );
}

#[test]
fn a_browser_that_nobody_sits_at_is_signed_in_by_the_org_itself() {
    let client = Client::new(Edition::default());
    let control = |command| client.core.control(command, client.instant());
    control(Command::SetAutoSignIn(Some("grace".to_owned()))).expect("a user");
    let user = |request: Authorize| {
        let answer = request.ask(&client);
        let code = answer
            .query("code")
            .unwrap_or_else(|| panic!("{}", answer.refusal()));
        assert!(answer.cookie.is_some(), "the browser knows its session");
        let tokens = client.redeem_code(AGENT, TOKEN, &code);
        claims(&tokens.text("id_token"))["email"].clone()
    };
    assert_eq!(user(Authorize::new()), "grace@example.com");
    let hinted = Authorize::new().with("login_hint", "ada@example.com");
    assert_eq!(user(hinted), "ada@example.com");
    for demand in [("prompt", "none"), ("prompt", "login"), ("max_age", "0")] {
        let request = Authorize::new().with(demand.0, demand.1);
        assert_eq!(user(request), "grace@example.com", "{demand:?}");
    }
    let suspended = Authorize::new().with("login_hint", "mallory@example.com");
    assert!(suspended.ask(&client).query("error").is_some());

    control(Command::SetAutoSignIn(None)).expect("the page again");
    let page = Authorize::new().ask(&client).location.expect("the page");
    assert!(page.contains("/signin?"), "{page}");
    let nobody = control(Command::SetAutoSignIn(Some("nobody".to_owned())));
    assert!(
        nobody
            .expect_err("no such user")
            .to_string()
            .contains("ada@example.com")
    );
}

#[test]
fn the_front_page_says_what_the_org_is_and_its_links_begin_a_sign_in() {
    let client = Client::new(Edition::default());
    let page = client.get("/").text;
    for part in [
        "Mock Okta",
        CHAT,
        "ada@example.com",
        AGENT,
        "/resources/mcp",
        "not shown here",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("ada-likes-engines") && !page.contains("<script"));
    let links: Vec<&str> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let sign_ins = links.iter().filter(|link| link.contains("/authorize?"));
    assert!(sign_ins.clone().count() >= 5);
    for link in sign_ins {
        let answer = client.get(&link.replace("&amp;", "&"));
        assert!(
            answer.location.is_some_and(|to| to.contains("/signin?")),
            "{link}"
        );
    }
    for link in links
        .iter()
        .filter(|link| link.contains("well-known") || link.ends_with("/keys"))
    {
        assert_eq!(client.get(link).status, 200, "{link}");
    }
    let json = client.send(
        http::Request::get("/").header("accept", "application/json"),
        "",
    );
    assert_eq!(json.text("issuer"), "https://mock.example");
}
