//! Messages that are not as RFC 9110 and RFC 9112 have them: each is answered with the status for it, and ends nothing but
//! its own connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use mock_okta::MockOkta;

fn org() -> MockOkta {
    let org = MockOkta::builder().patience(Duration::from_secs(2));
    org.keys_ahead(false).start_blocking().expect("an org")
}

/// Everything that comes back until the connection ends.
fn raw(okta: &MockOkta, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(okta.address()).expect("a connection");
    let limit = Some(Duration::from_secs(20));
    stream.set_read_timeout(limit).expect("a timeout");
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(okta: &MockOkta, request: &str) -> u16 {
    let answer = raw(okta, request.as_bytes());
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer to {request:?}: {answer:?}"))
}

const POST: &str = "POST /oauth2/v1/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                    content-type: application/x-www-form-urlencoded\r\n";

#[test]
fn broken_chunking_is_a_bad_request() {
    let okta = org();
    let head = format!("{POST}transfer-encoding: chunked\r\n\r\n");
    for chunks in [
        "zz\r\nab\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "ffffffffffffffffffff\r\na\r\n",
        "1 1\r\na\r\n0\r\n\r\n",
    ] {
        assert_eq!(status(&okta, &format!("{head}{chunks}")), 400, "{chunks:?}");
    }
    // The same bytes in whole chunks are a request like any other: of this one the grant is missing.
    let whole = format!("{head}3\r\na=b\r\n0\r\n\r\n");
    let answer = raw(&okta, whole.as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 4") && answer.contains("\"error\""),
        "{answer}"
    );
}

#[test]
fn too_many_chunks_are_too_large_and_not_a_bad_request() {
    let okta = org();
    let mut request = format!("{POST}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..17 {
        request.extend_from_slice(b"10000\r\n");
        request.extend_from_slice(&vec![b'a'; 0x10000]);
        request.extend_from_slice(b"\r\n");
    }
    let answer = raw(&okta, &request);
    // The org does not read to the end, so the client may be cut before it has read the answer.
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
}

#[test]
fn a_head_of_ninety_thousand_bytes_is_too_large() {
    let okta = org();
    let request = |bytes: usize| {
        let head = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: ";
        let rest = bytes - "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: \r\n".len();
        format!("{head}{}\r\n\r\n", "a".repeat(rest))
    };
    assert_eq!(status(&okta, &request(90_000)), 431);
    assert_eq!(status(&okta, &request(64 * 1024 + 1)), 431);
    assert_eq!(status(&okta, &request(64 * 1024)), 200);
    let target = format!(
        "GET /{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "a".repeat(65_000)
    );
    assert_eq!(status(&okta, &target), 404);
}

#[test]
fn a_request_names_exactly_one_host() {
    let okta = org();
    for fields in [
        "",
        "host: x\r\nhost: x\r\n",
        "host: x\r\nhost: y\r\n",
        "host: x/y\r\n",
        "host: x@y\r\n",
        "host: x y\r\n",
        "host: x:port\r\n",
        "host: [::1\r\n",
    ] {
        let request = format!("GET / HTTP/1.1\r\n{fields}connection: close\r\n\r\n");
        assert_eq!(status(&okta, &request), 400, "{fields:?}");
    }
    // RFC 9112 §3.2 asks it of HTTP/1.1 alone.
    assert_eq!(status(&okta, "GET / HTTP/1.0\r\n\r\n"), 200);
}

#[test]
fn lengths_beside_chunks_are_a_bad_request_or_end_the_connection() {
    let okta = org();
    let smuggled = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    let chunked = "0\r\n\r\n";
    for lengths in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
    ] {
        let head = POST.replace("connection: close\r\n", "");
        let answer = raw(
            &okta,
            format!("{head}{lengths}\r\n{chunked}{smuggled}").as_bytes(),
        );
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(
            answer.to_ascii_lowercase().contains("connection: close"),
            "{answer}"
        );
    }
    let paths: Vec<String> = okta.journal().into_iter().map(|entry| entry.path).collect();
    assert!(paths.iter().all(|path| path != "/smuggled"), "{paths:?}");
}

#[test]
fn fields_that_have_one_value_are_sent_once() {
    let okta = org();
    for field in [
        "content-type: application/json\r\n",
        "authorization: Basic eDp5\r\nauthorization: Basic eDp6\r\n",
    ] {
        let request = format!("{POST}{field}content-length: 3\r\n\r\na=b");
        assert_eq!(status(&okta, &request), 400, "{field}");
    }
}

#[test]
fn a_target_in_absolute_form_is_served_as_its_path() {
    let okta = org();
    let request = "GET http://anywhere.example/oauth2/v1/keys HTTP/1.1\r\nhost: anywhere.example\r\nconnection: close\r\n\r\n";
    assert_eq!(status(&okta, request), 200);
    let connect = "CONNECT localhost:1 HTTP/1.1\r\nhost: localhost:1\r\nconnection: close\r\n\r\n";
    assert!(status(&okta, connect) >= 400);
    let star = "OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert!(status(&okta, star) >= 400);
}

#[test]
fn content_of_a_get_does_not_stand_in_for_its_query() {
    let okta = org();
    // Read as a form it would send the browser to an address of the form's choice.
    let form = "client_id=0oawebapp00000000001&post_logout_redirect_uri=http://localhost:8787/";
    let request = format!(
        "GET /oauth2/v1/logout HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    assert_eq!(status(&okta, &request), 200);
    let post = request.replacen("GET", "POST", 1);
    assert_eq!(status(&okta, &post), 302);
}
