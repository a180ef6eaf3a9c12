//! The socket that accepts connections, and refuses them during an outage.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use crate::app::App;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long it waits before it tries again to listen or to accept.
const PAUSE: Duration = Duration::from_millis(10);

/// A listener that an outage closes and opens again.
#[derive(Debug)]
pub(super) struct Listener {
    app: Arc<App>,
    socket: Socket,
    /// Where it listens, once it has closed for the first time.
    address: Option<SocketAddr>,
}

#[derive(Debug)]
enum Socket {
    Listening(TcpListener),
    /// Holds the port without listening, so that connections are refused and nobody else takes it.
    Holding(TcpSocket),
    /// The port could not be held.
    Gone,
}

impl Listener {
    pub(super) fn new(listener: TcpListener, app: Arc<App>) -> Self {
        Self {
            app,
            address: listener.local_addr().ok(),
            socket: Socket::Listening(listener),
        }
    }

    /// The next connection and its place. Waits for a place first: who comes while all are taken waits in the system's
    /// queue. Nothing is lost when this is dropped before it is done.
    pub(super) async fn accept(
        &mut self,
        places: &Arc<Semaphore>,
    ) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let app = Arc::clone(&self.app);
        if app.outage.is_on() {
            self.close();
            app.outage.over().await;
        }
        let Socket::Listening(listener) = &self.socket else {
            self.open().await;
            return None;
        };
        tokio::select! {
            accepted = accept(listener, places) => accepted,
            () = app.outage.begins() => None,
        }
    }

    /// Accepts nobody from now on.
    fn close(&mut self) {
        if matches!(self.socket, Socket::Listening(_)) {
            // A port that is listened on cannot be taken by another socket, so the first one goes before.
            self.socket = Socket::Gone;
            if let Some(Ok(socket)) = self.address.map(bind) {
                self.socket = Socket::Holding(socket);
            }
        }
        self.app.outage.set_closed();
    }

    /// Listens again.
    async fn open(&mut self) {
        if !self.app.outage.reopen() {
            return;
        }
        let socket = match std::mem::replace(&mut self.socket, Socket::Gone) {
            Socket::Holding(socket) => Ok(socket),
            Socket::Listening(_) | Socket::Gone => self
                .address
                .map_or_else(|| Err(io::ErrorKind::AddrNotAvailable.into()), bind),
        };
        if let Ok(listener) = socket.and_then(|socket| socket.listen(BACKLOG)) {
            self.socket = Socket::Listening(listener);
        } else {
            // Somebody else has the port for a moment.
            self.app.outage.set_closed();
            sleep(PAUSE).await;
        }
    }
}

/// Nobody can connect once it is gone.
impl Drop for Listener {
    fn drop(&mut self) {
        self.app.outage.set_closed();
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    if let Ok((stream, peer)) = listener.accept().await {
        return Some((stream, peer, place));
    }
    // Out of descriptors, or the client is gone already: a moment later it may work.
    sleep(PAUSE).await;
    None
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Connections of before may still be closing. On Windows the option would let others take the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
