//! What a test in this process can ask of an org and do to it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mock_okta_core::control::{
    Call, ClockCall, Command, ConnectionRef, ConsentChange, ControlError,
};
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::org::{ClientId, CustomServerId, KeyOrigin};
use mock_okta_core::{
    Defect, JournalEntry, MemoryUse, Snapshot, Variation, VariationConflict, Variations,
};
use serde_json::Value;

use crate::app::App;
use crate::target_file;

/// A handle on an org in this process. Cheap to clone; the org lives as long as whoever serves it.
///
/// Users go by id or login, agents and connections by id, resources by what an agent would send.
#[derive(Debug, Clone)]
pub struct OrgHandle {
    app: Arc<App>,
}

impl OrgHandle {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self { app }
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

    /// Issuer of the custom authorization server with this id, if there is one.
    pub fn issuer_of(&self, id: &str) -> Option<String> {
        let known = self.app.core.snapshot().org.custom_servers.contains_key(id);
        let name = ServerName::Custom(CustomServerId::new(id));
        known.then(|| self.app.core.issuer(&name))
    }

    /// Who plays which role: the ids behind `agent`, `web_app`, `custom_as`, `ada`, `secret` …
    pub fn roles(&self) -> &TargetRoles {
        &self.app.roles
    }

    /// Private key of a client as PKCS#8 PEM: its first, unless only the public half is known here.
    pub fn private_key_pem(&self, client_id: &str) -> Option<String> {
        let snapshot = self.app.core.snapshot();
        let key = snapshot.keys.client(&ClientId::new(client_id)).first()?;
        Some(key.private_pem.as_ref()?.reveal().to_owned())
    }

    /// The same key as a private JWK, `kid` included.
    pub fn private_jwk(&self, client_id: &str) -> Option<Value> {
        let snapshot = self.app.core.snapshot();
        let key = snapshot.keys.client(&ClientId::new(client_id)).first()?;
        serde_json::from_str(key.private_jwk.as_ref()?.reveal()).ok()
    }

    /// The target file that the harness takes: `atx run --target FILE`. Holds private keys and passwords of the mock.
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
    pub fn set_defects(&self, defects: impl IntoIterator<Item = Defect>) {
        self.app.core.set_defects(defects.into_iter().collect());
    }

    /// Lets the org answer in these lawful ways from the next request on, and in no others.
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
    /// # Errors
    /// When no clock could show that time.
    pub fn advance_clock(&self, by: Duration) -> Result<(), ControlError> {
        self.call(Call::Clock(ClockCall::Advance(by.as_secs())))
    }

    /// Sets the org's clock, which runs on from there.
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

    /// Puts everything back as it was at start, clock and journal included; keys stay.
    pub fn reset(&self) {
        self.app.core.reset();
        self.app.clock.resume();
    }

    /// Suspends a user.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn suspend_user(&self, user: &str) -> Result<(), ControlError> {
        self.set_user(user, true)
    }

    /// Restores a suspended user.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn restore_user(&self, user: &str) -> Result<(), ControlError> {
        self.set_user(user, false)
    }

    /// Activates an agent.
    ///
    /// # Errors
    /// When there is no such agent.
    pub fn activate_agent(&self, agent: &str) -> Result<(), ControlError> {
        self.set_agent(agent, true)
    }

    /// Deactivates an agent.
    ///
    /// # Errors
    /// When there is no such agent.
    pub fn deactivate_agent(&self, agent: &str) -> Result<(), ControlError> {
        self.set_agent(agent, false)
    }

    /// Activates a connection (`mcn…`).
    ///
    /// # Errors
    /// When there is no such connection.
    pub fn activate_connection(&self, connection: &str) -> Result<(), ControlError> {
        self.set_connection(connection, true)
    }

    /// Deactivates a connection (`mcn…`).
    ///
    /// # Errors
    /// When there is no such connection.
    pub fn deactivate_connection(&self, connection: &str) -> Result<(), ControlError> {
        self.set_connection(connection, false)
    }

    /// Allows, in the user's stead, that an agent uses a third party.
    ///
    /// # Errors
    /// When one of the three does not exist.
    pub fn grant_consent(&self, user: &str, agent: &str, at: &str) -> Result<(), ControlError> {
        self.consent(user, agent, at, ConsentChange::Grant)
    }

    /// Refuses it in the user's stead: links to the consent page end.
    ///
    /// # Errors
    /// When one of the three does not exist.
    pub fn refuse_consent(&self, user: &str, agent: &str, at: &str) -> Result<(), ControlError> {
        self.consent(user, agent, at, ConsentChange::Refuse)
    }

    /// Takes consent back, and with it the token that the third party gave for it.
    ///
    /// # Errors
    /// When one of the three does not exist.
    pub fn withdraw_consent(&self, user: &str, agent: &str, at: &str) -> Result<(), ControlError> {
        self.consent(user, agent, at, ConsentChange::Withdraw)
    }

    /// Gives an authorization server a new signing key and tells its `kid`; the old one stays published. Takes tens
    /// of milliseconds.
    ///
    /// # Errors
    /// When the org has no such issuer.
    pub fn rotate_key(&self, issuer: &str) -> Result<String, ControlError> {
        let issuer = issuer.to_owned();
        let told = self
            .app
            .call(Call::Command(Command::RotateKey { issuer }))?;
        Ok(told["kid"].as_str().unwrap_or_default().to_owned())
    }

    /// Configures the org anew with members of the org file, as `PATCH /_mock/org` does: members replace members, null
    /// removes one, and entries of lists go by their `id`. A reset undoes it.
    ///
    /// # Errors
    /// When the org file could not be like this; the message shows every mistake.
    pub fn configure(&self, change: serde_json::Map<String, Value>) -> Result<(), ControlError> {
        self.command(Command::Configure(change))
    }

    /// Gives a client's `jwks_uri` these keys until others are published or a reset.
    ///
    /// # Errors
    /// When no client has that address.
    pub fn publish_keys(&self, jwks_uri: &str, keys: Vec<Value>) -> Result<(), ControlError> {
        let at = jwks_uri.to_owned();
        self.command(Command::PublishKeys { at, keys })
    }

    /// What was asked and answered so far, oldest first, as far as the journal reaches back.
    pub fn journal(&self) -> Vec<JournalEntry> {
        let core = &self.app.core;
        core.with_state(|state| state.journal.entries().cloned().collect())
    }

    /// How much the org keeps at this moment, and how much it had to push out.
    pub fn memory_use(&self) -> MemoryUse {
        self.app.core.memory_use(self.app.clock.now())
    }

    fn set_user(&self, user: &str, suspended: bool) -> Result<(), ControlError> {
        let user = user.to_owned();
        self.command(Command::SetUserSuspended { user, suspended })
    }

    fn set_agent(&self, agent: &str, active: bool) -> Result<(), ControlError> {
        let agent = agent.to_owned();
        self.command(Command::SetAgentActive { agent, active })
    }

    fn set_connection(&self, connection: &str, active: bool) -> Result<(), ControlError> {
        let connection = ConnectionRef::Id(connection.to_owned());
        self.command(Command::SetConnectionActive { connection, active })
    }

    fn consent(
        &self,
        user: &str,
        agent: &str,
        resource: &str,
        change: ConsentChange,
    ) -> Result<(), ControlError> {
        self.command(Command::Consent {
            user: user.to_owned(),
            agent: agent.to_owned(),
            resource: resource.to_owned(),
            change,
        })
    }

    fn command(&self, command: Command) -> Result<(), ControlError> {
        self.call(Call::Command(command))
    }

    fn call(&self, call: Call) -> Result<(), ControlError> {
        self.app.call(call).map(drop)
    }
}
