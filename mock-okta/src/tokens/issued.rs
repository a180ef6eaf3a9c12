//! What a sign-in gives.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::claims::claims_of;

/// The tokens of a signed-in user, and what they were asked with.
///
/// `Debug` shows no token, so that a failed assertion does not print one.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tokens {
    /// Says who signed in, to the client: what an agent exchanges.
    pub id_token: String,
    /// Opens the server's own endpoints, or the API behind a custom authorization server.
    pub access_token: String,
    /// There when the scope `offline_access` was granted.
    pub refresh_token: Option<String>,
    /// How long the access token lives by the org's clock.
    pub expires_in: Duration,
    /// Scopes that were granted.
    pub scopes: Vec<String>,
    /// The client that the user signed in to.
    pub client_id: String,
    /// The nonce of the authorization request, which the ID token repeats.
    pub nonce: String,
}

impl Tokens {
    /// The claims of the ID token. Its signature is **not** verified.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::start().await?;
    /// let tokens = okta.sign_in("ada").await?;
    /// assert_eq!(tokens.claims()["email"], "ada@example.com");
    /// # Ok(()) }
    /// ```
    pub fn claims(&self) -> Map<String, Value> {
        claims_of(&self.id_token).unwrap_or_default()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = format_args!("[redacted]");
        f.debug_struct("Tokens")
            .field("id_token", &redacted)
            .field("access_token", &redacted)
            .field(
                "refresh_token",
                &self.refresh_token.as_ref().map(|_| redacted),
            )
            .field("expires_in", &self.expires_in)
            .field("scopes", &self.scopes)
            .field("client_id", &self.client_id)
            .field("nonce", &self.nonce)
            .finish()
    }
}
