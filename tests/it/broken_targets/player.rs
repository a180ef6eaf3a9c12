//! Plays a server that does something with each connection that no HTTP server does.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// A server on a free port; it ends when dropped.
#[derive(Debug)]
pub struct Player {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

/// What it does once it has read a request, until it is over.
type Act = fn(&mut TcpStream, &AtomicBool) -> std::io::Result<()>;

impl Player {
    /// Plays one act for each connection.
    pub fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let ended = Arc::clone(&ended);
                // A client that has gone away is what these acts are for.
                thread::spawn(move || {
                    drop(connection.and_then(|mut client| perform(act, &mut client, &ended)));
                });
            }
        });
        Self { address, over }
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the loop; when it is gone already there is nobody to wake.
        drop(TcpStream::connect(self.address));
    }
}

/// A port at which nobody listens.
pub fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    format!("http://{address}")
}

/// Answers nothing.
#[expect(clippy::unnecessary_wraps, reason = "it is an act like the others")]
pub fn hang(_: &mut TcpStream, over: &AtomicBool) -> std::io::Result<()> {
    while !over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Ends the connection without a word.
#[expect(clippy::unnecessary_wraps, reason = "it is an act like the others")]
pub fn close(_: &mut TcpStream, _: &AtomicBool) -> std::io::Result<()> {
    Ok(())
}

/// Promises more than it sends.
pub fn cut(client: &mut TcpStream, _: &AtomicBool) -> std::io::Result<()> {
    client.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"issuer\":")
}

/// Speaks something else.
pub fn garbage(client: &mut TcpStream, _: &AtomicBool) -> std::io::Result<()> {
    client.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\0\0\0\x1c\x0a")
}

/// Sends a body without end.
pub fn endless_body(client: &mut TcpStream, over: &AtomicBool) -> std::io::Result<()> {
    client.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    )?;
    while !over.load(Ordering::Relaxed) {
        client.write_all(b"1000\r\n")?;
        client.write_all(&[b' '; 0x1000])?;
        client.write_all(b"\r\n")?;
    }
    Ok(())
}

/// Sends header fields without end.
pub fn endless_head(client: &mut TcpStream, over: &AtomicBool) -> std::io::Result<()> {
    client.write_all(b"HTTP/1.1 200 OK\r\n")?;
    while !over.load(Ordering::Relaxed) {
        client.write_all(b"X-More: and more and more and more and more and more and more\r\n")?;
    }
    Ok(())
}

/// Sends a byte now and then, so that the connection never falls silent.
pub fn drip(client: &mut TcpStream, over: &AtomicBool) -> std::io::Result<()> {
    client.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
    )?;
    while !over.load(Ordering::Relaxed) {
        client.write_all(b" ")?;
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Reads what comes first: a server that writes before it was asked is another kind of broken.
fn perform(act: Act, client: &mut TcpStream, over: &AtomicBool) -> std::io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    let _ = client.read(&mut [0; 8192])?;
    act(client, over)
}
