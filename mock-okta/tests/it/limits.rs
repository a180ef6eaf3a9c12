//! Clients that send too much.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use mock_okta::MockOkta;

use crate::client::{client, send};

fn raw(okta: &MockOkta, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(okta.address()).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    stream.write_all(request).expect("sent");
    let mut answer = Vec::new();
    // A connection that is cut has said all it will say.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let okta = MockOkta::start().await.expect("an org");
    let post = |path: &str, bytes: usize| {
        let url = format!("{}{path}", okta.base_url());
        client().post(url).body(vec![b'a'; bytes])
    };
    for path in ["/oauth2/v1/token", "/_mock/reset"] {
        let response = post(path, 2 * 1024 * 1024).send().await;
        // The server does not wait for the rest, so the client may be cut while it still sends.
        if let Ok(response) = response {
            assert_eq!(response.status().as_u16(), 413, "{path}");
        }
    }
    let status = send(post("/oauth2/v1/token", 1024 * 1024))
        .await
        .status()
        .as_u16();
    assert!((400..413).contains(&status), "{status}");
}

#[test]
fn a_head_has_a_limit() {
    let okta = MockOkta::builder().start_blocking().expect("an org");
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    assert!(raw(&okta, long.as_bytes()).starts_with("HTTP/1.1 431"));
    let fields = "x-y: z\r\n".repeat(200);
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{fields}\r\n");
    assert!(raw(&okta, many.as_bytes()).starts_with("HTTP/1.1 431"));
}

#[test]
fn what_is_no_http_is_refused_and_harms_nobody() {
    let okta = MockOkta::builder().start_blocking().expect("an org");
    for nonsense in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..],
        b"HELO there\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = raw(&okta, nonsense);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
    }
    let fine = raw(
        &okta,
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
}
