//! Start, stop, and what lies between.

use std::time::{Duration, Instant};

use mock_okta::{Edition, MockOkta, StartError};

use crate::client::{client, json, send};

#[tokio::test]
async fn an_org_answers_as_soon_as_it_has_started_and_no_longer_than_it_lives() {
    let okta = MockOkta::start().await.expect("an org");
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    assert_eq!(send(client().get(&keys)).await.status(), 200);
    okta.shutdown().await;
    assert!(client().get(&keys).send().await.is_err());
}

#[tokio::test]
async fn dropping_an_org_stops_it() {
    let okta = MockOkta::start().await.expect("an org");
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    let address = okta.address();
    drop(okta);
    // The threads end by themselves, a moment later.
    let deadline = Instant::now() + Duration::from_secs(5);
    while std::net::TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "still listening");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(client().get(&keys).send().await.is_err());
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_idle_connections() {
    let okta = MockOkta::start().await.expect("an org");
    let client = client();
    send(client.get(format!("{}/oauth2/v1/keys", okta.base_url()))).await;
    let begin = Instant::now();
    okta.shutdown().await;
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
}

/// Code that blocks its thread must not keep the org from answering it.
#[tokio::test(flavor = "current_thread")]
async fn a_client_that_blocks_is_answered() {
    use std::io::{Read as _, Write as _};
    let okta = MockOkta::start().await.expect("an org");
    let mut stream = std::net::TcpStream::connect(okta.address()).expect("a connection");
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn an_org_starts_without_any_runtime() {
    let okta = MockOkta::builder().start_blocking().expect("an org");
    assert!(std::net::TcpStream::connect(okta.address()).is_ok());
}

#[tokio::test]
async fn a_seed_fixes_the_keys_and_without_one_a_process_makes_them_once() {
    let keys = |okta: MockOkta| async move {
        let url = format!("{}/oauth2/v1/keys", okta.base_url());
        let keys = json(send(client().get(url)).await).await;
        (
            keys["keys"][0]["kid"].clone(),
            okta.private_jwk(crate::client::AGENT),
        )
    };
    let seeded = |seed| async move {
        let builder = MockOkta::builder().seed(seed);
        builder.start().await.expect("an org")
    };
    assert_eq!(keys(seeded(7).await).await, keys(seeded(7).await).await);
    assert_ne!(keys(seeded(7).await).await, keys(seeded(8).await).await);
    let fresh = || async { MockOkta::start().await.expect("an org") };
    assert_eq!(keys(fresh().await).await, keys(fresh().await).await);
    assert_ne!(keys(fresh().await).await, keys(seeded(7).await).await);
}

#[tokio::test]
async fn settings_that_cannot_be_are_reported_before_anything_listens() {
    let start = |builder: mock_okta::Builder| async { builder.start().await.expect_err("wrong") };
    let builder = MockOkta::builder;
    let report = [
        start(builder().org_yaml("org.yaml", "org: { id: x }\n")).await,
        start(builder().config_file("/nowhere/org.yaml")).await,
        start(builder().behaviour("actor_token", "perhaps")).await,
        start(builder().issuer("https://okta.test/")).await,
    ];
    assert!(report.iter().all(StartError::is_wrong_input), "{report:?}");
    let taken = MockOkta::start().await.expect("an org");
    let error = start(builder().port(taken.address().port())).await;
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
    assert!(!error.is_wrong_input());
}

#[tokio::test]
async fn behind_a_proxy_the_issuer_is_the_one_given() {
    let okta = MockOkta::builder()
        .issuer("https://okta.test")
        .edition(Edition::E2025_10)
        .start()
        .await
        .expect("an org");
    let url = format!("http://{}/.well-known/openid-configuration", okta.address());
    let metadata = json(send(client().get(url)).await).await;
    assert_eq!(metadata["issuer"], "https://okta.test");
    assert_eq!(
        metadata["token_endpoint"],
        "https://okta.test/oauth2/v1/token"
    );
    assert_eq!(
        okta.issuer_of("default").as_deref(),
        Some("https://okta.test/oauth2/default")
    );
    assert_eq!(okta.issuer_of("nobody"), None);
}
