//! Keys that a client publishes elsewhere are fetched when the client first shows an assertion.

use mock_okta::MockOkta;
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::client::{json, post_form};

const AGENT: &str = "wlppublished00000001";

/// An org whose one agent publishes its keys at an address.
pub(crate) fn org(jwks_uri: &str) -> String {
    format!(
        "org: {{ id: 00opublished00000001, name: Published }}
agents:
  - id: {AGENT}
    name: Published
    redirect_uris: [http://localhost:8787/callback]
    jwks_uri: {jwks_uri}
"
    )
}

/// A token request with an assertion that no key signed: it gets as far as the keys.
pub(crate) fn form() -> String {
    // {"alg":"RS256","kid":"k-1"} . {"iss":AGENT,"sub":AGENT} . x
    format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&client_id={AGENT}\
         &client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer\
         &client_assertion=eyJhbGciOiJSUzI1NiIsImtpZCI6ImstMSJ9.\
         eyJpc3MiOiJ3bHBwdWJsaXNoZWQwMDAwMDAwMSIsInN1YiI6IndscHB1Ymxpc2hlZDAwMDAwMDAxIn0.eA"
    )
}

async fn elsewhere(requests: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/keys"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "keys": [] })))
        .expect(requests)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn keys_are_fetched_once_for_many_requests() {
    let published = elsewhere(1).await;
    let okta = MockOkta::builder()
        .org_yaml("org.yaml", org(&format!("{}/keys", published.uri())))
        .start()
        .await
        .expect("an org");
    let url = format!("{}/oauth2/v1/token", okta.base_url());
    let asked: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { json(post_form(&url, &form()).await).await })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.expect("an answer")["error"], "invalid_client");
    }
    published.verify().await;
}

#[tokio::test]
async fn an_address_that_is_dead_delays_nobody_else() {
    let okta = MockOkta::builder()
        .org_yaml("org.yaml", org("http://127.0.0.1:1/keys"))
        .start()
        .await
        .expect("an org");
    let url = format!("{}/oauth2/v1/token", okta.base_url());
    let answer = json(post_form(&url, &form()).await).await;
    assert_eq!(answer["error"], "invalid_client");
}

#[tokio::test]
async fn a_mounted_org_fetches_them_as_well() {
    let published = elsewhere(1).await;
    let server = MockServer::start().await;
    MockOkta::builder()
        .org_yaml("org.yaml", org(&format!("{}/keys", published.uri())))
        .mount_on(&server)
        .await
        .expect("an org");
    let url = format!("{}/oauth2/v1/token", server.uri());
    for _ in 0..2 {
        let answer = json(post_form(&url, &form()).await).await;
        assert_eq!(answer["error"], "invalid_client");
    }
    published.verify().await;
}
