//! Variations over HTTP: how answers travel, and how variations are switched from outside.

use std::io::Read as _;

use mock_okta::{MockOkta, Variation};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{client, header, send, sign_in};

const KEYS: &str = "/oauth2/v1/keys";

async fn org(variations: &[Variation]) -> MockOkta {
    let mut builder = MockOkta::builder();
    for one in variations {
        builder = builder.variation(*one);
    }
    builder.start().await.expect("an org")
}

/// All that comes back on a connection that asks for the keys and then waits for its end.
async fn raw(okta: &MockOkta, fields: &str) -> String {
    let mut stream = TcpStream::connect(okta.address())
        .await
        .expect("a connection");
    let request = format!("GET {KEYS} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn content_is_compressed_unless_the_client_rules_it_out() {
    let okta = org(&[Variation::Gzip]).await;
    let url = format!("{}{KEYS}", okta.base_url());
    let compressed = send(client().get(&url)).await;
    assert_eq!(header(&compressed, "content-encoding"), "gzip");
    let bytes = compressed.bytes().await.expect("content");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .expect("gzip");
    let plain = send(client().get(&url).header("accept-encoding", "identity")).await;
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(plain.text().await.expect("content"), text);
    let keys: Value = serde_json::from_str(&text).expect("JSON");
    assert!(keys["keys"][0]["kid"].is_string());
}

#[tokio::test]
async fn content_comes_in_chunks_and_the_connection_ends() {
    let okta = org(&[Variation::Chunked, Variation::Close, Variation::Reason]).await;
    // The stream ends by itself: that it is read to its end shows that it was closed.
    let answer = raw(&okta, "").await;
    assert!(
        answer.starts_with("HTTP/1.1 200 As You Like It\r\n"),
        "{answer}"
    );
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    assert!(body.starts_with("7\r\n{\"keys\"\r\n"), "{body}");
    assert!(body.ends_with("0\r\n\r\n"), "{body}");
}

#[tokio::test]
async fn an_org_without_variations_answers_as_usual() {
    let okta = org(&[]).await;
    let answer = raw(&okta, "Connection: close\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let head = answer.split_once("\r\n\r\n").expect("a head").0;
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-length: ") && !head.contains("content-encoding"));
}

#[tokio::test]
async fn they_are_switched_by_handle_and_over_http() {
    let okta = MockOkta::start().await.expect("an org");
    okta.set_variations([Variation::TokenTypeLower])
        .expect("one");
    let tokens = sign_in(okta.base_url(), "ada@example.com", "ada-likes-engines").await;
    assert_eq!(tokens["token_type"], "bearer");

    let control = format!("http://{}/_mock/variations", okta.address());
    let put = |on: Value| {
        let request = client()
            .put(&control)
            .header("content-type", "application/json");
        request.body(json!({ "on": on }).to_string())
    };
    let reply = send(put(json!(["vary/json-pretty"]))).await;
    let reply: Value = serde_json::from_str(&reply.text().await.expect("text")).expect("JSON");
    assert_eq!(reply["on"], json!(["vary/json-pretty"]));
    let refused = send(put(json!(["vary/json-pretty", "vary/json-spaced"]))).await;
    assert_eq!(refused.status().as_u16(), 400);

    let both = [Variation::JsonPretty, Variation::JsonSpaced];
    let conflict = okta.set_variations(both).expect_err("a conflict");
    assert!(conflict.to_string().contains("json-space"), "{conflict}");
}
