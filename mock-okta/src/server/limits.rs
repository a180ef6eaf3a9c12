//! What a client may ask of the server's memory and patience. The figures are told in docs/limits.md.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::StatusCode;

/// Connections at once.
pub(super) const CONNECTIONS: usize = 1024;

/// Bytes of a request's head; hyper answers 431 beyond it.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// Header fields of a request; hyper answers 431 beyond it.
pub(super) const HEAD_FIELDS: usize = 100;

/// Bytes of a request's body.
pub(super) const BODY_BYTES: usize = 1024 * 1024;

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

/// The whole body, or the status that answers a client that sends too much or too slowly.
pub(super) async fn read(body: Body, patience: Patience) -> Result<Vec<u8>, StatusCode> {
    match tokio::time::timeout(patience.body, to_bytes(body, BODY_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
