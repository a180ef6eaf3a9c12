//! A client with one connection that it keeps, and nothing else: the bench measures an org, and its client runs on
//! the same cores. It waits for each answer on a thread of its own, as eight programs would.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use http::{HeaderMap, HeaderName, HeaderValue, Response, header};

/// A connection to an org.
pub struct Client {
    host: String,
    stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    /// Connects to where an org listens, `http://host:port`.
    pub fn connect(base_url: &str) -> Self {
        let host = base_url.strip_prefix("http://").expect("plain HTTP");
        let stream = TcpStream::connect(host).expect("somebody listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            host: host.to_owned(),
            stream,
            received: Vec::new(),
        }
    }

    /// Asks for a page of the org, by its path or by its whole address.
    pub fn get(&mut self, address: &str, cookie: &str) -> Response<Vec<u8>> {
        let host = &self.host;
        self.send(&format!(
            "GET {address} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n"
        ))
    }

    /// Posts a form.
    pub fn post(&mut self, address: &str, form: &str) -> Response<Vec<u8>> {
        let (host, length) = (&self.host, form.len());
        self.send(&format!(
            "POST {address} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {length}\r\n\r\n{form}"
        ))
    }

    fn send(&mut self, request: &str) -> Response<Vec<u8>> {
        self.stream
            .write_all(request.as_bytes())
            .expect("it is sent");
        self.received.clear();
        let end = loop {
            self.receive();
            if let Some(end) = end_of_head(&self.received) {
                break end;
            }
        };
        let head = std::str::from_utf8(&self.received[..end]).expect("text");
        let headers = fields(head);
        let length = headers.get(header::CONTENT_LENGTH);
        let length = length.map_or(0, |length| {
            length
                .to_str()
                .ok()
                .and_then(|length| length.parse().ok())
                .expect("a length")
        });
        while self.received.len() < end + length {
            self.receive();
        }
        let mut answer = Response::new(self.received[end..].to_vec());
        *answer.headers_mut() = headers;
        answer
    }

    fn receive(&mut self) {
        let mut part = [0; 16 * 1024];
        let read = self.stream.read(&mut part).expect("an answer");
        assert!(read > 0, "the connection is kept");
        self.received.extend_from_slice(&part[..read]);
    }
}

fn end_of_head(received: &[u8]) -> Option<usize> {
    let blank = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(blank + 4)
}

fn fields(head: &str) -> HeaderMap {
    let lines = head.lines().skip(1);
    let pairs = lines.filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, value)| {
            let name = HeaderName::try_from(name).expect("a name");
            (name, HeaderValue::try_from(value).expect("a value"))
        })
        .collect()
}
