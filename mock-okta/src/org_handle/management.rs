//! What programs show to use the management API.

use mock_okta_core::control::ControlError;
use mock_okta_core::secret::Secret;
use serde_json::json;

use super::OrgHandle;

/// Seconds for which an access token for the API counts.
const LIFETIME: i64 = 3600;

impl OrgHandle {
    /// The token of the management API (`Authorization: SSWS …`); `None` where the org has no such API. See
    /// [`Builder::api_token`](crate::Builder::api_token).
    pub fn api_token(&self) -> Option<&str> {
        let token = self.app().core.options().api_token.as_ref();
        token.map(Secret::reveal)
    }

    /// An access token for the management API (`Authorization: Bearer …`) with these scopes of Okta's, as the org authorization
    /// server issues one to a service app that an administrator granted them to.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::builder().api_token("00test").start().await?;
    /// let token = okta.management_token(["okta.aiAgents.read"])?;
    /// let agents = format!("{}/workload-principals/api/v1/ai-agents", okta.base_url());
    /// let answer = reqwest::Client::new().get(agents).bearer_auth(token).send().await?;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the org has lost its key.
    pub fn management_token<S: Into<String>>(
        &self,
        scopes: impl IntoIterator<Item = S>,
    ) -> Result<String, ControlError> {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        let (issuer, now) = (self.issuer(), self.now().as_second());
        let claims = json!({
            "ver": 1,
            "jti": format!("AT.{}", self.app().fresh_text()),
            "iss": issuer,
            "aud": issuer,
            "iat": now,
            "exp": now + LIFETIME,
            "cid": "0oamanagement0000001",
            "scp": scopes,
            "sub": "0oamanagement0000001",
        });
        let header = json!({ "typ": "application/okta-internal-at+jwt" });
        self.sign_jwt(&issuer, header, claims)
    }
}
