//! A running org.

use std::future::IntoFuture;
use std::net::{SocketAddr, TcpListener};
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::assemble::{StartError, make_the_rest};
use crate::builder::Builder;
use crate::org_handle::OrgHandle;
use crate::server;
use crate::threads::Threads;
use crate::tls::Tls;
#[cfg(feature = "tls")]
use crate::tls::TlsIdentity;

/// A mock org that answers on a socket. Dropping it stops it.
///
/// What can be asked of it and done to it in this process is on [`OrgHandle`], to which it dereferences.
#[derive(Debug)]
pub struct MockOkta {
    org: OrgHandle,
    address: SocketAddr,
    #[cfg(feature = "tls")]
    identity: Option<Arc<TlsIdentity>>,
    stop: watch::Sender<bool>,
    threads: Arc<Threads>,
    /// `None` once it was shut down.
    running: Option<JoinHandle<()>>,
}

impl MockOkta {
    /// Starts the default org on a free port of the loopback interface.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let token_endpoint = format!("{}/oauth2/v1/token", okta.base_url());
    /// # assert!(token_endpoint.starts_with("http://127.0.0.1:"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the system gives no port.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Settings to start another org with, or elsewhere.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Threads of their own serve the orgs of a process: a test that blocks, or a runtime that ends, does not stop them.
    pub(crate) fn serve(
        listener: TcpListener,
        address: SocketAddr,
        app: Arc<App>,
        tls: Option<Tls>,
        patience: server::Patience,
    ) -> Result<Self, StartError> {
        let system = |error: std::io::Error| StartError::System(error.to_string());
        let threads = Threads::shared().map_err(system)?;
        let (stop, stopped) = watch::channel(false);
        let listener = {
            let _inside = threads.handle().enter();
            tokio::net::TcpListener::from_std(listener).map_err(system)?
        };
        #[cfg(feature = "tls")]
        let identity = tls.as_ref().map(|tls| Arc::clone(&tls.identity));
        let serving = server::serve(listener, Arc::clone(&app), tls, patience, stopped);
        let task = threads.handle().spawn(serving);
        Ok(Self {
            org: OrgHandle::new(app),
            address,
            #[cfg(feature = "tls")]
            identity,
            stop,
            threads,
            running: Some(task),
        })
    }

    /// Makes the keys that nobody waits for yet, while the first clients come.
    pub(crate) fn make_the_rest_of_the_keys(&self) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for share in 0..cores {
            let snapshot = self.org.snapshot();
            let threads = self.threads.handle();
            threads.spawn_blocking(move || make_the_rest(&snapshot.keys, share, cores));
        }
    }

    /// Where it listens, which is not where clients reach it when it stands behind a proxy.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of an org that speaks https; nothing of one that does not.
    #[cfg(feature = "tls")]
    pub fn tls_identity(&self) -> Option<&TlsIdentity> {
        self.identity.as_deref()
    }

    /// The certificate that clients of an org that speaks https must trust, as PEM; nothing of an org that does not. See
    /// [`Builder::tls`].
    #[cfg(feature = "tls")]
    pub fn ca_pem(&self) -> Option<&str> {
        self.identity.as_ref().map(|identity| identity.ca_pem())
    }

    /// Waits for a call of the org in a test that is not asynchronous.
    ///
    /// ```
    /// let okta = mock_okta::MockOkta::builder().start_blocking()?;
    /// let tokens = okta.block_on(okta.sign_in("ada"))?;
    /// assert_eq!(tokens.claims()["email"], "ada@example.com");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// In an asynchronous test, which awaits the call instead.
    pub fn block_on<F: IntoFuture>(&self, call: F) -> F::Output {
        self.threads.handle().block_on(call.into_future())
    }

    /// Stops it: no new connection is taken, requests under way are answered.
    pub async fn shutdown(mut self) {
        // Nobody listens any more when the server has ended by itself.
        let _ = self.stop.send(true);
        if let Some(task) = self.running.take() {
            let _ = task.await;
        }
    }
}

impl Deref for MockOkta {
    type Target = OrgHandle;

    fn deref(&self) -> &OrgHandle {
        &self.org
    }
}

impl Drop for MockOkta {
    fn drop(&mut self) {
        if let Some(task) = self.running.take() {
            task.abort();
        }
    }
}
