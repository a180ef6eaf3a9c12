//! Fetches one document over HTTP.

use std::sync::OnceLock;
use std::time::Duration;

use mock_okta_core::{Document, MAX_DOCUMENT_BYTES};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

/// How long a client waits for an answer while its keys are fetched, at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// A client that is made when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Http {
    client: OnceLock<Option<Client>>,
}

impl Http {
    /// What is at an address. Redirects are not followed: the address is the one an administrator wrote down.
    pub(super) async fn get(&self, url: &str) -> Document {
        let client = self.client.get_or_init(|| {
            // No connection is kept: the runtime that opened it may be gone when it is needed again.
            let builder = Client::builder().pool_max_idle_per_host(0);
            let builder = builder.redirect(Policy::none()).timeout(PATIENCE);
            builder.build().ok()
        });
        let found = match client {
            Some(client) => read(client, url).await,
            None => None,
        };
        found.map_or(Document::Unavailable, Document::Found)
    }
}

/// The body of an answer with status 200, unless it is too long.
async fn read(client: &Client, url: &str) -> Option<Vec<u8>> {
    let request = client.get(url).header("accept", "application/json");
    let mut response = request.send().await.ok()?;
    if response.status() != StatusCode::OK {
        return None;
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > MAX_DOCUMENT_BYTES {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// An address that gives one answer, whatever is asked.
    pub(in super::super) fn serve(answer: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        });
        url
    }

    async fn fetch(status: &str, body: &str) -> Document {
        let length = body.len();
        let url = serve(format!(
            "HTTP/1.1 {status}\r\nlocation: /other\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
        Http::default().get(&url).await
    }

    #[tokio::test]
    async fn only_an_ok_of_moderate_length_counts() {
        let found = Document::Found(br#"{"keys":[]}"#.to_vec());
        assert_eq!(fetch("200 OK", r#"{"keys":[]}"#).await, found);
        assert_eq!(fetch("302 Found", "").await, Document::Unavailable);
        assert_eq!(fetch("404 Not Found", "{}").await, Document::Unavailable);
        let long = "a".repeat(MAX_DOCUMENT_BYTES + 1);
        assert_eq!(fetch("200 OK", &long).await, Document::Unavailable);
    }

    #[tokio::test]
    async fn where_nobody_answers_nothing_is_found() {
        let http = Http::default();
        for url in ["http://127.0.0.1:1/keys", "ftp://127.0.0.1/keys", "keys"] {
            assert_eq!(http.get(url).await, Document::Unavailable, "{url}");
        }
    }
}
