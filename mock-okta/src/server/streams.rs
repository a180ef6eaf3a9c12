//! What is under way on a connection of HTTP/2. Its streams wait for the client's leave to send, which the socket does not
//! show: a client that never gives it would be served for ever.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::Patience;

/// Bytes of an answer that are handed to the HTTP library at once; it asks for more when the client has taken them.
const PIECE: usize = 16 * 1024;

/// The requests of a connection.
#[derive(Debug, Clone)]
pub(super) struct Streams(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    next: u64,
    /// Since when a piece of the answer waits; nothing while the request is read and answered, which has limits of its own.
    under_way: BTreeMap<u64, Option<Instant>>,
    /// Since when nothing is under way, if so.
    idle_since: Instant,
}

/// What is to be done about a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Nothing.
    Fine,
    /// Nothing was asked for too long.
    Idle,
    /// An answer was not taken.
    Stuck,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            next: 0,
            under_way: BTreeMap::new(),
            idle_since: Instant::now(),
        })))
    }

    /// A request has come.
    pub(super) fn begin(&self) -> UnderWay {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.under_way.insert(number, None);
        UnderWay {
            streams: self.clone(),
            number,
        }
    }

    /// When the connection is to be judged next.
    pub(super) fn look_again(&self, patience: Patience) -> Instant {
        let state = self.state();
        if state.under_way.is_empty() {
            return state.idle_since + patience.head;
        }
        let waiting = state.under_way.values().flatten().min();
        waiting.map_or_else(Instant::now, |since| *since) + patience.answer
    }

    pub(super) fn judge(&self, patience: Patience) -> Judgement {
        let state = self.state();
        let over = |since: Instant, most| since.elapsed() >= most;
        if state.under_way.is_empty() && over(state.idle_since, patience.head) {
            return Judgement::Idle;
        }
        let mut waiting = state.under_way.values().flatten();
        if waiting.any(|since| over(*since, patience.answer)) {
            Judgement::Stuck
        } else {
            Judgement::Fine
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    streams: Streams,
    number: u64,
}

impl UnderWay {
    /// The body of its answer, and what is held until it is sent.
    pub(super) fn paced<B>(
        self,
        body: B,
        place: Option<tokio::sync::OwnedSemaphorePermit>,
    ) -> Paced<B> {
        let mut paced = Paced {
            body,
            rest: Bytes::new(),
            under_way: self,
            _place: place,
        };
        paced.waits();
        paced
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.streams.state();
        state.under_way.remove(&self.number);
        if state.under_way.is_empty() {
            state.idle_since = Instant::now();
        }
    }
}

/// A body in pieces. That the next one is asked for shows that the client takes them.
#[derive(Debug)]
pub(super) struct Paced<B> {
    body: B,
    rest: Bytes,
    under_way: UnderWay,
    _place: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl<B> Paced<B> {
    /// From now on the client is waited for.
    fn waits(&mut self) {
        let number = self.under_way.number;
        let mut state = self.under_way.streams.state();
        state.under_way.insert(number, Some(Instant::now()));
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Paced<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.waits();
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if data.is_empty() => {}
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        let rest = self.rest.len() as u64;
        if let Some(exact) = hint.exact() {
            hint.set_exact(exact + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    const PATIENCE: Patience = Patience::of(Duration::from_secs(10));

    #[tokio::test(start_paused = true)]
    async fn a_connection_idles_from_the_end_of_its_last_request() {
        let streams = Streams::new();
        let request = streams.begin();
        advance(Duration::from_mins(1)).await;
        // Reading and answering have limits of their own.
        assert_eq!(streams.judge(PATIENCE), Judgement::Fine);
        drop(request);
        assert_eq!(streams.judge(PATIENCE), Judgement::Fine);
        assert_eq!(
            streams.look_again(PATIENCE),
            Instant::now() + Duration::from_secs(10)
        );
        advance(Duration::from_secs(10)).await;
        assert_eq!(streams.judge(PATIENCE), Judgement::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_waited_for_from_piece_to_piece() {
        let streams = Streams::new();
        let long = axum::body::Body::from(vec![7; PIECE + 1]);
        let mut body = streams.begin().paced(long, None);
        assert_eq!(body.size_hint().exact(), Some(PIECE as u64 + 1));
        for length in [PIECE, 1] {
            advance(Duration::from_secs(9)).await;
            assert_eq!(streams.judge(PATIENCE), Judgement::Fine);
            let next = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
            let data = next.expect("a piece").expect("fine").into_data();
            assert_eq!(data.expect("data").len(), length);
        }
        assert!(body.is_end_stream());
        advance(Duration::from_secs(10)).await;
        assert_eq!(streams.judge(PATIENCE), Judgement::Stuck);
        drop(body);
        assert_eq!(streams.judge(PATIENCE), Judgement::Fine);
    }
}
