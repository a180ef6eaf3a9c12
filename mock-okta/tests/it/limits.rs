//! Clients that send too much, too slowly, or nonsense. Each is answered or cut, and the next one is served.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use mock_okta::MockOkta;

use crate::client::{client, send};

/// How long a slow client is waited for in these tests.
const PATIENCE: Duration = Duration::from_millis(300);

/// Longer than any answer should take, shorter than a test should.
const TOO_LONG: Duration = Duration::from_secs(10);

const FINE: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

fn org() -> MockOkta {
    MockOkta::builder()
        .patience(PATIENCE)
        .start_blocking()
        .expect("an org")
}

fn connect(okta: &MockOkta) -> TcpStream {
    let stream = TcpStream::connect(okta.address()).expect("a connection");
    let limit = Some(TOO_LONG);
    stream.set_read_timeout(limit).expect("a timeout");
    stream.set_write_timeout(limit).expect("a timeout");
    stream
}

/// Everything that comes back until the connection ends, which it must do in time.
fn rest(stream: &mut TcpStream) -> String {
    let begun = Instant::now();
    let mut answer = Vec::new();
    // A connection that is cut has said all it will say.
    let _ = stream.read_to_end(&mut answer);
    assert!(begun.elapsed() < TOO_LONG, "the connection was left open");
    String::from_utf8_lossy(&answer).into_owned()
}

fn raw(okta: &MockOkta, request: &[u8]) -> String {
    let mut stream = connect(okta);
    // The org may cut it while it still sends.
    let _ = stream.write_all(request);
    rest(&mut stream)
}

/// The next client is served as if nothing had happened.
fn is_well(okta: &MockOkta) {
    let fine = raw(okta, FINE);
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
}

/// A token request whose head says how long its body is.
fn post(length: impl std::fmt::Display, body: &str) -> Vec<u8> {
    format!(
        "POST /oauth2/v1/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let okta = MockOkta::start().await.expect("an org");
    let post = |path: &str, bytes: usize| {
        let url = format!("{}{path}", okta.base_url());
        let request = client().post(url).header("x-mock-okta-control", "1");
        request.body(vec![b'a'; bytes])
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
    let okta = org();
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    assert!(raw(&okta, long.as_bytes()).starts_with("HTTP/1.1 431"));
    let fields = "x-y: z\r\n".repeat(200);
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{fields}\r\n");
    assert!(raw(&okta, many.as_bytes()).starts_with("HTTP/1.1 431"));
    let target = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(200_000));
    let answer = raw(&okta, target.as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    is_well(&okta);
}

#[test]
fn a_head_that_does_not_end_is_not_waited_for() {
    let okta = org();
    for begun in ["", "G", "GET / HTTP/1.1\r\nhost: x\r\n", "\r\n\r\n"] {
        let answer = raw(&okta, begun.as_bytes());
        assert!(!answer.contains(" 200 "), "{begun:?}: {answer}");
    }
    is_well(&okta);
}

#[test]
fn a_body_that_does_not_come_is_answered_with_408() {
    let okta = org();
    let answer = raw(&okta, &post(100, "grant_type="));
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    // A byte now and then buys no more time.
    let mut stream = connect(&okta);
    stream.write_all(&post(10_000, "")).expect("sent");
    let begun = Instant::now();
    while stream.write_all(b"a").is_ok() && begun.elapsed() < TOO_LONG {
        std::thread::sleep(PATIENCE / 10);
    }
    assert!(
        begun.elapsed() < TOO_LONG,
        "drops of a body were taken for ever"
    );
    is_well(&okta);
}

#[test]
fn a_client_that_never_reads_is_cut() {
    let okta = org();
    let mut stream = connect(&okta);
    let ask = b"GET /.well-known/openid-configuration HTTP/1.1\r\nhost: x\r\n\r\n".repeat(64);
    let begun = Instant::now();
    while stream.write_all(&ask).is_ok() {
        assert!(
            begun.elapsed() < 3 * TOO_LONG,
            "it was served without reading"
        );
    }
    is_well(&okta);
}

#[test]
fn what_is_no_http_is_refused_and_harms_nobody() {
    let okta = org();
    for nonsense in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..],
        b"HELO there\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: x\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: a\0b\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = raw(&okta, nonsense);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{nonsense:?}: {answer}"
        );
    }
    is_well(&okta);
}

#[test]
fn lengths_that_contradict_each_other_are_refused() {
    let okta = org();
    let head = "POST /oauth2/v1/token HTTP/1.1\r\nhost: x\r\n";
    for lengths in [
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: -1\r\n",
        "content-length: 99999999999999999999999\r\n",
        "content-length: four\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "transfer-encoding: gzip\r\n",
    ] {
        let answer = raw(&okta, format!("{head}{lengths}\r\na=b&").as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{lengths}: {answer}"
        );
    }
    // A length that is announced but never sent takes no memory and no more time than any other.
    let answer = raw(&okta, &post(u64::MAX, "a=b"));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
    let broken_chunk = format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n");
    let answer = raw(&okta, broken_chunk.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    is_well(&okta);
}

#[test]
fn junk_behind_a_request_does_not_reach_the_next_one() {
    let okta = org();
    let junk = "\0\u{1}\u{2}junk that is no request\r\n\r\n";
    let mut request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec();
    request.extend_from_slice(junk.as_bytes());
    let answer = raw(&okta, &request);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 1, "{answer}");

    // Many at once on one connection are answered in their order, each for itself.
    let mut many = b"GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20);
    many.extend_from_slice(FINE);
    let answer = raw(&okta, &many);
    assert_eq!(answer.matches("HTTP/1.1 404").count(), 20);
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 1);
    is_well(&okta);
}

#[test]
fn a_client_that_goes_away_is_forgotten() {
    let okta = org();
    for sent in [&post(100, "grant_type=")[..], FINE, b"GET /"] {
        for _ in 0..50 {
            let mut stream = connect(&okta);
            let _ = stream.write_all(sent);
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
    is_well(&okta);
}

#[test]
fn forms_and_fields_that_are_no_utf_8_are_refused_as_requests() {
    let okta = org();
    let body = b"grant_type=\xff\xfe&client_id=%ff%00";
    let mut request = post(body.len(), "");
    request.extend_from_slice(body);
    let answer = raw(&okta, &request);
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    for field in [
        &b"authorization: Basic \xff\xfe"[..],
        b"cookie: sid=\xff",
        b"accept: \xff",
    ] {
        let mut request = b"GET /oauth2/v1/userinfo HTTP/1.1\r\nhost: x\r\n".to_vec();
        request.extend_from_slice(field);
        request.extend_from_slice(b"\r\nconnection: close\r\n\r\n");
        let answer = raw(&okta, &request);
        assert!(answer.starts_with("HTTP/1.1 4"), "{field:?}: {answer}");
    }
    is_well(&okta);
}
