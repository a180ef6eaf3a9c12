//! A client of few words: it writes the bytes that it is given and reads what comes back. Many requests travel on one
//! connection, so that the server is what a test measures.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The status line and the fields.
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// A field of the head.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// What stands between a text and the next `&`, quote or end of a line.
    pub(super) fn after(&self, start: &str) -> Option<String> {
        let places = [self.head.as_str(), self.body.as_str()];
        let rest = places
            .iter()
            .find_map(|text| Some(text.split_once(start)?.1))?;
        let end = rest.find(['&', '"', '\r', '\n', ';']);
        Some(rest[..end.unwrap_or(rest.len())].to_owned())
    }
}

/// A connection that stays open.
#[derive(Debug)]
pub(super) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(super) fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        let limit = Some(Duration::from_mins(1));
        stream.set_read_timeout(limit).expect("a timeout");
        stream.set_write_timeout(limit).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Self(BufReader::new(stream))
    }

    /// One request, one answer.
    pub(super) fn ask(&mut self, request: &[u8]) -> Answer {
        self.write(request);
        self.read()
    }

    pub(super) fn write(&mut self, requests: &[u8]) {
        self.0.get_mut().write_all(requests).expect("written");
    }

    /// The next answer.
    pub(super) fn read(&mut self) -> Answer {
        let mut head = String::new();
        loop {
            let before = head.len();
            self.0.read_line(&mut head).expect("a line");
            assert!(head.len() > before, "the connection ended: {head:?}");
            if &head[before..] == "\r\n" {
                break;
            }
        }
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let mut answer = Answer {
            status: status.expect("a status"),
            head,
            body: String::new(),
        };
        let length = answer.field("content-length").map_or("0", |length| length);
        let mut body = vec![0; length.parse().expect("a length")];
        self.0.read_exact(&mut body).expect("a body");
        answer.body = String::from_utf8_lossy(&body).into_owned();
        answer
    }
}

/// A GET with fields of one's own, each with its line break.
pub(super) fn get(target: &str, fields: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n").into_bytes()
}

/// A form that is posted.
pub(super) fn post(target: &str, fields: &str, form: &str) -> Vec<u8> {
    format!(
        "POST {target} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n{fields}\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// base64url without padding.
pub(super) fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
