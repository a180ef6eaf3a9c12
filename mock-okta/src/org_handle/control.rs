//! Actions of an administrator or a user that a test can perform.

use mock_okta_core::behaviour::Setting;
use mock_okta_core::control::{Call, Command, ConnectionRef, ConsentChange, ControlError};
use serde_json::{Map, Value, json};

use super::OrgHandle;

impl OrgHandle {
    /// Suspends a user.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.suspend_user("ada")?;
    /// assert!(okta.sign_in("ada").await.is_err());
    /// okta.restore_user("ada")?;
    /// assert!(okta.sign_in("ada").await.is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no such user.
    pub fn suspend_user(&self, user: &str) -> Result<(), ControlError> {
        self.set_user_suspended(user, true)
    }

    /// Restores a suspended user.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn restore_user(&self, user: &str) -> Result<(), ControlError> {
        self.set_user_suspended(user, false)
    }

    /// Activates an agent.
    ///
    /// # Errors
    /// When there is no such agent.
    pub fn activate_agent(&self, agent: &str) -> Result<(), ControlError> {
        self.set_agent_active(agent, true)
    }

    /// Deactivates an agent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.deactivate_agent("agent")?;
    /// assert!(okta.sign_in("ada").client("agent").await.is_err());
    /// okta.activate_agent("agent")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no such agent.
    pub fn deactivate_agent(&self, agent: &str) -> Result<(), ControlError> {
        self.set_agent_active(agent, false)
    }

    /// Activates a connection (`mcn…`).
    ///
    /// # Errors
    /// When there is no such connection.
    pub fn activate_connection(&self, connection: &str) -> Result<(), ControlError> {
        self.set_connection_active(connection, true)
    }

    /// Deactivates a connection (`mcn…`).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// okta.deactivate_connection("mcnchat0000000000001")?;
    /// let refused = okta
    ///     .id_jag_for("ada", "agent", "custom_as", &["chat.read"])
    ///     .await
    ///     .unwrap_err();
    /// assert_eq!(refused.oauth_error(), Some("invalid_target"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no such connection.
    pub fn deactivate_connection(&self, connection: &str) -> Result<(), ControlError> {
        self.set_connection_active(connection, false)
    }

    /// Allows, on behalf of the user, that an agent uses a third party.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// // The next exchange for the tracker is answered with a token instead of `interaction_required`.
    /// okta.grant_consent("ada", "agent", "https://tracker.example.com")?;
    /// // And from here on with `interaction_required` again.
    /// okta.withdraw_consent("ada", "agent", "https://tracker.example.com")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the user, the agent or the resource does not exist.
    pub fn grant_consent(
        &self,
        user: &str,
        agent: &str,
        resource: &str,
    ) -> Result<(), ControlError> {
        self.consent(user, agent, resource, ConsentChange::Grant)
    }

    /// Denies consent on behalf of the user: an earlier consent is gone, and links to the consent page no longer work.
    ///
    /// # Errors
    /// When the user, the agent or the resource does not exist.
    pub fn refuse_consent(
        &self,
        user: &str,
        agent: &str,
        resource: &str,
    ) -> Result<(), ControlError> {
        self.consent(user, agent, resource, ConsentChange::Refuse)
    }

    /// Takes consent back, and with it the token that the third party gave for it.
    ///
    /// # Errors
    /// When the user, the agent or the resource does not exist.
    pub fn withdraw_consent(
        &self,
        user: &str,
        agent: &str,
        resource: &str,
    ) -> Result<(), ControlError> {
        self.consent(user, agent, resource, ConsentChange::Withdraw)
    }

    /// Gives an authorization server a new signing key and returns its `kid`; the old one stays published. Takes tens
    /// of milliseconds.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let old = okta.id_token_for("ada", "agent").await?;
    /// let kid = okta.rotate_key(&okta.issuer())?;
    /// // A verifier that keeps keys has to fetch this one.
    /// let new = okta.id_token_for("ada", "agent").await?;
    /// # assert_ne!(old.split('.').next(), new.split('.').next());
    /// # assert!(!kid.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the org has no such issuer.
    pub fn rotate_key(&self, issuer: &str) -> Result<String, ControlError> {
        let issuer = self.issuer_named(issuer);
        let answer = self
            .app
            .call(Call::Command(Command::RotateKey { issuer }))?;
        Ok(answer["kid"].as_str().unwrap_or_default().to_owned())
    }

    /// Merges these members into the org file and configures the org anew, as `PATCH /_mock/org` does: members replace members, null
    /// removes one, and entries of lists go by their `id`. A reset undoes it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// use mock_okta::serde_json::{Map, json};
    ///
    /// let agents = json!([{ "id": "wlpagentrsa000000001", "assigned_users": [] }]);
    /// okta.configure(Map::from_iter([("agents".to_owned(), agents)]))?;
    /// assert!(okta.sign_in("ada").await.is_err(), "nobody is assigned");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the resulting org file would be invalid; the message shows every mistake.
    pub fn configure(&self, change: Map<String, Value>) -> Result<(), ControlError> {
        self.command(Command::Configure(change))
    }

    /// Sets a switch while the org runs; see [`Builder::switch`](crate::Builder::switch). A reset undoes it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    /// use mock_okta::switches::UserSignIn;
    ///
    /// let okta = MockOkta::start().await?;
    /// okta.set_switch(UserSignIn::LinkedApp)?;
    /// assert_eq!(okta.sign_in("ada").await?.client_id, "0oawebapp00000000001");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the resulting org file would be invalid.
    pub fn set_switch(&self, setting: impl Into<Setting>) -> Result<(), ControlError> {
        let setting = setting.into();
        let switches = json!({ setting.name(): setting.value() });
        self.configure(Map::from_iter([("behaviours".to_owned(), switches)]))
    }

    /// Gives a client's `jwks_uri` these keys until others are published or a reset.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    /// use mock_okta::org::{Agent, Org};
    /// use mock_okta::serde_json::json;
    ///
    /// let agent = Agent::new("remote").jwks_uri("https://agent.example/keys");
    /// # if cfg!(feature = "jwks-uri") {
    /// let okta = MockOkta::builder()
    ///     .org(&Org::new("Remote").agent(agent))
    ///     .start()
    ///     .await?;
    /// // From now on nothing has to listen at that address.
    /// okta.publish_keys("https://agent.example/keys", vec![json!({ "kty": "EC" })])?;
    /// # }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no client has that address.
    pub fn publish_keys(&self, jwks_uri: &str, keys: Vec<Value>) -> Result<(), ControlError> {
        let at = jwks_uri.to_owned();
        self.command(Command::PublishKeys { at, keys })
    }

    fn set_user_suspended(&self, user: &str, suspended: bool) -> Result<(), ControlError> {
        let user = self.user_named(user);
        self.command(Command::SetUserSuspended { user, suspended })
    }

    fn set_agent_active(&self, agent: &str, active: bool) -> Result<(), ControlError> {
        let agent = self.client_named(agent);
        self.command(Command::SetAgentActive { agent, active })
    }

    fn set_connection_active(&self, connection: &str, active: bool) -> Result<(), ControlError> {
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
            user: self.user_named(user),
            agent: self.client_named(agent),
            resource: resource.to_owned(),
            change,
        })
    }
}
