//! Whom we test. The only place with sockets.
//!
//! A [`Deployment`] is what a target file says; a [`Target`] is that and a client to ask it with.

#[cfg(feature = "embedded")]
mod agent_org;
mod allowance;
mod answer_trouble;
mod browser;
mod ca;
mod capabilities;
mod clock;
mod coding;
pub mod config;
mod control;
mod deployment;
#[cfg(feature = "embedded")]
mod embedded;
mod http;
mod http_error;
#[cfg(test)]
mod http_tests;
mod journal;
mod keys;
mod left_behind;
mod management;
mod network;
mod offline;
mod one_org;
mod pacing;
mod permissions;
mod proxy;
mod refresh;
#[cfg(test)]
pub(crate) mod sample;
mod sender;
mod sign_in_lack;
mod sign_in_way;
mod tls_fault;
mod trouble;
mod whose;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

#[cfg(feature = "embedded")]
pub use agent_org::{AgentOrg, AgentOrgError, AgentOrgPlan, Received};
pub use allowance::{Allowance, Allowances};
pub use answer_trouble::in_answer;
pub use browser::{
    Browsers, MOST_REQUESTS_OF_A_WALK, Walk, Walked, consent, decision, sign_in_form, walk,
};
pub use ca::Ca;
pub use capabilities::Lack;
pub use deployment::{
    Client, ClientKey, ControlAccess, Deployment, ENDPOINTS, RegisteredAuth, Resource,
    SERVER_FACTS, Server, TargetKind, User, acting,
};
#[cfg(feature = "embedded")]
pub use embedded::{Asked, EmbeddedError, embedded};
pub(crate) use http::origin;
pub use http::{Http, Limits};
pub use journal::JournalEntry;
pub use management::ManagementToken;
pub use network::{ClientCertificate, Network};
pub use pacing::{Held, PacePolicy, Pacer, Wait, Waited};
pub use permissions::{Environment, NotForTests, Permissions};
pub use proxy::{Proxies, Proxy};
pub use refresh::RefreshTurn;
pub use sender::{Listener, Sender};
pub use sign_in_way::{
    AUTHN, DEFAULT_SCOPE, GivenRefreshToken, GivenTokens, OFFLINE_ACCESS, SignInKind, SignInWay,
    StoredSignIns,
};
pub use tls_fault::TlsFault;
pub use trouble::{AnswerTrouble, Trouble, TroubleKind};
pub use whose::Whose;

use crate::exchange::{Exchange, RequestSpec};
use crate::requirement::Profiles;

/// A deployment that can be asked. Cheap to clone: clones share connections, keys and clock.
#[derive(Clone)]
pub struct Target {
    deployment: Arc<Deployment>,
    sender: Sender,
    shared: Arc<Shared>,
}

struct Shared {
    /// Nobody is asked for anything: see [`Target::offline`].
    is_offline: bool,
    clock: clock::Clock,
    keys: keys::KeyStore,
    journal: journal::Kept,
    refresh_tokens: refresh::RefreshTokens,
    sessions: left_behind::Sessions,
    /// Keeps a server in this process running for as long as it is asked.
    _server: Option<Box<dyn Any + Send + Sync>>,
}

impl Shared {
    fn new(server: Option<Box<dyn Any + Send + Sync>>) -> Self {
        Self {
            is_offline: false,
            clock: clock::Clock::default(),
            keys: keys::KeyStore::default(),
            journal: journal::Kept::default(),
            refresh_tokens: refresh::RefreshTokens::default(),
            sessions: left_behind::Sessions::default(),
            _server: server,
        }
    }
}

impl Target {
    /// A target with the usual limits.
    pub fn new(deployment: Deployment) -> Result<Self, Trouble> {
        Self::with(deployment, Limits::default(), None)
    }

    /// A target with other limits, and perhaps a server that ends with it.
    pub fn with(
        deployment: Deployment,
        limits: Limits,
        server: Option<Box<dyn Any + Send + Sync>>,
    ) -> Result<Self, Trouble> {
        let sender = Sender::new(
            Http::new(limits, deployment.ca.as_ref(), &deployment.network)?,
            deployment.origins(),
            PacePolicy::of(&deployment),
        );
        Ok(Self {
            deployment: Arc::new(deployment),
            sender,
            shared: Arc::new(Shared::new(server)),
        })
    }

    /// The same server and connections, judged by other profiles than its file names.
    #[must_use]
    pub fn judged_by(&self, profiles: Profiles) -> Self {
        let deployment = Deployment {
            profiles,
            ..(*self.deployment).clone()
        };
        Self {
            deployment: Arc::new(deployment),
            sender: self.sender.clone(),
            shared: self.shared.clone(),
        }
    }

    /// The same server and connections, where the issuers of all its servers have come to end with a slash.
    #[must_use]
    pub fn with_slashes(&self) -> Self {
        let mut deployment = (*self.deployment).clone();
        for server in deployment.servers.values_mut() {
            server.issuer.push('/');
        }
        Self {
            deployment: Arc::new(deployment),
            sender: self.sender.clone(),
            shared: self.shared.clone(),
        }
    }

    /// The same, where nobody is asked to sign in: what the token cache has is used, or nothing.
    #[must_use]
    pub fn without_a_person(&self) -> Self {
        let mut deployment = (*self.deployment).clone();
        if let Some(SignInWay::Browser(stored)) = deployment.sign_in {
            deployment.sign_in = Some(SignInWay::Cache(stored));
        }
        Self {
            deployment: Arc::new(deployment),
            ..self.clone()
        }
    }

    /// The same for a run that allows it so much. Clones share what is left.
    #[must_use]
    pub fn within(&self, most: Allowances) -> Self {
        Self {
            sender: self.sender.within(Arc::new(Allowance::new(most))),
            ..self.clone()
        }
    }

    /// The same, and somebody listens to what is sent and received.
    #[must_use]
    pub fn heard_by(&self, listener: Arc<dyn Listener>) -> Self {
        Self {
            sender: self.sender.heard_by(listener),
            ..self.clone()
        }
    }

    /// The same with other limits on answers, by connections of its own.
    ///
    /// # Errors
    /// When there is no HTTP client.
    pub fn within_limits(&self, limits: Limits) -> Result<Self, Trouble> {
        let deployment = &self.deployment;
        let http = Http::new(limits, deployment.ca.as_ref(), &deployment.network)?;
        Ok(Self {
            sender: self.sender.through(http),
            ..self.clone()
        })
    }

    /// The same, asked as fast as this says. What was counted so far is not.
    #[must_use]
    pub fn paced(&self, policy: PacePolicy) -> Self {
        Self {
            sender: self.sender.paced(policy),
            ..self.clone()
        }
    }

    /// The same for what cleans up after a run: its requests keep every limit but that on how many the run may send.
    #[must_use]
    pub fn beyond_most_requests(&self) -> Self {
        Self {
            sender: self.sender.beyond_most_requests(),
            ..self.clone()
        }
    }

    /// Keeps the limits of the target and of the run.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        self.sender.pacer()
    }

    /// Why an answer cannot be that of the server under test, if it cannot.
    #[must_use]
    pub fn trouble_in(&self, exchange: &Exchange) -> Option<Trouble> {
        in_answer(exchange, &self.deployment)
    }

    /// Sends one request. An answer that cannot be that of the server under test is trouble as well.
    ///
    /// # Errors
    /// That trouble, and trouble on the way.
    pub async fn ask(&self, request: RequestSpec) -> Result<Exchange, Trouble> {
        let exchange = self.send(request).await?;
        match self.trouble_in(&exchange) {
            Some(trouble) => Err(trouble),
            None => Ok(exchange),
        }
    }

    /// Why it is given up, if it took more than a run allows.
    pub fn given_up(&self) -> Option<String> {
        self.sender.given_up()
    }

    /// What its file says.
    pub fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// Sends one request. Trouble on the way is an error, whatever comes back is not.
    pub async fn send(&self, request: RequestSpec) -> Result<Exchange, Trouble> {
        self.sender.send(request).await
    }

    /// Where its requests go through.
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Makes a browser walk, in one of these browsers where it names one.
    pub async fn walk(&self, steps: Walk, browsers: &Browsers) -> Walked {
        walk(&self.sender, steps, browsers).await
    }

    fn clock(&self) -> &clock::Clock {
        &self.shared.clock
    }

    fn key_store(&self) -> &keys::KeyStore {
        &self.shared.keys
    }

    fn refresh_tokens(&self) -> &refresh::RefreshTokens {
        &self.shared.refresh_tokens
    }

    fn sessions(&self) -> &left_behind::Sessions {
        &self.shared.sessions
    }

    fn journal_kept(&self) -> &journal::Kept {
        &self.shared.journal
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.deployment().name)
    }
}
