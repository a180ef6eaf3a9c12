//! What a test in this process can ask of an org and do to it.

mod control;
mod faults;
mod hand_over;
mod management;

pub use hand_over::HandedOver;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mock_okta_core::control::{Call, ClockCall, Command, ControlError, JournalQuery, JournalWait};
use mock_okta_core::keys::{ClientKey, ServerName};
use mock_okta_core::org::KeyOrigin;
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::{
    Defect, JournalEntry, MemoryUse, Snapshot, Variation, VariationConflict, Variations,
};
use serde_json::Value;

use crate::app::App;
use crate::target_file;
use crate::tokens::{find_client, find_server, find_user};

/// A handle on an org in this process. Cheap to clone; the org lives as long as whoever serves it.
///
/// Users go by id, by login, or by the part of the login before its `@`; clients by id, by name, or by the role that they
/// play in the [target file](Self::roles): `agent`, `web_app` …; authorization servers by issuer, id, name or role;
/// connections by id; resources by what an agent would send.
#[derive(Debug, Clone)]
pub struct OrgHandle {
    app: Arc<App>,
}

impl OrgHandle {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self { app }
    }

    /// The org itself.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// What requests are judged by at this moment.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.app.core.snapshot()
    }

    /// Where clients reach the org: scheme, host and port, without a path or trailing slash.
    pub fn base_url(&self) -> &str {
        &self.app.core.options().base_url
    }

    /// Issuer of the org authorization server.
    pub fn issuer(&self) -> String {
        self.app.core.issuer(&ServerName::Org)
    }

    /// Issuer of the custom authorization server with this id or role, if there is one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let issuer = format!("{}/oauth2/auschat0000000000001", okta.base_url());
    /// assert_eq!(okta.issuer_of("custom_as"), Some(issuer));
    /// # Ok(()) }
    /// ```
    pub fn issuer_of(&self, server: &str) -> Option<String> {
        let found = find_server(&self.app, &self.snapshot(), server).ok()?;
        let custom = matches!(found, ServerName::Custom(_));
        custom.then(|| self.app.core.issuer(&found))
    }

    /// Who plays which role: the ids behind `agent`, `web_app`, `custom_as`, `ada`, `secret` …
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// assert_eq!(okta.roles().clients["agent"].as_str(), "wlpagentrsa000000001");
    /// # Ok(()) }
    /// ```
    pub fn roles(&self) -> &TargetRoles {
        &self.app.roles
    }

    /// Private key of a client as PKCS#8 PEM: its first, unless only the public half is known here.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// // The agent under test signs its client assertions with it.
    /// let pem = okta.private_key_pem("agent").ok_or("a key")?;
    /// assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # Ok(()) }
    /// ```
    pub fn private_key_pem(&self, client: &str) -> Option<String> {
        let key = self.client_key(client)?;
        Some(key.private_pem?.reveal().to_owned())
    }

    /// The same key as a private JWK, `kid` included.
    pub fn private_jwk(&self, client: &str) -> Option<Value> {
        let key = self.client_key(client)?;
        serde_json::from_str(key.private_jwk?.reveal()).ok()
    }

    fn client_key(&self, client: &str) -> Option<ClientKey> {
        let snapshot = self.snapshot();
        let client = find_client(&self.app, &snapshot, client).ok()?;
        snapshot.keys.client(&client.id).first().cloned()
    }

    /// The target file that the harness takes: `atx run --target FILE`. Holds private keys and passwords of the mock.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// assert!(okta.target_file().contains(&okta.issuer()));
    /// # Ok(()) }
    /// ```
    pub fn target_file(&self) -> String {
        target_file::render(&self.app)
    }

    /// Whether the org's file holds private keys: who can read it can sign as the org or as a client.
    pub fn pins_private_keys(&self) -> bool {
        let snapshot = self.snapshot();
        let org = &snapshot.org;
        let mut clients = org.clients.values().flat_map(|client| &client.keys);
        org.org_key_pem.is_some()
            || org
                .custom_servers
                .values()
                .any(|server| server.key_pem.is_some())
            || clients.any(|key| matches!(key.origin, KeyOrigin::Private(_)))
    }

    /// Makes the org go wrong in these ways from the next request on, and in no others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// use mock_okta::Defect;
    ///
    /// // Does the code under test notice that the ID token is not the one it asked for?
    /// okta.set_defects([Defect::parse("bend/id-token-nonce-missing")?]);
    /// let tokens = okta.sign_in("ada").await?;
    /// assert!(!tokens.claims().contains_key("nonce"));
    /// okta.set_defects([]);
    /// # Ok(()) }
    /// ```
    pub fn set_defects(&self, defects: impl IntoIterator<Item = Defect>) {
        self.app.core.set_defects(defects.into_iter().collect());
    }

    /// Lets the org answer in these lawful ways from the next request on, and in no others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// use mock_okta::Variation;
    ///
    /// // Does the code under test bear another order of members?
    /// okta.set_variations([Variation::JsonReversed])?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When two of them vary the same aspect.
    pub fn set_variations(
        &self,
        variations: impl IntoIterator<Item = Variation>,
    ) -> Result<(), VariationConflict> {
        let variations = Variations::new(variations)?;
        self.app.core.set_variations(variations);
        Ok(())
    }

    /// The org's now.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Moves the org's clock on.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// use std::time::Duration;
    ///
    /// let tokens = okta.sign_in("ada").await?;
    /// okta.advance_clock(Duration::from_secs(3601))?;
    /// // By the org's clock the tokens have expired.
    /// let expired = tokens.claims()["exp"].as_i64() < Some(okta.now().as_second());
    /// assert!(expired);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no clock could show that time.
    pub fn advance_clock(&self, by: Duration) -> Result<(), ControlError> {
        self.call(Call::Clock(ClockCall::Advance(by.as_secs())))
    }

    /// Sets the org's clock, which runs on from there.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.set_clock("2031-05-01T12:00:00Z".parse()?)?;
    /// assert!(okta.now().to_string().starts_with("2031-05-01T12:00:0"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no clock could show that time.
    pub fn set_clock(&self, now: Timestamp) -> Result<(), ControlError> {
        self.call(Call::Clock(ClockCall::Set(now)))
    }

    /// Puts the org's clock back to real time.
    pub fn resume_clock(&self) {
        self.app.clock.resume();
    }

    /// Puts everything back as it was at start, clock and journal included; the keys of the start sign again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.suspend_user("ada")?;
    /// okta.reset();
    /// assert!(okta.sign_in("ada").await.is_ok());
    /// # Ok(()) }
    /// ```
    pub fn reset(&self) {
        self.app.core.reset();
        self.app.clock.resume();
        self.app.outage.end();
    }

    /// What was asked and answered so far, oldest first, as far as the journal reaches back.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.access_token_for("ada", "agent", "custom_as", &["chat.read"])
    ///     .await?;
    /// let journal = okta.journal();
    /// let redeemed = journal.last().ok_or("an entry")?;
    /// assert_eq!(redeemed.path, "/oauth2/auschat0000000000001/v1/token");
    /// assert_eq!(redeemed.status, 200);
    /// # Ok(()) }
    /// ```
    pub fn journal(&self) -> Vec<JournalEntry> {
        let core = &self.app.core;
        core.with_state(|state| state.journal.entries().cloned().collect())
    }

    /// The next request that a query is for, as soon as it is answered; `None` when none comes in time. Those that were answered
    /// before count only if the query says `after`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use mock_okta::{JournalQuery, MockOkta};
    ///
    /// let okta = MockOkta::start().await?;
    /// let query = JournalQuery { endpoint: Some("token".to_owned()), ..JournalQuery::default() };
    /// let (asked, signed_in) = tokio::join!(
    ///     okta.next_request(query, Duration::from_secs(5)),
    ///     okta.sign_in("ada"),
    /// );
    /// signed_in?;
    /// assert_eq!(asked.ok_or("a request")?.status, 200);
    /// # Ok(()) }
    /// ```
    pub async fn next_request(&self, query: JournalQuery, most: Duration) -> Option<JournalEntry> {
        let from_the_past = query.after > 0;
        let query = JournalQuery {
            limit: 1,
            newest_first: false,
            ..query
        };
        let wait = JournalWait {
            query,
            from_the_past,
            seconds: 0,
        };
        let entry = self.app.wait_for(wait, most).await;
        entry.map(|entry| JournalEntry::clone(&entry))
    }

    /// How much the org keeps at this moment, and how much it had to push out.
    pub fn memory_use(&self) -> MemoryUse {
        self.app.core.memory_use(self.app.clock.now())
    }

    /// The id behind a name. A name that leads nowhere stays as it is: whoever looks for it says what there is instead.
    fn user_named(&self, name: &str) -> String {
        let snapshot = self.snapshot();
        find_user(&snapshot, name).map_or_else(|_| name.to_owned(), |user| user.id.to_string())
    }

    fn client_named(&self, name: &str) -> String {
        let snapshot = self.snapshot();
        let found = find_client(&self.app, &snapshot, name);
        found.map_or_else(|_| name.to_owned(), |client| client.id.to_string())
    }

    /// The issuer behind a name.
    pub(crate) fn issuer_named(&self, name: &str) -> String {
        let found = find_server(&self.app, &self.snapshot(), name);
        found.map_or_else(|_| name.to_owned(), |server| self.app.core.issuer(&server))
    }

    fn command(&self, command: Command) -> Result<(), ControlError> {
        self.call(Call::Command(command))
    }

    fn call(&self, call: Call) -> Result<(), ControlError> {
        self.app.call(call).map(drop)
    }
}
