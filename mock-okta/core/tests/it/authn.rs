//! Primary authentication, and the session token that the authorize endpoint takes.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::UserStatus;

use crate::support::{
    ADA, AGENT, Answer, Authorize, CHAT_AUTHORIZE, Client, GRACE, TOKEN, WEB_APP,
};

const MALLORY: (&str, &str) = ("mallory@example.com", "mallory-waits-outside");

fn client() -> Client {
    Client::new(Edition::default())
}

fn session_token(client: &Client) -> String {
    client.authenticate(ADA).text("sessionToken")
}

/// A request that lets nobody be asked anything, with a session token.
fn silent(client: &Client, token: &str) -> Answer {
    Authorize::new()
        .with("prompt", "none")
        .with("sessionToken", token)
        .ask(client)
}

#[test]
fn a_password_is_worth_a_session_token() {
    let client = client();
    let answer = client.authenticate(("ADA@example.com", ADA.1));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["status"], "SUCCESS");
    assert_eq!(answer.body["expiresAt"], "2027-01-15T08:05:00.000Z");
    let user = &answer.body["_embedded"]["user"];
    assert_eq!(user["id"], "00uada00000000000001");
    assert_eq!(user["profile"]["login"], "ada@example.com");
    assert_eq!(user["profile"]["firstName"], "Ada");
}

#[test]
fn who_has_no_right_password_learns_nothing_of_the_user() {
    let client = client();
    let wrong = [
        ("ada@example.com", "wrong"),
        ("nobody@example.com", "ada-likes-engines"),
        MALLORY,
    ];
    for user in wrong {
        let answer = client.authenticate(user);
        assert_eq!(
            (answer.status, answer.text("errorCode").as_str()),
            (401, "E0000004"),
            "{user:?}"
        );
        assert_eq!(answer.text("errorSummary"), "Authentication failed");
    }
}

#[test]
fn what_is_no_such_request_is_refused() {
    let client = client();
    let post = |media: &str, body: &str| {
        let request = http::Request::post("/api/v1/authn").header("content-type", media);
        let answer = client.send(request, body);
        (answer.status, answer.text("errorCode"))
    };
    let json = "application/json; charset=utf-8";
    assert_eq!(post("text/plain", "{}"), (400, "E0000021".to_owned()));
    assert_eq!(post(json, "["), (400, "E0000003".to_owned()));
    assert_eq!(
        post(json, r#"{"username":"ada@example.com"}"#),
        (400, "E0000001".to_owned())
    );
    assert_eq!(client.get("/api/v1/authn").status, 405);
}

#[test]
fn other_states_of_a_user_have_no_session_token() {
    let client = client();
    for (status, expected) in [
        (UserStatus::LockedOut, "LOCKED_OUT"),
        (UserStatus::PasswordExpired, "PASSWORD_EXPIRED"),
    ] {
        client.edit(|org| {
            for user in org.users.values_mut() {
                user.status = status;
            }
        });
        let answer = client.authenticate(ADA);
        assert_eq!(
            (answer.status, &answer.body["status"]),
            (200, &expected.into())
        );
        assert!(answer.body["sessionToken"].is_null());
        let page = Authorize::new().ask(&client).location.expect("a page");
        assert_eq!(client.sign_in_at(&page, ADA).status, 403, "{expected}");
    }
}

#[test]
fn a_session_token_is_a_sign_in_without_a_page() {
    let client = client();
    let answer = silent(&client, &session_token(&client));
    let code = answer.query("code").expect("a code");
    assert!(
        answer
            .cookie
            .is_some_and(|cookie| cookie.starts_with("sid="))
    );
    let tokens = client.redeem_code(AGENT, TOKEN, &code);
    assert_eq!(tokens.status, 200);
    assert_eq!(
        crate::support::claims(&tokens.text("id_token"))["sub"],
        "00uada00000000000001"
    );
}

#[test]
fn its_session_goes_on_whatever_the_response_mode() {
    let client = client();
    for mode in ["query", "fragment", "form_post", "okta_post_message"] {
        let answer = Authorize::new()
            .with("prompt", "none")
            .with("response_mode", mode)
            .with("sessionToken", &session_token(&client))
            .ask(&client);
        assert!(
            answer
                .cookie
                .is_some_and(|cookie| cookie.starts_with("sid=")),
            "{mode}"
        );
    }
}

#[test]
fn a_custom_server_takes_it_as_well() {
    let client = client();
    let answer = Authorize::new()
        .at(CHAT_AUTHORIZE)
        .with("client_id", WEB_APP)
        .with("scope", "openid chat.read")
        .with("prompt", "none")
        .with("sessionToken", &session_token(&client))
        .ask(&client);
    assert!(answer.query("code").is_some(), "{}", answer.refusal());
}

#[test]
fn it_counts_once_and_for_five_minutes() {
    let client = client();
    let token = session_token(&client);
    assert!(silent(&client, &token).query("code").is_some());
    assert_eq!(
        silent(&client, &token).refusal(),
        "302 login_required no_existing_session"
    );
    let late = session_token(&client);
    client.wait(300);
    assert_eq!(
        silent(&client, &late).refusal(),
        "302 login_required no_existing_session"
    );
}

#[test]
fn without_a_prompt_a_token_that_counts_no_more_leads_to_the_page() {
    let client = client();
    let answer = Authorize::new()
        .with("sessionToken", "20111none")
        .ask(&client);
    assert!(answer.location.expect("a page").contains("/signin?"));
}

#[test]
fn the_session_that_it_begins_goes_on_with_the_cookie() {
    let client = client();
    let begun = silent(&client, &session_token(&client));
    let cookie = begun.cookie.expect("a session");
    let again = Authorize::new()
        .with("prompt", "none")
        .cookie(&cookie)
        .ask(&client);
    assert!(again.query("code").is_some());
    // Who has just shown a password has signed in anew.
    let token = client.authenticate(GRACE).text("sessionToken");
    let login = Authorize::new()
        .with("prompt", "login")
        .with("sessionToken", &token);
    assert!(login.ask(&client).query("code").is_some());
}

#[test]
fn a_policy_that_wants_more_than_a_password_refuses_the_session() {
    let client = client();
    client.set_switch("session_token", "app_policy");
    let token = session_token(&client);
    assert_eq!(
        silent(&client, &token).refusal(),
        "302 login_required app_sign_on_required"
    );
    client.set_switch("session_token", "mfa_required");
    let answer = client.authenticate(ADA);
    assert_eq!(answer.body["status"], "MFA_REQUIRED");
    assert!(answer.body["sessionToken"].is_null() && answer.body["stateToken"].is_string());
}

#[test]
fn neither_password_nor_session_token_is_in_the_journal() {
    let client = client();
    let token = session_token(&client);
    silent(&client, &token);
    let journal = client.core.with_state(|state| {
        let entries = state.journal.entries();
        entries
            .map(|entry| serde_json::json!(entry).to_string())
            .collect::<String>()
    });
    assert!(
        !journal.contains(ADA.1) && !journal.contains(&token),
        "{journal}"
    );
}
