//! What a client may ask of the server's memory and patience.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::StatusCode;

/// Connections at once.
pub(super) const CONNECTIONS: usize = 1024;

/// Bytes of a request's head; hyper answers 431 beyond it.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// Header fields of a request; hyper answers 431 beyond it.
pub(super) const HEAD_FIELDS: usize = 100;

/// How long a client may take to send a request's head, idling included.
pub(super) const HEAD_TIME: Duration = Duration::from_mins(1);

/// Bytes of a request's body.
pub(super) const BODY_BYTES: usize = 1024 * 1024;

/// How long a client may take to send it.
pub(super) const BODY_TIME: Duration = Duration::from_secs(10);

/// The whole body, or the status that answers a client that sends too much or too slowly.
pub(super) async fn read(body: Body) -> Result<Vec<u8>, StatusCode> {
    match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
