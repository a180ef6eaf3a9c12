//! An org that speaks https: versions, names, the typed API, and who may control it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::Version;
use mock_okta::{Builder, MockOkta, http};
use reqwest::{Certificate, Client, ClientBuilder, tls};

use crate::client::{client, header, json, send};

pub(crate) fn org(builder: Builder) -> MockOkta {
    let started = builder.tls().start_blocking();
    started.unwrap_or_else(|error| panic!("{error}"))
}

/// A client that trusts the org's authority.
pub(crate) fn trusting(okta: &MockOkta) -> ClientBuilder {
    let ca = okta.ca_pem().expect("an authority");
    let ca = Certificate::from_pem(ca.as_bytes()).expect("a certificate");
    Client::builder()
        .tls_certs_only([ca])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
}

pub(crate) fn trusting_client(okta: &MockOkta) -> Client {
    trusting(okta).build().expect("a client")
}

#[tokio::test]
async fn each_version_of_http_and_of_tls_is_spoken() {
    let okta = org(MockOkta::builder());
    assert!(okta.base_url().starts_with("https://127.0.0.1:"));
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    let old = |builder: ClientBuilder| builder.tls_version_max(tls::Version::TLS_1_2);
    for (builder, version) in [
        (trusting(&okta), Version::HTTP_2),
        (trusting(&okta).http1_only(), Version::HTTP_11),
        (old(trusting(&okta)), Version::HTTP_2),
        (old(trusting(&okta).http1_only()), Version::HTTP_11),
    ] {
        let response = send(builder.build().expect("a client").get(&keys)).await;
        assert_eq!(
            (response.status().as_u16(), response.version()),
            (200, version)
        );
        let keys = json(response).await;
        assert!(keys["keys"][0]["kid"].is_string(), "{keys}");
    }
    let nothing_known = client().get(&keys).send().await;
    assert!(nothing_known.is_err(), "nobody trusts it by itself");
}

#[tokio::test]
async fn an_org_that_speaks_http_has_no_certificate() {
    let okta = MockOkta::start().await.expect("an org");
    assert!(okta.ca_pem().is_none() && okta.tls_identity().is_none());
    assert!(!okta.target_file().contains("BEGIN CERTIFICATE"));
}

#[tokio::test]
async fn the_certificate_is_for_the_issuer_and_for_this_machine() {
    let okta = org(MockOkta::builder().issuer("https://okta.test"));
    let address = okta.address();
    let client = trusting(&okta)
        .resolve("okta.test", address)
        .resolve("other.test", address)
        .build()
        .expect("a client");
    let port = address.port();
    for host in ["okta.test", "localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{port}/.well-known/openid-configuration");
        let metadata = json(send(client.get(url)).await).await;
        assert_eq!(metadata["issuer"], "https://okta.test", "{host}");
    }
    let other = client
        .get(format!("https://other.test:{port}/"))
        .send()
        .await;
    let error = format!("{:?}", other.expect_err("another name"));
    assert!(error.contains("NotValidForName"), "{error}");
}

#[test]
fn an_issuer_with_http_contradicts_an_org_that_speaks_https() {
    let builder = MockOkta::builder().tls().issuer("http://localhost:7070");
    let error = builder.start_blocking().expect_err("a contradiction");
    assert!(error.is_wrong_input());
    assert!(
        error
            .to_string()
            .ends_with("the org speaks https, so its issuer begins with https://"),
        "{error}"
    );
}

#[tokio::test]
async fn the_typed_api_works() {
    let okta = MockOkta::builder().tls().start().await.expect("an org");
    let tokens = okta.sign_in("ada").await.expect("tokens");
    assert_eq!(tokens.claims()["iss"], okta.issuer());
    let token = okta
        .access_token_for("ada", "agent", "custom_as", &["chat.read"])
        .await
        .expect("a token");
    let chat = trusting_client(&okta).get(format!("{}/resources/chat", okta.base_url()));
    assert_eq!(send(chat.bearer_auth(token)).await.status(), 200);
    let ca = okta.ca_pem().expect("an authority");
    let first_line = ca.lines().nth(1).expect("a line");
    assert!(
        okta.target_file().contains(first_line),
        "the target file names it"
    );
}

#[tokio::test]
async fn a_browser_keeps_its_session_over_https() {
    let okta = org(MockOkta::builder());
    let base = okta.base_url();
    let page = format!(
        "{base}/oauth2/v1/authorize?client_id={}&response_type=code&scope=openid&state=s&nonce=n\
         &redirect_uri=http://localhost:8787/callback&code_challenge={}&code_challenge_method=S256",
        crate::client::WEB_APP,
        crate::client::CHALLENGE
    );
    let client = trusting_client(&okta);
    let to_page = header(&send(client.get(&page)).await, "location");
    assert!(to_page.starts_with(base), "{to_page}");
    let form = client
        .post(to_page)
        .body("username=ada%40example.com&password=ada-likes-engines");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let response = send(form).await;
    let cookie = header(&response, "set-cookie");
    assert!(cookie.contains("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap_or_default();
    // A browser sends each cookie in a field of its own over HTTP/2 (RFC 9113 §8.2.3).
    let resume = client.get(header(&response, "location"));
    let resume = resume
        .header("cookie", "theme=dark")
        .header("cookie", cookie);
    let back = header(&send(resume).await, "location");
    assert!(
        back.starts_with("http://localhost:8787/callback?code="),
        "{back}"
    );
}

#[tokio::test]
async fn test_control_knows_its_own_pages_by_https() {
    let okta = org(MockOkta::builder());
    let port = okta.address().port();
    for client in [
        trusting_client(&okta),
        trusting(&okta).http1_only().build().expect("a client"),
    ] {
        for (origin, status) in [
            (okta.base_url().to_owned(), 204),
            (format!("https://localhost:{port}"), 204),
            (format!("http://localhost:{port}"), 403),
            ("https://evil.example".to_owned(), 403),
        ] {
            let reset = client.post(format!("https://localhost:{port}/_mock/reset"));
            let reset = reset
                .header("x-mock-okta-control", "1")
                .header("origin", &origin);
            assert_eq!(send(reset).await.status().as_u16(), status, "{origin}");
        }
    }
    let client = trusting(&okta).resolve("localhost.evil.example", okta.address());
    let rebound = client
        .danger_accept_invalid_hostnames(true)
        .build()
        .expect("a client");
    let health = rebound.get(format!(
        "https://localhost.evil.example:{port}/_mock/health"
    ));
    assert_eq!(send(health).await.status(), 403);
}

#[test]
fn a_client_of_plain_http_is_told_its_mistake() {
    let okta = org(MockOkta::builder());
    for request in [
        &b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"[..],
        b"POST /oauth2/v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na=b",
        b"G",
    ] {
        let mut stream = TcpStream::connect(okta.address()).expect("a connection");
        stream.write_all(request).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("this org speaks https"), "{answer}");
    }
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_idle_connections_of_either_version() {
    for http1 in [false, true] {
        let okta = org(MockOkta::builder());
        let builder = trusting(&okta);
        let builder = if http1 { builder.http1_only() } else { builder };
        let client = builder.build().expect("a client");
        send(client.get(format!("{}/oauth2/v1/keys", okta.base_url()))).await;
        let silent = TcpStream::connect(okta.address()).expect("a connection");
        let begun = Instant::now();
        okta.shutdown().await;
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
        drop(silent);
    }
}
