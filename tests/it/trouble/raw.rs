//! A server that sends given bytes to whoever connects.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// It serves until the tests end.
pub struct Raw {
    address: SocketAddr,
}

impl Raw {
    /// Sends what is made of the head of each request, once it is there, and closes the connection.
    pub fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                thread::spawn(move || {
                    // A client that has gone away is what some tests are for.
                    drop(serve(client, &*answer));
                });
            }
        });
        Self { address }
    }

    /// Sends the same to everybody.
    pub fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::answering(move |_| bytes.clone())
    }

    /// Sends an answer of HTTP with these fields to everybody.
    pub fn http(status: &str, fields: &[&str], body: &[u8]) -> Self {
        Self::saying(http(status, fields, body))
    }

    /// Sends the head of an answer and a part of its content, and then nothing for longer than anybody waits.
    pub fn stalling() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                thread::spawn(move || {
                    let _ = client.read(&mut [0; 8192]);
                    let _ = client.write_all(
                        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
                    );
                    thread::sleep(Duration::from_secs(20));
                });
            }
        });
        Self { address }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

/// An answer of HTTP.
pub fn http(status: &str, fields: &[&str], body: &[u8]) -> Vec<u8> {
    let fields: String = fields.iter().flat_map(|field| [field, "\r\n"]).collect();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{fields}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.into_bytes(), body.to_vec()].concat()
}

fn serve(mut client: TcpStream, answer: &dyn Fn(&str) -> Vec<u8>) -> std::io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut head = vec![0; 16 * 1024];
    let length = client.read(&mut head)?;
    let head = String::from_utf8_lossy(&head[..length]);
    client.write_all(&answer(&head))?;
    // Closed at once, a client that is still sending would see a reset in place of the answer.
    let _ = client.shutdown(std::net::Shutdown::Write);
    let _ = client.read(&mut [0; 1024]);
    Ok(())
}
