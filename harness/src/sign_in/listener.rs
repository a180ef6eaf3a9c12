//! Waits at the redirect URI. Whoever can reach this machine can send something there: each connection is bounded, and what
//! does not carry the `state` is answered and forgotten.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::select_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;

use super::callback::{Callback, Expected};
use super::error::SignInError;
use super::page::Page;

/// Connections at once. Browsers open some that they never use.
const MOST_CONNECTIONS: usize = 32;
/// The longest head of a request.
const MOST_BYTES: usize = 16 * 1024;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);

/// Listens at the redirect URI.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    path: String,
    permits: Arc<Semaphore>,
}

impl Listener {
    /// Begins to listen.
    ///
    /// # Errors
    /// When somebody else does already, and when the system does not allow it.
    pub async fn bind(addresses: &[SocketAddr], path: &str) -> Result<Self, SignInError> {
        let mut sockets = Vec::new();
        for address in addresses {
            match TcpListener::bind(address).await {
                Ok(socket) => sockets.push(socket),
                // A machine without IPv6 has one address less.
                Err(error) if !sockets.is_empty() && error.kind() != io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    return Err(SignInError::CannotListen {
                        address: address.to_string(),
                        in_use: error.kind() == io::ErrorKind::AddrInUse,
                        why: error.to_string(),
                    });
                }
            }
        }
        Ok(Self {
            sockets,
            path: path.to_owned(),
            permits: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
        })
    }

    /// Waits until the answer comes.
    pub async fn callback(&self, expected: &Expected) -> Callback {
        let (found, mut answers) = mpsc::unbounded_channel();
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                Some(answer) = answers.recv() => return answer,
                _ = connections.join_next(), if !connections.is_empty() => {}
                accepted = self.accept() => {
                    let Some((stream, permit)) = accepted else { continue };
                    let (expected, path, found) = (expected.clone(), self.path.clone(), found.clone());
                    connections.spawn(async move {
                        let _permit = permit;
                        let served = serve(stream, &path, &expected);
                        if let Ok(Ok(Some(answer))) = tokio::time::timeout(PATIENCE, served).await {
                            let _ = found.send(answer);
                        }
                    });
                }
            }
        }
    }

    /// The next connection, as soon as there is room for it.
    async fn accept(&self) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let permit = self.permits.clone().acquire_owned().await.ok()?;
        let sockets = self.sockets.iter().map(|socket| socket.accept().boxed());
        if let Ok((stream, _)) = select_all(sockets).await.0 {
            return Some((stream, permit));
        }
        // The system has no more file descriptors, or the connection is gone already.
        tokio::time::sleep(Duration::from_millis(50)).await;
        None
    }
}

/// Answers one request, and says what it was if it was the one that is waited for.
async fn serve(
    mut stream: TcpStream,
    path: &str,
    expected: &Expected,
) -> io::Result<Option<Callback>> {
    let Some(head) = read_head(&mut stream).await? else {
        return Ok(None);
    };
    let (page, answer) = match target_of(&head) {
        None => (Page::Unreadable, None),
        Some(target) => {
            let (asked, query) = target.split_once('?').unwrap_or((target, ""));
            if asked == path {
                match expected.read(query) {
                    None => (Page::Stray, None),
                    Some(code @ Callback::Code(_)) => (Page::Received, Some(code)),
                    Some(other) => (Page::Refused, Some(other)),
                }
            } else {
                (Page::Nowhere, None)
            }
        }
    };
    // Whether the browser reads the page is its own business.
    let _ = stream.write_all(page.response().as_bytes()).await;
    let _ = stream.shutdown().await;
    Ok(answer)
}

/// The head of a request; nothing if the connection ends before it does. One that is too long is cut, and not understood.
async fn read_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 2048];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") && bytes.len() < MOST_BYTES {
        let length = stream.read(&mut chunk).await?;
        if length == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..length]);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Path and query of a request that a browser makes when it is sent somewhere (RFC 9112 section 3).
fn target_of(head: &str) -> Option<&str> {
    let is_whole = head.contains("\r\n\r\n");
    let mut words = head.lines().next()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_request = method == "GET" && version.starts_with("HTTP/1.") && target.starts_with('/');
    (is_whole && is_request && words.next().is_none()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            state: "the-state".to_owned(),
            issuer: "https://org.example".to_owned(),
        }
    }

    async fn listening() -> (Listener, SocketAddr) {
        let listener = Listener::bind(&["127.0.0.1:0".parse().unwrap()], "/cb")
            .await
            .unwrap();
        let address = listener.sockets[0].local_addr().unwrap();
        (listener, address)
    }

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A request that is too long is answered before all of it was read, and the connection may be reset.
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test]
    async fn stray_requests_are_answered_and_the_right_one_is_taken() {
        let (listener, address) = listening().await;
        let browser = async {
            // One that never says anything.
            let _idle = TcpStream::connect(address).await.unwrap();
            for (request, status) in [
                ("GET /favicon.ico HTTP/1.1\r\n\r\n", "404"),
                ("GET /cb HTTP/1.1\r\n\r\n", "400"),
                ("GET /cb?code=evil&state=other HTTP/1.1\r\n\r\n", "400"),
                ("POST /cb?code=evil&state=the-state HTTP/1.1\r\n\r\n", "400"),
                ("SSH-2.0-x\r\n\r\n", "400"),
            ] {
                let answer = ask(address, request).await;
                assert!(
                    answer.starts_with(&format!("HTTP/1.1 {status}")),
                    "{answer}"
                );
                assert!(!answer.contains("evil"), "{answer}");
            }
            let long = format!("GET /cb?{} HTTP/1.1", "x".repeat(MOST_BYTES));
            ask(address, &long).await;
            ask(
                address,
                "GET /cb?code=right&state=the-state HTTP/1.1\r\nhost: x\r\n\r\n",
            )
            .await
        };
        let awaited = expected();
        let (answer, page) = tokio::join!(listener.callback(&awaited), browser);
        assert_eq!(answer, Callback::Code(crate::secret::Secret::new("right")));
        assert!(page.contains("Cache-Control: no-store"), "{page}");
        assert!(page.contains("Referrer-Policy: no-referrer"), "{page}");
        assert!(!page.contains("right"), "{page}");
    }

    #[tokio::test]
    async fn a_port_that_somebody_uses_is_said() {
        let (_listener, address) = listening().await;
        let error = Listener::bind(&[address], "/cb").await.unwrap_err();
        assert!(
            matches!(error, SignInError::CannotListen { in_use: true, .. }),
            "{error}"
        );
        assert!(
            error.to_string().contains(&address.port().to_string()),
            "{error}"
        );
    }
}
