//! Carries out the faults that need a connection or time. Which request meets one, the core has decided.

use std::convert::Infallible;
use std::future::{Future as _, pending};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::{HeaderValue, Method, header};
use hyper::body::{Frame, SizeHint};
use mock_okta_core::{ConnectionEnd, WireFault};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::wire::Wire;
use crate::app::App;

/// How often a slow answer goes on, unless it is slower than that.
const PER_SECOND: u32 = 10;

/// Does to an answer what a fault asks for. Where the connection ends before the answer, this does not return: it is dropped
/// with the connection.
pub(super) async fn carry_out(
    fault: WireFault,
    method: &Method,
    response: Response,
    app: &App,
    wire: &Wire,
) -> Response {
    match fault {
        WireFault::Delay { milliseconds } => {
            sleep(Duration::from_millis(milliseconds)).await;
            response
        }
        WireFault::CutBefore(end) => cut(wire, end).await,
        // The answer to HEAD has no content to end within.
        WireFault::CutWithin { end, .. } if method == Method::HEAD => cut(wire, end).await,
        WireFault::CutWithin { bytes, end } => cut_within(response, bytes, wire, end).await,
        WireFault::CutAfter(end) => cut_after(response, wire, end).await,
        WireFault::Slow { bytes_per_second } => slowed(response, bytes_per_second).await,
        WireFault::Refuse { seconds } => {
            app.outage.begin(Duration::from_secs(seconds)).await;
            cut(wire, ConnectionEnd::Close).await
        }
    }
}

/// Ends the connection, and with it whoever awaits this.
pub(super) async fn cut(wire: &Wire, end: ConnectionEnd) -> Response {
    wire.cut(end);
    pending().await
}

async fn cut_within(
    response: Response,
    bytes: Option<usize>,
    wire: &Wire,
    end: ConnectionEnd,
) -> Response {
    let (mut head, mut content) = whole(response).await;
    // Without content the head promises some that does not come.
    let length = content.len().max(1);
    head.headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let kept = bytes.unwrap_or(content.len() / 2);
    content.truncate(kept.min(length - 1));
    let body = Body::new(Pieces {
        left: content,
        promised: length as u64,
        then: Then::Cut(wire.clone(), end),
    });
    Response::from_parts(head, body)
}

async fn cut_after(response: Response, wire: &Wire, end: ConnectionEnd) -> Response {
    let (head, content) = whole(response).await;
    if content.is_empty() {
        // The head goes out before anybody looks at how the connection is to end.
        wire.finish(end);
        return Response::from_parts(head, Body::empty());
    }
    let body = Body::new(Pieces {
        promised: content.len() as u64,
        left: content,
        then: Then::Finish(wire.clone(), end),
    });
    Response::from_parts(head, body)
}

async fn slowed(response: Response, bytes_per_second: u32) -> Response {
    let (head, content) = whole(response).await;
    let steps = bytes_per_second.min(PER_SECOND);
    let body = Body::new(Slow {
        left: content,
        step: (bytes_per_second / steps) as usize,
        pause: Duration::from_secs(1) / steps,
        next: None,
    });
    Response::from_parts(head, body)
}

/// The head, and all content: it is in memory already.
async fn whole(response: Response) -> (http::response::Parts, Bytes) {
    let (head, body) = response.into_parts();
    let content = axum::body::to_bytes(body, usize::MAX).await;
    (head, content.unwrap_or_default())
}

/// Content that comes at once, and what happens after it.
struct Pieces {
    left: Bytes,
    promised: u64,
    then: Then,
}

enum Then {
    /// The connection ends, without what was promised.
    Cut(Wire, ConnectionEnd),
    /// The connection ends once all of this is sent.
    Finish(Wire, ConnectionEnd),
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = std::mem::take(&mut self.left);
        self.promised -= piece.len() as u64;
        if piece.is_empty() {
            return match &self.then {
                // What came before is written while this waits, and then the connection is dropped.
                Then::Cut(wire, end) => {
                    wire.cut(*end);
                    Poll::Pending
                }
                Then::Finish(..) => Poll::Ready(None),
            };
        }
        if let Then::Finish(wire, end) = &self.then {
            wire.finish(*end);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.promised == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

/// Content that comes a few bytes at a time.
struct Slow {
    left: Bytes,
    step: usize,
    pause: Duration,
    /// Runs while nothing comes.
    next: Option<Pin<Box<Sleep>>>,
}

impl hyper::body::Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let pause = self.pause;
        let next = self
            .next
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + pause)));
        ready!(next.as_mut().poll(cx));
        let due = next.deadline() + pause;
        next.as_mut().reset(due);
        let length = self.step.min(self.left.len());
        let piece = self.left.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}
