//! What a test calls.

use mock_okta_core::control::{Call, Command, ControlError};
use serde::Serialize;
use serde_json::{Map, Value};

use super::error::TokenError;
use super::exchange;
use super::sign_in::SignIn;
use crate::org_handle::OrgHandle;

impl OrgHandle {
    /// Signs a user in, as a browser and a client would. Users go by id, by login, or by the part of the login before
    /// its `@`.
    ///
    /// Awaited as it is, it takes the default client and scopes; [`SignIn`] shows how to choose others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let tokens = okta.sign_in("ada").await?;
    /// assert_eq!(tokens.claims()["sub"], "00uada00000000000001");
    /// # Ok(()) }
    /// ```
    pub fn sign_in(&self, user: &str) -> SignIn {
        SignIn::new(self.clone(), user)
    }

    /// The ID token of a user who signs in to a client, which goes by its id or role: `agent`, `web_app` …
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let id_token = okta.id_token_for("grace", "web_app").await?;
    /// let claims = mock_okta::claims_of(&id_token).ok_or("not a JWT")?;
    /// assert_eq!(claims["aud"], "0oawebapp00000000001");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the user or client does not exist, or the org refuses.
    pub async fn id_token_for(&self, user: &str, client: &str) -> Result<String, TokenError> {
        Ok(self.sign_in(user).client(client).await?.id_token)
    }

    /// An ID-JAG: the user signs in, and the agent exchanges the ID token for an assertion that it may redeem at a custom
    /// authorization server. The agent goes by its id or role, the server by its issuer, id or role. Without scopes none
    /// are asked for.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let id_jag = okta
    ///     .id_jag_for("ada", "agent", "custom_as", &["chat.read"])
    ///     .await?;
    /// let claims = mock_okta::claims_of(&id_jag).ok_or("not a JWT")?;
    /// assert_eq!(claims["aud"], okta.issuer_of("custom_as").ok_or("a server")?);
    ///
    /// // What is not on the agent's connection is refused, as at Okta.
    /// let refused = okta
    ///     .id_jag_for("ada", "agent", "custom_as", &["chat.write"])
    ///     .await
    ///     .unwrap_err();
    /// assert_eq!(refused.oauth_error(), Some("invalid_scope"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When something of these names does not exist, or the org refuses.
    pub async fn id_jag_for(
        &self,
        user: &str,
        agent: &str,
        server: &str,
        scopes: &[&str],
    ) -> Result<String, TokenError> {
        exchange::id_jag(self, user, agent, server, scopes).await
    }

    /// An access token with which an agent uses an API for a user: the whole way over ID token and ID-JAG.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let token = okta
    ///     .access_token_for("ada", "agent", "custom_as", &["chat.read"])
    ///     .await?;
    /// // The API under test takes it from here.
    /// let authorization = format!("Bearer {token}");
    /// # assert!(authorization.len() > 100);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When something of these names does not exist, or the org refuses.
    pub async fn access_token_for(
        &self,
        user: &str,
        agent: &str,
        server: &str,
        scopes: &[&str],
    ) -> Result<String, TokenError> {
        let id_jag = self.id_jag_for(user, agent, server, scopes).await?;
        exchange::access_token(self, agent, server, &id_jag).await
    }

    /// Signs any header and claims with the key of an authorization server: a token that is wrong in one point and
    /// genuine otherwise. Header and claims are whatever serializes to a JSON object. `alg` and `kid` are those of the key
    /// and must not be in the header. The server goes by its issuer, id or role.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::serde_json::json;
    ///
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let expired = okta.sign_jwt(
    ///     &okta.issuer(),
    ///     json!({ "typ": "JWT" }),
    ///     json!({ "iss": okta.issuer(), "sub": "00uada00000000000001", "exp": 0 }),
    /// )?;
    /// assert_eq!(expired.split('.').count(), 3);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the org has no such server, when one of the two is not an object, or when the header has `alg` or `kid`.
    pub fn sign_jwt(
        &self,
        issuer: &str,
        header: impl Serialize,
        claims: impl Serialize,
    ) -> Result<String, ControlError> {
        let command = Command::Sign {
            issuer: self.issuer_named(issuer),
            header: object("header", header)?,
            claims: object("claims", claims)?,
        };
        let signed = self.app().call(Call::Command(command))?;
        Ok(signed["jwt"].as_str().unwrap_or_default().to_owned())
    }
}

fn object(name: &str, value: impl Serialize) -> Result<Map<String, Value>, ControlError> {
    let wrong = |error: String| ControlError::bad_request(error, "a JSON object");
    match serde_json::to_value(value) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(wrong(format!("`{name}` is not an object"))),
        Err(error) => Err(wrong(format!(
            "`{name}` cannot be written as JSON: {error}"
        ))),
    }
}
