//! A mock org behind a proxy that changes its answers: a target that works, and means harm.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use mock_okta::MockOkta;
use tempfile::TempDir;

/// A request, as far as an attack looks at it.
#[derive(Debug)]
pub struct Asked {
    /// Which one it is, from 0.
    pub number: usize,
    /// Path and query.
    pub path: String,
    /// Head and body, as sent.
    pub text: String,
}

/// What the org answers, to be changed.
#[derive(Debug)]
pub struct Answer {
    /// `HTTP/1.1 200 OK`.
    pub status: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// Without any coding.
    pub body: Vec<u8>,
}

impl Answer {
    /// A field of this name, added.
    pub fn add(&mut self, name: &str, value: &str) {
        // The next answer would begin where this one is not expected to end.
        assert!(!name.is_empty() && !value.contains(char::is_control));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Changes the body if it is a JSON object.
    pub fn members(
        &mut self,
        change: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>),
    ) {
        if let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(&self.body) {
            change(&mut members);
            self.body = serde_json::Value::Object(members).to_string().into_bytes();
        }
    }
}

/// What a hostile target does with an answer. `false`: it keeps the connection open and says nothing.
pub type Attack = Box<dyn Fn(&Asked, &mut Answer) -> bool + Send + Sync>;

/// A served org whose answers an attack changes.
pub struct Hostile {
    folder: TempDir,
    _org: MockOkta,
}

impl Hostile {
    /// Starts both. Test control is not attacked: it is the tester's own.
    pub fn start(attack: Attack) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let org = MockOkta::builder()
            .issuer(format!("http://{address}"))
            .start_blocking()
            .expect("an org");
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("target.yaml"), org.target_file()).expect("a file");
        let (upstream, attack) = (org.address(), Arc::new(attack));
        let count = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (attack, count) = (Arc::clone(&attack), Arc::clone(&count));
                // A client that has gone away is no concern of an attacker.
                thread::spawn(move || drop(serve(&client, upstream, &attack, &count)));
            }
        });
        Self { folder, _org: org }
    }

    /// The file that describes it.
    pub fn target(&self) -> PathBuf {
        self.folder.path().join("target.yaml")
    }

    /// A folder for reports.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

fn serve(
    client: &TcpStream,
    upstream: SocketAddr,
    attack: &Attack,
    count: &AtomicUsize,
) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut reader = BufReader::new(client);
    if let Some(request) = read_request(&mut reader)? {
        let mut answer = forward(&request, upstream)?;
        let path = request
            .head
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        let is_control = path.starts_with("/_mock/");
        let asked = Asked {
            number: count.fetch_add(1, Ordering::Relaxed),
            path,
            text: format!("{}{}", request.head, String::from_utf8_lossy(&request.body)),
        };
        if !is_control && !attack(&asked, &mut answer) {
            // Until the client gives up.
            let _ = reader.read(&mut [0; 1])?;
            return Ok(());
        }
        let mut bytes = format!("{}\r\n", answer.status).into_bytes();
        for (name, value) in &answer.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(
            format!(
                "content-length: {}\r\nconnection: close\r\n\r\n",
                answer.body.len()
            )
            .as_bytes(),
        );
        bytes.extend_from_slice(&answer.body);
        (&mut &*client).write_all(&bytes)?;
    }
    Ok(())
}

struct Request {
    head: String,
    body: Vec<u8>,
}

/// The next request of a connection, without the fields that the proxy sees to.
fn read_request(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Request>> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if !lower.starts_with("accept-encoding:") && !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { head, body }))
}

fn forward(request: &Request, upstream: SocketAddr) -> std::io::Result<Answer> {
    let mut server = TcpStream::connect(upstream)?;
    let head = format!("{}connection: close\r\n\r\n", request.head);
    server.write_all(head.as_bytes())?;
    server.write_all(&request.body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !matches!(*name, "content-length" | "connection"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Answer {
        status,
        headers,
        body: answer[end + 4..].to_vec(),
    })
}
