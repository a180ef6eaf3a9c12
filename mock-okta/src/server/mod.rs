//! Connections: accepted up to a number, served with limits, ended when the org stops.

mod faulty;
#[cfg(feature = "tls")]
mod http2;
mod limits;
mod listener;
mod message;
mod patient;
mod routes;
#[cfg(feature = "tls")]
mod secure;
#[cfg(feature = "tls")]
mod streams;
mod transport;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::app::App;
use crate::tls::Tls;
use patient::Patient;

pub(crate) use limits::Patience;
use limits::Reader;
use listener::Listener;
use wire::{Ending, Wire, WireStream};

/// How often expired entries are dropped while nobody asks anything. It ends with the org.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How long requests under way may take once the org stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves until `stopped` says so. Dropping the future cuts all connections.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    tls: Option<Tls>,
    patience: Patience,
    mut stopped: watch::Receiver<bool>,
) {
    let router = routes::router(Arc::clone(&app)).layer(Extension(Reader::new(patience)));
    let mut sweep = interval(SWEEP_EVERY);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let mut listener = Listener::new(listener, Arc::clone(&app));
    let mut connections = JoinSet::new();
    let security = Security::new(tls);
    loop {
        tokio::select! {
            () = until(&mut stopped) => break,
            accepted = listener.accept(&places) => {
                if let Some((stream, peer, place)) = accepted {
                    // Answers are small: waiting to fill a packet would only delay them.
                    let _ = stream.set_nodelay(true);
                    let (stream, wire) = WireStream::new(stream);
                    let router = router.clone().layer(Extension(routes::Peer(peer)));
                    let router = router.layer(Extension(wire.clone()));
                    let security = security.clone();
                    let stopped = stopped.clone();
                    connections.spawn(connection(stream, wire, security, router, patience, stopped, place));
                }
            }
            Some(_) = connections.join_next() => {}
            _ = sweep.tick() => app.core.sweep(app.clock.now()),
        }
    }
    drop(listener);
    let _ = timeout(FAREWELL, async {
        while connections.join_next().await.is_some() {}
    })
    .await;
}

/// How the org's connections are secured, if they are.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "tls"),
    expect(dead_code, reason = "there is nothing to secure them with")
)]
struct Security {
    tls: Option<Tls>,
    #[cfg(feature = "tls")]
    requests: http2::Requests,
}

impl Security {
    fn new(tls: Option<Tls>) -> Self {
        Self {
            tls,
            #[cfg(feature = "tls")]
            requests: http2::Requests::new(),
        }
    }
}

async fn connection(
    stream: WireStream,
    wire: Wire,
    #[cfg_attr(not(feature = "tls"), expect(unused, reason = "there is none"))] security: Security,
    router: axum::Router,
    patience: Patience,
    mut stopped: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    #[cfg(feature = "tls")]
    if let Some(tls) = &security.tls {
        let requests = security.requests;
        return secure::serve(stream, &wire, tls, router, requests, patience, &mut stopped).await;
    }
    let stream = Patient::new(stream, patience.answer);
    http1(stream, &wire, router, patience, &mut stopped).await;
}

/// Serves a connection of HTTP/1.1.
async fn http1<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    wire: &Wire,
    router: axum::Router,
    patience: Patience,
    stopped: &mut watch::Receiver<bool>,
) {
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(limits::HEAD_BYTES)
        .max_headers(limits::HEAD_FIELDS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    // What goes wrong on a connection concerns its client alone.
    let over = tokio::select! {
        _ = connection.as_mut() => true,
        () = until(stopped) => false,
        // Cut, the connection is dropped with whatever is under way on it.
        ending = wire.ending() => ending == Ending::Cut,
    };
    if !over {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// Waits until the org stops.
async fn until(stopped: &mut watch::Receiver<bool>) {
    // Nobody is left to say so: that is a stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
