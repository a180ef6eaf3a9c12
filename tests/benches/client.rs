//! A client with one connection that it keeps, and nothing else: the bench measures an org, and its client runs on
//! the same cores.

use std::future::poll_fn;
use std::pin::Pin;

use http::{Request, Response, header, request};
use hyper::body::Body as _;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection to an org.
pub struct Client {
    host: String,
    connection: SendRequest<String>,
}

impl Client {
    /// Connects to where an org listens, `http://host:port`.
    pub async fn connect(base_url: &str) -> Self {
        let host = base_url.strip_prefix("http://").expect("plain HTTP");
        let stream = TcpStream::connect(host).await.expect("somebody listens");
        stream.set_nodelay(true).expect("a socket");
        let (connection, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .expect("a connection");
        tokio::spawn(driver);
        Self {
            host: host.to_owned(),
            connection,
        }
    }

    /// Asks for a page of the org, by its path or by its whole address.
    pub async fn get(&mut self, address: &str, cookie: &str) -> Response<Vec<u8>> {
        let request = Request::get(address).header(header::COOKIE, cookie);
        self.send(request, String::new()).await
    }

    /// Posts a form.
    pub async fn post(&mut self, address: &str, form: String) -> Response<Vec<u8>> {
        let media_type = "application/x-www-form-urlencoded";
        let request = Request::post(address).header(header::CONTENT_TYPE, media_type);
        self.send(request, form).await
    }

    async fn send(&mut self, request: request::Builder, body: String) -> Response<Vec<u8>> {
        let request = request
            .header(header::HOST, &self.host)
            .body(body)
            .expect("a request");
        self.connection.ready().await.expect("a kept connection");
        let answer = self.connection.send_request(request);
        let (head, mut body) = answer.await.expect("an answer").into_parts();
        let mut whole = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            if let Ok(bytes) = frame.expect("a whole answer").into_data() {
                whole.extend_from_slice(&bytes);
            }
        }
        Response::from_parts(head, whole)
    }
}
