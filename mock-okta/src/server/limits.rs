//! What a client may ask of the server's memory and patience. The figures are in docs/limits.md.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::StatusCode;
use hyper::body::Body as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Connections at once.
pub(super) const CONNECTIONS: usize = 1024;

/// Bytes of a request's head.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// Header fields of a request; hyper answers 431 beyond it.
pub(super) const HEAD_FIELDS: usize = 100;

/// Bytes of a request's body.
const BODY_BYTES: usize = 1024 * 1024;

/// A body up to this length is read at once; a longer one needs a place.
const SMALL_BODY_BYTES: usize = 16 * 1024;

/// Long bodies that are in memory at once.
const LONG_BODIES: usize = 24;

/// How long the server waits for a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For a request's head, idling included.
    pub(super) head: Duration,
    /// For a request's body, from the end of its head.
    pub(super) body: Duration,
    /// For a client that takes nothing of its answer.
    pub(super) answer: Duration,
}

impl Patience {
    /// The same for everything.
    pub(crate) const fn of(most: Duration) -> Self {
        Self {
            head: most,
            body: most,
            answer: most,
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_mins(1),
            body: Duration::from_secs(10),
            answer: Duration::from_secs(10),
        }
    }
}

/// A body, and its place among the long ones for as long as it is needed.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) place: Option<OwnedSemaphorePermit>,
}

/// Reads bodies. There are places for some long ones: a thousand clients that each send one would otherwise fill a gigabyte.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    patience: Patience,
    places: Arc<Semaphore>,
}

impl Reader {
    pub(super) fn new(patience: Patience) -> Self {
        Self {
            patience,
            places: Arc::new(Semaphore::new(LONG_BODIES)),
        }
    }

    /// The whole body, or the status that answers a client that sends too much, too slowly or not by the rules.
    pub(super) async fn read(&self, body: Body) -> Result<Content, StatusCode> {
        timeout(self.patience.body, self.collect(body))
            .await
            .unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
    }

    async fn collect(&self, mut body: Body) -> Result<Content, StatusCode> {
        // What a client says of the length is believed as far as it is allowed.
        if body.size_hint().lower() > BODY_BYTES as u64 {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let mut bytes = Vec::new();
        let mut place = None;
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            // RFC 9112 §7.1: what the chunks of a message are not like, or where it ends before its length, it is broken.
            let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            let length = bytes.len() + data.len();
            if length > BODY_BYTES {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            if length > SMALL_BODY_BYTES && place.is_none() {
                place = Some(self.place().await?);
            }
            bytes.extend_from_slice(&data);
        }
        Ok(Content { bytes, place })
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, StatusCode> {
        let place = Arc::clone(&self.places).acquire_owned();
        // Half of the time for the whole body, so that it is this answer and not the one about slow clients.
        match timeout(self.patience.body / 2, place).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn long_bodies_wait_for_a_place_and_short_ones_do_not() {
        let places = Reader::new(Patience::default());
        let mut held = Vec::new();
        for _ in 0..LONG_BODIES {
            let long = Body::from(vec![0; SMALL_BODY_BYTES + 1]);
            held.push(places.read(long).await.expect("a place"));
        }
        let short = places.read(Body::from(vec![0; SMALL_BODY_BYTES]));
        assert_eq!(
            short.await.map(|body| body.bytes.len()),
            Ok(SMALL_BODY_BYTES)
        );
        let long = || Body::from(vec![0; SMALL_BODY_BYTES + 1]);
        let read = places.read(long()).await.map(|body| body.bytes.len());
        assert_eq!(read, Err(StatusCode::SERVICE_UNAVAILABLE));
        held.pop();
        assert!(places.read(long()).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_has_a_limit_to_the_byte() {
        let places = Reader::new(Patience::default());
        let read = async |bytes: usize| {
            let body = places.read(Body::from(vec![0; bytes]));
            body.await.map(|body| body.bytes.len())
        };
        assert_eq!(read(BODY_BYTES).await, Ok(BODY_BYTES));
        assert_eq!(
            read(BODY_BYTES + 1).await,
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        );
    }
}
