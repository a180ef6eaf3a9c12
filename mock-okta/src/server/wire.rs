//! The end of a connection as a fault wants it: cut at once, or ended after the answer under way, closed or reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use mock_okta_core::ConnectionEnd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// What is to become of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It goes on.
    None,
    /// It ends at once, whatever is under way.
    Cut,
    /// It ends after the answer under way.
    Finish,
}

/// Ends one connection from within one of its requests.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    ending: watch::Sender<Ending>,
    reset: Arc<AtomicBool>,
}

impl Wire {
    /// Ends it now. Whoever serves the connection drops it, and with it the request that asks for this.
    pub(super) fn cut(&self, end: ConnectionEnd) {
        self.end(Ending::Cut, end);
    }

    /// Ends it after the answer under way.
    pub(super) fn finish(&self, end: ConnectionEnd) {
        self.end(Ending::Finish, end);
    }

    fn end(&self, ending: Ending, end: ConnectionEnd) {
        self.reset
            .store(end == ConnectionEnd::Reset, Ordering::Relaxed);
        self.ending.send_replace(ending);
    }

    /// Waits until it is to end, and says how.
    pub(super) async fn ending(&self) -> Ending {
        let mut asked = self.ending.subscribe();
        // This holds the sender, so the channel is open.
        let ended = asked.wait_for(|ending| *ending != Ending::None).await;
        ended.map_or(Ending::Cut, |ending| *ending)
    }
}

/// A stream that is closed, or reset, when it is dropped.
#[derive(Debug)]
pub(super) struct WireStream {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl WireStream {
    /// A connection, and what ends it. TLS belongs above it, so that a cut is one of the transport.
    pub(super) fn new(stream: TcpStream) -> (Self, Wire) {
        let reset = Arc::new(AtomicBool::new(false));
        let wire = Wire {
            ending: watch::Sender::new(Ending::None),
            reset: Arc::clone(&reset),
        };
        (Self { stream, reset }, wire)
    }

    /// Looks at the first bytes that came, and leaves them where they are.
    #[cfg(feature = "tls")]
    pub(super) async fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.peek(buffer).await
    }

    fn resets(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }
}

impl Drop for WireStream {
    fn drop(&mut self) {
        if self.resets() {
            // A connection that nothing is waited for is reset when it is closed. Were that refused, it would be closed.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for WireStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for WireStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A reset says nothing before it.
        if self.resets() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
