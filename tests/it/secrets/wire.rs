//! A recording proxy: what the harness and an org say to each other, byte for byte.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

/// What was said on one connection, in turns: who, and what until the other side spoke.
type Talk = Arc<Mutex<Vec<(Side, Vec<u8>)>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Harness,
    Org,
}

/// Passes bytes on, and keeps them.
pub struct Wire {
    address: SocketAddr,
    upstream: Arc<OnceLock<Upstream>>,
    talks: Arc<Mutex<Vec<Talk>>>,
}

struct Upstream {
    address: SocketAddr,
    before_reset: Box<dyn Fn() + Send + Sync>,
}

impl Wire {
    /// A proxy on a free port. Connections that come before [`Wire::connect`] are closed.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let wire = Self {
            address: listener.local_addr().expect("an address"),
            upstream: Arc::default(),
            talks: Arc::default(),
        };
        let (upstream, talks) = (Arc::clone(&wire.upstream), Arc::clone(&wire.talks));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = upstream.get().map(|up| TcpStream::connect(up.address));
                if let Some(Ok(server)) = server {
                    let talk = Talk::default();
                    talks
                        .lock()
                        .expect("no thread panics")
                        .push(Arc::clone(&talk));
                    relay(Side::Harness, &client, &server, &talk, &upstream);
                    relay(Side::Org, &server, &client, &talk, &upstream);
                }
            }
        });
        wire
    }

    /// Where the harness finds it.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says where the org listens, and what to do before it forgets everything.
    pub fn connect(&self, address: SocketAddr, before_reset: impl Fn() + Send + Sync + 'static) {
        let before_reset = Box::new(before_reset);
        let upstream = Upstream {
            address,
            before_reset,
        };
        let first = self.upstream.set(upstream).is_ok();
        assert!(first, "connected once");
    }

    /// Everything that was said: requests and answers, each a text.
    pub fn said(&self) -> Vec<String> {
        let talks = self.talks.lock().expect("no thread panics");
        let turns = talks.iter().flat_map(|talk| {
            let turns = talk.lock().expect("no thread panics");
            let texts = turns
                .iter()
                .map(|(_, said)| String::from_utf8_lossy(said).into_owned());
            texts.collect::<Vec<_>>()
        });
        turns.collect()
    }
}

fn relay(
    side: Side,
    from: &TcpStream,
    to: &TcpStream,
    talk: &Talk,
    upstream: &Arc<OnceLock<Upstream>>,
) {
    let mut from = from.try_clone().expect("a handle");
    let mut to = to.try_clone().expect("a handle");
    let (talk, upstream) = (Arc::clone(talk), Arc::clone(upstream));
    let _ = to.set_nodelay(true);
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let said = &buffer[..length];
            let mut turns = talk.lock().expect("no thread panics");
            match turns.last_mut() {
                Some((last, turn)) if *last == side => turn.extend_from_slice(said),
                _ => turns.push((side, said.to_vec())),
            }
            drop(turns);
            if said.starts_with(b"POST /_mock/reset ")
                && let Some(upstream) = upstream.get()
            {
                (upstream.before_reset)();
            }
            if to.write_all(said).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
