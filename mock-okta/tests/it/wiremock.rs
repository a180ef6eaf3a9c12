//! The org on a `MockServer`.

use mock_okta::MockOkta;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::client::{client, json, send, sign_in};

#[tokio::test]
async fn the_org_answers_what_no_mock_of_the_users_own_answers() {
    let server = MockServer::start().await;
    let own = Mock::given(path("/oauth2/v1/userinfo")).respond_with(ResponseTemplate::new(503));
    own.mount(&server).await;
    let okta = MockOkta::builder().mount_on(&server).await.expect("an org");

    assert_eq!(okta.issuer(), server.uri());
    let tokens = sign_in(&server.uri(), "ada@example.com", "ada-likes-engines").await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    let userinfo = send(client().get(format!("{}/oauth2/v1/userinfo", server.uri()))).await;
    assert_eq!(userinfo.status().as_u16(), 503);
    assert!(
        okta.journal()
            .iter()
            .all(|entry| entry.path != "/oauth2/v1/userinfo")
    );
}

#[tokio::test]
async fn test_control_is_there_as_well() {
    let server = MockServer::start().await;
    let okta = MockOkta::builder().mount_on(&server).await.expect("an org");
    let url = format!("{}/_mock/clock/advance", server.uri());
    let answer = json(
        send(
            client()
                .post(url)
                .header("content-type", "application/json")
                .body(r#"{"seconds":60}"#),
        )
        .await,
    )
    .await;
    assert_eq!(answer["offset_seconds"], 60);
    okta.suspend_user("ada@example.com").expect("suspended");
    let file = okta.target_file();
    assert!(
        file.contains(&format!("issuer: {}", server.uri())),
        "{file}"
    );
}
