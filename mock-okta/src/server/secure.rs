//! Connections of an org that speaks https: the handshake, and what the client chose in it.

use std::time::Duration;

use axum::Extension;
use mock_okta_core::TlsVersion;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::rustls::{ProtocolVersion, ServerConnection};

use super::http2::{Requests, http2};
use super::patient::Patient;
use super::wire::{Wire, WireStream};
use super::{Patience, http1, until};
use crate::tls::{HTTP_2, Tls};

/// The first byte of every TLS connection (RFC 8446 §5.1, `handshake`).
const HANDSHAKE: u8 = 22;

/// What a client of plain HTTP is read of before it is told its mistake.
const PLAIN_BYTES: u64 = 64 * 1024;

/// How long a client of plain HTTP is waited for, so that it can read the answer before the connection ends.
const PLAIN_WAIT: Duration = Duration::from_secs(1);

/// Serves one connection. Its handshake must be over within the time that an answer may take.
pub(super) async fn serve(
    stream: WireStream,
    wire: &Wire,
    tls: &Tls,
    router: axum::Router,
    requests: Requests,
    patience: Patience,
    stopped: &mut watch::Receiver<bool>,
) {
    let handshake = async {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        let stream = Patient::new(stream, patience.answer);
        // A method of HTTP begins with a letter.
        if first[0].is_ascii_uppercase() {
            explain(stream).await;
            return None;
        }
        if first[0] != HANDSHAKE {
            return None;
        }
        tls.acceptor.accept(stream).await.ok()
    };
    let secured = tokio::select! {
        secured = timeout(patience.answer, handshake) => secured.ok().flatten(),
        () = until(stopped) => None,
    };
    let Some(stream) = secured else { return };
    let session = stream.get_ref().1;
    let router = match version(session) {
        Some(version) => router.layer(Extension(version)),
        None => router,
    };
    if session.alpn_protocol() == Some(HTTP_2) {
        http2(stream, wire, router, requests, patience, stopped).await;
    } else {
        http1(stream, wire, router, patience, stopped).await;
    }
}

fn version(session: &ServerConnection) -> Option<TlsVersion> {
    match session.protocol_version()? {
        ProtocolVersion::TLSv1_2 => Some(TlsVersion("1.2")),
        ProtocolVersion::TLSv1_3 => Some(TlsVersion("1.3")),
        _ => None,
    }
}

/// Answers a client that speaks plain HTTP.
async fn explain(mut stream: Patient<WireStream>) {
    const TEXT: &str = "this org speaks https: write https:// in place of http:// in its address\n";
    let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length";
    let answer = format!("{head}: {}\r\n\r\n{TEXT}", TEXT.len());
    if stream.write_all(answer.as_bytes()).await.is_err() || stream.shutdown().await.is_err() {
        return;
    }
    // A connection that ends with unread bytes is reset, and the answer may be lost with it.
    let _ = timeout(PLAIN_WAIT, drain(stream)).await;
}

async fn drain(stream: impl AsyncRead + Unpin) {
    let mut stream = stream.take(PLAIN_BYTES);
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
