//! Fetches what the core asks for and lies outside: the JWKS that a client publishes at its `jwks_uri`.

#[cfg_attr(not(feature = "jwks-uri"), path = "without_http.rs")]
mod http;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use mock_okta_core::Document;
use tokio::sync::{OnceCell, Semaphore};

use self::http::Http;

/// Documents that are fetched at once. There are at most as many addresses as clients, so few ever wait for a place.
const AT_ONCE: usize = 16;

/// Fetches documents: several at once, but each address once at a time. Costs nothing until the first is asked for.
#[derive(Debug)]
pub(crate) struct Fetcher {
    http: Http,
    places: Semaphore,
    under_way: Mutex<BTreeMap<String, Arc<OnceCell<Timestamp>>>>,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self {
            http: Http::default(),
            places: Semaphore::new(AT_ONCE),
            under_way: Mutex::default(),
        }
    }
}

impl Fetcher {
    /// Fetches what is at an address and hands it to `learn`, which says at what instant it was learnt. Who comes while
    /// somebody else fetches the same address waits for that and learns the same instant.
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
            learn(self.http.get(url).await)
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
}

#[cfg(feature = "jwks-uri")]
#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::http::tests::serve;
    use super::*;

    /// A server that accepts clients and answers none, until it is allowed to. It counts who came.
    struct Slow {
        url: String,
        came: Arc<std::sync::atomic::AtomicUsize>,
        answer: std::sync::mpsc::Sender<()>,
    }

    fn slow() -> Slow {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let (answer, wait) = std::sync::mpsc::channel();
        let came = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&came);
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = wait.recv();
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
            .map(|number| {
                let (fetcher, url) = (Arc::clone(&fetcher), slow.url.clone());
                tokio::spawn(async move { fetcher.once(&url, |_| instant(number)).await })
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
        let mut instants = Vec::new();
        for one in waiting {
            instants.push(one.await.expect("an instant"));
        }
        assert!(
            instants.windows(2).all(|pair| pair[0] == pair[1]),
            "{instants:?}"
        );
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
