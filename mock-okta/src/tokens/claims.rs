//! What a JWT says, for tests that look into it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value};

/// The claims of a JWT; `None` when the text is not a JWT, as an opaque token is not. The signature is **not** verified.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let okta = mock_okta::MockOkta::start().await?;
/// let id_token = okta.id_token_for("ada", "agent").await?;
/// let claims = mock_okta::claims_of(&id_token).ok_or("not a JWT")?;
/// assert_eq!(claims["iss"], okta.issuer());
/// # Ok(()) }
/// ```
pub fn claims_of(jwt: &str) -> Option<Map<String, Value>> {
    let mut parts = jwt.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    serde_json::from_slice(&B64.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_jwt_has_claims() {
        let claims = claims_of("e30.eyJzdWIiOiIwMHUifQ.c2ln").expect("claims");
        assert_eq!(claims["sub"], "00u");
        for text in ["", "opaque", "a.b", "e30.W10.c2ln", "e30.!.c2ln"] {
            assert_eq!(claims_of(text), None, "{text}");
        }
    }
}
