//! Clients that dawdle in a handshake or on a connection of HTTP/2. Each is answered or cut, and the next one is served.

use std::sync::Arc;
use std::time::{Duration, Instant};

use h2::client::SendRequest;
use mock_okta::{MockOkta, http};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::send;
use crate::tls::{org, trusting, trusting_client};

/// How long a slow client is waited for in these tests.
const PATIENCE: Duration = Duration::from_millis(300);

/// Longer than any answer should take, shorter than a test should.
const TOO_LONG: Duration = Duration::from_secs(10);

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An empty SETTINGS frame.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

fn impatient() -> MockOkta {
    org(MockOkta::builder().patience(PATIENCE))
}

async fn connect(okta: &MockOkta) -> TlsStream<TcpStream> {
    let ca = CertificateDer::from_pem_slice(okta.ca_pem().expect("an authority").as_bytes());
    let mut roots = RootCertStore::empty();
    roots.add(ca.expect("a certificate")).expect("trusted");
    let provider = Arc::new(default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(okta.address())
        .await
        .expect("a connection");
    let name = ServerName::try_from("localhost").expect("a name");
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.expect("a handshake")
}

/// A client of HTTP/2 that allows the org to send so many bytes of each answer.
async fn h2_client(
    okta: &MockOkta,
    window: u32,
) -> (SendRequest<bytes::Bytes>, tokio::task::JoinHandle<()>) {
    let stream = connect(okta).await;
    let (client, connection) = h2::client::Builder::new()
        .initial_window_size(window)
        .handshake(stream)
        .await
        .expect("HTTP/2");
    let connection = tokio::spawn(async move { drop(connection.await) });
    (client, connection)
}

/// Reads until the connection ends, which it must do in time.
async fn is_cut(mut stream: impl tokio::io::AsyncRead + Unpin) {
    let begun = Instant::now();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(TOO_LONG, stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection was left open");
    assert!(
        begun.elapsed() >= PATIENCE / 2,
        "it was not waited for at all"
    );
}

async fn is_well(okta: &MockOkta) {
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    assert_eq!(send(trusting_client(okta).get(keys)).await.status(), 200);
}

#[tokio::test]
async fn a_handshake_that_does_not_go_on_is_not_waited_for() {
    let okta = impatient();
    for begun in [
        &b""[..],
        b"\x16",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut stream = TcpStream::connect(okta.address())
            .await
            .expect("a connection");
        stream.write_all(begun).await.expect("sent");
        is_cut(stream).await;
    }
    is_well(&okta).await;
}

#[tokio::test]
async fn what_is_neither_tls_nor_http_is_cut() {
    let okta = impatient();
    for nonsense in [
        &b"\0\0\0\0"[..],
        b"\x80\x2e\x01",
        b"\x16\x03\x01\x00\x05hello",
        b"get / http",
    ] {
        let mut stream = TcpStream::connect(okta.address())
            .await
            .expect("a connection");
        stream.write_all(nonsense).await.expect("sent");
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(TOO_LONG, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{nonsense:?}");
        assert!(rest.len() < 20, "an alert at most: {rest:?}");
    }
    is_well(&okta).await;
}

#[tokio::test]
async fn a_connection_of_http_2_that_asks_nothing_ends() {
    let okta = impatient();
    // A request whose head does not end: HEADERS for stream 1 without END_HEADERS.
    let unfinished: &[u8] = &[0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82];
    for sent in [
        &[][..],
        &[PREFACE],
        &[PREFACE, SETTINGS],
        &[PREFACE, SETTINGS, unfinished],
    ] {
        let mut stream = connect(&okta).await;
        stream.write_all(&sent.concat()).await.expect("sent");
        stream.flush().await.expect("sent");
        is_cut(stream).await;
    }
    is_well(&okta).await;
}

#[tokio::test]
async fn an_answer_that_is_never_taken_ends_its_connection() {
    let okta = impatient();
    let (mut client, connection) = h2_client(&okta, 0).await;
    let request = http::Request::get("https://localhost/.well-known/openid-configuration");
    let (response, _) = client
        .send_request(request.body(()).expect("a request"), true)
        .expect("sent");
    let response = response.await.expect("a head");
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    // It takes nothing, and sees the connection end.
    let begun = Instant::now();
    let end = tokio::time::timeout(TOO_LONG, body.data()).await;
    let data = end.expect("the connection was left open");
    assert!(!matches!(data, Some(Ok(_))), "{data:?}");
    assert!(begun.elapsed() >= PATIENCE / 2);
    connection.await.expect("the end");
    is_well(&okta).await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_with_408() {
    let okta = impatient();
    let (mut client, _connection) = h2_client(&okta, 65_535).await;
    let request = http::Request::post("https://localhost/oauth2/v1/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let (response, mut body) = client
        .send_request(request.body(()).expect("a request"), false)
        .expect("sent");
    body.send_data("grant_type=".into(), false).expect("sent");
    assert_eq!(response.await.expect("an answer").status(), 408);
    is_well(&okta).await;
}

#[tokio::test]
async fn heads_and_bodies_have_the_limits_of_http_1_1() {
    let okta = org(MockOkta::builder());
    let url = format!("{}/oauth2/v1/token", okta.base_url());
    let client = trusting_client(&okta);
    for bytes in [70_000, 200_000] {
        let long = client
            .get(&url)
            .header("x-long", "a".repeat(bytes))
            .send()
            .await;
        if let Ok(response) = long {
            assert_eq!(response.status(), 431);
        }
    }
    let many = (0..200).fold(client.get(&url), |request, number| {
        request.header(format!("x-{number}"), "y")
    });
    assert_eq!(send(many).await.status(), 431);
    let large = client
        .post(&url)
        .body(vec![b'a'; 2 * 1024 * 1024])
        .send()
        .await;
    if let Ok(response) = large {
        assert_eq!(response.status(), 413);
    }
    let most = send(client.post(&url).body(vec![b'a'; 1024 * 1024]))
        .await
        .status();
    assert!((400..413).contains(&most.as_u16()), "{most}");
    is_well(&okta).await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    let okta = org(MockOkta::builder());
    let (mut client, _connection) = h2_client(&okta, 65_535).await;
    let mut status = async |uri: &str, host: Option<&str>| {
        let mut request = http::Request::get(uri);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let request = request.body(()).expect("a request");
        let (response, _) = client.send_request(request, true).expect("sent");
        response
            .await
            .map_or(0, |response| response.status().as_u16())
    };
    let keys = "https://localhost/oauth2/v1/keys";
    assert_eq!(status(keys, None).await, 200);
    assert_eq!(status(keys, Some("localhost")).await, 200);
    assert_eq!(status(keys, Some("evil.example")).await, 400);
    let health = |host: &str| format!("https://{host}/_mock/health");
    assert_eq!(status(&health("localhost"), None).await, 200);
    assert_eq!(status(&health("evil.example"), None).await, 403);
}

/// Beyond as many requests as the org reads at once the next ones are refused, whoever sends them.
#[tokio::test]
async fn many_streams_take_no_more_memory_than_many_connections() {
    let okta = org(MockOkta::builder().patience(Duration::from_secs(5)));
    let mut connections = Vec::new();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..36 {
        let (client, connection) = h2_client(&okta, 65_535).await;
        for _ in 0..64 {
            let mut client = client.clone().ready().await.expect("a stream");
            let request = http::Request::post("https://localhost/oauth2/v1/token");
            let request = request.body(()).expect("a request");
            let (response, body) = client.send_request(request, false).expect("sent");
            waiting.spawn(async move {
                let status = response.await.map(|response| response.status().as_u16());
                drop(body);
                status.unwrap_or(0)
            });
        }
        connections.push(connection);
    }
    let mut statuses = std::collections::BTreeMap::new();
    while let Some(status) = waiting.join_next().await {
        *statuses.entry(status.expect("an answer")).or_insert(0) += 1;
    }
    assert_eq!(statuses.get(&503), Some(&(36 * 64 - 2048)), "{statuses:?}");
    assert_eq!(statuses.get(&408), Some(&2048), "{statuses:?}");
    is_well(&okta).await;
}

#[tokio::test]
async fn a_client_that_goes_away_in_a_handshake_or_later_is_forgotten() {
    let okta = impatient();
    for _ in 0..20 {
        drop(
            TcpStream::connect(okta.address())
                .await
                .expect("a connection"),
        );
        drop(connect(&okta).await);
        let client = trusting(&okta).http1_only().build().expect("a client");
        drop(client.get(okta.base_url()).send().await);
    }
    is_well(&okta).await;
}
