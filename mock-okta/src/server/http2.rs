//! Connections of HTTP/2, with the limits that those of HTTP/1.1 have: a client that idles, sends slowly or does not take its
//! answers ends as it would there, and many streams take no more memory than many connections.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use http::header::{COOKIE, HOST};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep_until, timeout};

use super::streams::{Judgement, Paced, Streams};
use super::wire::{Ending, Wire};
use super::{Patience, limits, until};

/// Requests of HTTP/2 at once on one connection.
const STREAMS: u32 = 64;

/// Requests of HTTP/2 at once in all: as many as there would be connections without it, and as many again.
const REQUESTS: usize = 2 * limits::CONNECTIONS;

/// Bytes that a client may send of one body before they are read.
const STREAM_WINDOW: u32 = 64 * 1024;

/// The same of all bodies of a connection.
const CONNECTION_WINDOW: u32 = 256 * 1024;

/// Bytes of an answer that wait for the client to take them.
const SEND_BUFFER: usize = 64 * 1024;

/// Places for requests of HTTP/2. Cheap to clone; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Requests(Arc<Semaphore>);

impl Requests {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(REQUESTS)))
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

/// Serves one connection.
pub(super) async fn http2<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    wire: &Wire,
    router: Router,
    requests: Requests,
    patience: Patience,
    stopped: &mut watch::Receiver<bool>,
) {
    let streams = Streams::new();
    let service = service_fn(|request| answer(request, &router, &requests, &streams));
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_header_list_size(u32::try_from(limits::HEAD_BYTES).unwrap_or(u32::MAX))
        // A client that is gone is noticed while it is waited for.
        .keep_alive_interval(patience.head / 2)
        .keep_alive_timeout(patience.answer)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    loop {
        // What goes wrong on a connection concerns its client alone.
        tokio::select! {
            _ = connection.as_mut() => return,
            () = until(stopped) => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
                return;
            }
            ending = wire.ending() => {
                // Cut, the connection is dropped with whatever is under way on it.
                if ending != Ending::Cut {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
                return;
            }
            () = sleep_until(streams.look_again(patience)) => {}
        }
        match streams.judge(patience) {
            Judgement::Fine => {}
            Judgement::Idle => {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(patience.answer, connection).await;
                return;
            }
            Judgement::Stuck => return,
        }
    }
}

/// The future owns what it needs: it runs beside the connection.
fn answer(
    request: Request<Incoming>,
    router: &Router,
    requests: &Requests,
    streams: &Streams,
) -> impl Future<Output = Result<Response<Paced<Body>>, Infallible>> + use<> {
    let router = TowerToHyperService::new(router.clone());
    let place = requests.place();
    let under_way = streams.begin();
    async move {
        let response = match place {
            Some(_) => match as_over_http1(request) {
                Ok(request) => router.call(request).await?,
                Err(status) => refusal(status),
            },
            None => refusal(StatusCode::SERVICE_UNAVAILABLE),
        };
        Ok(response.map(|body| under_way.paced(body, place)))
    }
}

fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from(format!("{status}\n"))));
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, text);
    response
}

/// The request as it would have come over HTTP/1.1, so that one reader of requests is enough: with a `Host` (RFC 9113 §8.3.1)
/// and one `Cookie` (§8.2.3).
///
/// # Errors
/// The status of the answer.
fn as_over_http1<B>(mut request: Request<B>) -> Result<Request<B>, StatusCode> {
    let authority = request
        .uri()
        .authority()
        .map(|authority| authority.as_str().to_owned());
    let headers = request.headers_mut();
    if let Some(authority) = authority {
        match headers.get(HOST) {
            // Two names for the server: whoever reads the other one would be deceived.
            Some(host) if !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()) => {
                return Err(StatusCode::BAD_REQUEST);
            }
            Some(_) => {}
            None => {
                let host = HeaderValue::from_str(&authority);
                headers.insert(HOST, host.map_err(|_| StatusCode::BAD_REQUEST)?);
            }
        }
    }
    let cookies: Vec<&[u8]> = headers
        .get_all(COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if cookies.len() > 1 {
        let joined = HeaderValue::from_bytes(&cookies.join(&b"; "[..]));
        headers.insert(COOKIE, joined.map_err(|_| StatusCode::BAD_REQUEST)?);
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str, headers: &[(&str, &str)]) -> Result<Request<()>, StatusCode> {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        as_over_http1(request.body(()).expect("a request"))
    }

    #[test]
    fn the_authority_is_the_host_and_there_is_one() {
        let host = |uri, headers: &[(&str, &str)]| {
            request(uri, headers).map(|request| {
                let hosts = request.headers().get_all(HOST).iter();
                hosts
                    .map(|host| host.to_str().expect("text").to_owned())
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(host("https://a:1/x", &[]), Ok(vec!["a:1".to_owned()]));
        let same = host("https://a:1/x", &[("host", "A:1")]);
        assert_eq!(same, Ok(vec!["A:1".to_owned()]));
        let other = host("https://a:1/x", &[("host", "b")]);
        assert_eq!(other, Err(StatusCode::BAD_REQUEST));
        assert_eq!(host("/x", &[("host", "a")]), Ok(vec!["a".to_owned()]));
    }

    #[test]
    fn cookies_in_several_fields_are_one() {
        let request = request("/", &[("cookie", "a=1"), ("cookie", "sid=2; c=3")]).expect("fine");
        let cookies: Vec<_> = request.headers().get_all(COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; sid=2; c=3"]);
    }
}
