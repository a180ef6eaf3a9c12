//! The pages, as a program posts them.

use mock_okta::MockOkta;

use crate::client::{claims, client, header, post_form, send, sign_in, to_sign_in};

#[tokio::test]
async fn a_user_signs_in_on_the_page_and_the_app_gets_tokens() {
    let okta = MockOkta::start().await.expect("an org");
    let tokens = sign_in(okta.base_url(), "ada@example.com", "ada-likes-engines").await;
    let claims = claims(&tokens["id_token"]);
    assert_eq!(claims["sub"], "00uada00000000000001", "{tokens}");
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(claims["iss"], okta.issuer());
}

#[tokio::test]
async fn the_page_is_html_that_loads_nothing() {
    let okta = MockOkta::start().await.expect("an org");
    let page = to_sign_in(okta.base_url()).await;
    assert!(
        page.starts_with(&format!("{}/signin?stateToken=", okta.base_url())),
        "{page}"
    );
    let response = send(client().get(page)).await;
    assert_eq!(
        header(&response, "content-type"),
        "text/html; charset=utf-8"
    );
    assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"));
    let html = response.text().await.expect("a page");
    assert!(
        html.contains("Chat portal") && html.contains("name=\"password\""),
        "{html}"
    );
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again() {
    let okta = MockOkta::start().await.expect("an org");
    let page = to_sign_in(okta.base_url()).await;
    let response = post_form(&page, "username=ada%40example.com&password=wrong").await;
    assert_eq!(response.status(), 200);
    let html = response.text().await.expect("a page");
    assert!(
        html.contains("role=\"alert\"") && html.contains("ada@example.com"),
        "{html}"
    );
    assert!(
        !html.contains("wrong"),
        "a password is never shown again: {html}"
    );
}

#[tokio::test]
async fn a_suspended_user_is_turned_away() {
    let okta = MockOkta::start().await.expect("an org");
    okta.suspend_user("ada@example.com").expect("suspended");
    let page = to_sign_in(okta.base_url()).await;
    let form = "username=ada%40example.com&password=ada-likes-engines";
    assert_eq!(post_form(&page, form).await.status(), 403);
    okta.restore_user("00uada00000000000001").expect("restored");
    assert_eq!(post_form(&page, form).await.status(), 302);
}
