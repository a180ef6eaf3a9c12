//! Fetches what the core asks for and lies outside: the JWKS that a client publishes at its `jwks_uri`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use mock_okta_core::{Document, MAX_DOCUMENT_BYTES};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::sync::{OnceCell, Semaphore};

/// How long a client waits for an answer while its keys are fetched, at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// Documents that are fetched at once. There are at most as many addresses as clients, so few ever wait for a place.
const AT_ONCE: usize = 16;

/// Fetches documents: several at once, but each address once at a time. Costs nothing until the first is asked for.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: OnceLock<Option<Client>>,
    places: Semaphore,
    under_way: Mutex<BTreeMap<String, Arc<OnceCell<Timestamp>>>>,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self {
            client: OnceLock::new(),
            places: Semaphore::new(AT_ONCE),
            under_way: Mutex::default(),
        }
    }
}

impl Fetcher {
    /// Fetches what is at an address and hands it to `learn`, which says at what instant it was learnt. Who comes while
    /// somebody else fetches the same address waits for that and is told the same instant.
    pub(crate) async fn once(
        &self,
        url: &str,
        learn: impl FnOnce(Document) -> Timestamp,
    ) -> Timestamp {
        let cell = Arc::clone(self.under_way().entry(url.to_owned()).or_default());
        // If whoever fetches goes away, one of those who wait goes on in its place.
        let learnt = cell.get_or_init(|| async {
            // The semaphore is never closed; were it, nobody would have to wait.
            let _place = self.places.acquire().await.ok();
            learn(self.fetch(url).await)
        });
        let learnt = *learnt.await;
        let mut under_way = self.under_way();
        if under_way
            .get(url)
            .is_some_and(|other| Arc::ptr_eq(other, &cell))
        {
            under_way.remove(url);
        }
        learnt
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<OnceCell<Timestamp>>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What is at an address. Redirects are not followed: the address is the one an administrator wrote down.
    async fn fetch(&self, url: &str) -> Document {
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
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// An address that gives one answer, whatever is asked.
    fn serve(answer: String) -> String {
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
        Fetcher::default().fetch(&url).await
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
        let fetcher = Fetcher::default();
        for url in ["http://127.0.0.1:1/keys", "ftp://127.0.0.1/keys", "keys"] {
            assert_eq!(fetcher.fetch(url).await, Document::Unavailable, "{url}");
        }
    }

    /// A server that accepts clients and answers none, until it is told to. It counts who came.
    struct Slow {
        url: String,
        came: Arc<std::sync::atomic::AtomicUsize>,
        answer: std::sync::mpsc::Sender<()>,
    }

    fn slow() -> Slow {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let (answer, told) = std::sync::mpsc::channel();
        let came = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&came);
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = told.recv();
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"keys\":[]}";
            let _ = stream.write_all(answer.as_bytes());
            // Whoever came a second time would be counted.
            if listener.accept().is_ok() {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        });
        Slow { url, came, answer }
    }

    #[tokio::test]
    async fn a_slow_address_delays_no_other_and_is_fetched_once() {
        let fetcher = Arc::new(Fetcher::default());
        let instant = |seconds| Timestamp::from_second(seconds).expect("an instant");
        let slow = slow();
        let waiting: Vec<_> = (0..8)
            .map(|turn| {
                let (fetcher, url) = (Arc::clone(&fetcher), slow.url.clone());
                tokio::spawn(async move { fetcher.once(&url, |_| instant(turn)).await })
            })
            .collect();
        while slow.came.load(std::sync::atomic::Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        // The other address answers while the slow one does not.
        let quick = serve("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned());
        assert_eq!(fetcher.once(&quick, |_| instant(99)).await, instant(99));
        assert!(waiting.iter().all(|one| !one.is_finished()));

        slow.answer.send(()).expect("it waits");
        let mut told = Vec::new();
        for one in waiting {
            told.push(one.await.expect("an instant"));
        }
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
        assert_eq!(slow.came.load(std::sync::atomic::Ordering::SeqCst), 1);
        assert!(fetcher.under_way().is_empty());
    }

    #[tokio::test]
    async fn who_waits_goes_on_when_whoever_fetched_went_away() {
        let fetcher = Arc::new(Fetcher::default());
        let slow = slow();
        let first = {
            let (fetcher, url) = (Arc::clone(&fetcher), slow.url.clone());
            tokio::spawn(async move { fetcher.once(&url, |_| Timestamp::UNIX_EPOCH).await })
        };
        while slow.came.load(std::sync::atomic::Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        first.abort();
        assert!(first.await.expect_err("aborted").is_cancelled());
        let next = serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned());
        let learnt = fetcher.once(&next, |_| Timestamp::MAX).await;
        assert_eq!(learnt, Timestamp::MAX);
        drop(slow.answer);
        let again = fetcher.once(&slow.url, |_| Timestamp::MAX).await;
        assert_eq!(again, Timestamp::MAX);
        assert!(fetcher.under_way().is_empty());
    }
}
