//! Ends what a sign-in gave, where the org revokes tokens (RFC 7009).

use super::error::SignInError;
use super::flow::{Asked, with_forge};
use crate::scenario::model::ClientRole;
use crate::steps::revoke_sign_in;
use crate::targets::acting;
use crate::token_cache::CachedSignIn;

/// Revokes the refresh token, which ends its access tokens as well, or else the access token. Which of them it was comes back.
///
/// # Errors
/// When there is none, and when the org refuses.
pub async fn revoke(
    asked: &Asked<'_>,
    sign_in: &CachedSignIn,
) -> Result<&'static str, SignInError> {
    let refresh = sign_in.refresh_token.as_ref();
    let (token, hint, what) = match (refresh, &sign_in.access_token) {
        (Some(token), _) => (token, "refresh_token", "refresh token"),
        (None, Some(token)) => (token, "access_token", "access token"),
        (None, None) => {
            return Err(SignInError::InvalidTokens(
                "there is no token that can be revoked".to_owned(),
            ));
        }
    };
    let client = acting(ClientRole::UserClient, asked.edition);
    let request = with_forge(asked, |forge| {
        revoke_sign_in(client, token.expose(), hint, forge)
    })?;
    let exchange = asked.target.send(request).await?;
    let response = &exchange.response;
    if response.status == 200 {
        return Ok(what);
    }
    let member = |name: &str| {
        let body = response.json.as_ref();
        body.and_then(|body| body.get(name)?.as_str())
            .map(str::to_owned)
    };
    Err(SignInError::NotRevoked {
        status: response.status,
        error: member("error").or_else(|| member("errorCode")),
    })
}
