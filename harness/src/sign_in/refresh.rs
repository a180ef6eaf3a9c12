//! Fresh tokens for the refresh token of an earlier sign-in. An org may take each refresh token only once, and ends them all when
//! one comes twice (RFC 9700 section 4.14.2): so the one that comes in its place is kept before anything else is done.

use super::error::SignInError;
use super::flow::{Asked, SignedIn, cached, published_keys, validated, with_forge};
use super::tokens::{Claims, id_token_of};
use crate::exchange::Response;
use crate::jwt::Jwt;
use crate::scenario::model::ClientRole;
use crate::secret::Secret;
use crate::steps::refresh_sign_in;
use crate::targets::{OFFLINE_ACCESS, acting};
use crate::token_cache::{CacheError, CachedSignIn};

/// Keeps a sign-in for whoever needs it next.
pub type Keep<'k> = &'k (dyn Fn(&CachedSignIn) -> Result<(), CacheError> + Send + Sync);

/// Trades the refresh token of an earlier sign-in for fresh tokens. Keeps the refresh token that comes in its place, even where
/// what comes with it is of no use, and the sign-in once its tokens were validated.
///
/// # Errors
/// When there is no refresh token, and when nothing comes for it that can be used.
pub async fn refreshed(
    asked: &Asked<'_>,
    earlier: &CachedSignIn,
    keep: Keep<'_>,
) -> Result<SignedIn, SignInError> {
    let user = asked.user;
    let Some(refresh_token) = &earlier.refresh_token else {
        let why = "there is no refresh token".to_owned();
        return Err(SignInError::NotCached { why, user });
    };
    published_keys(asked.target).await?;
    // The request adds the scope of those who get refresh tokens.
    let granted = earlier.scopes.iter().map(String::as_str);
    let wanted: Vec<&str> = granted.filter(|scope| *scope != OFFLINE_ACCESS).collect();
    let client = acting(ClientRole::UserClient, asked.edition);
    let request = with_forge(asked, |forge| {
        refresh_sign_in(
            client,
            refresh_token.expose(),
            &wanted.join(" "),
            None,
            forge,
        )
    })?;
    let exchange = asked.target.ask(request).await?;
    if let Err(SignInError::TokensRefused {
        status,
        error,
        description,
    }) = id_token_of(&exchange.response)
    {
        return Err(SignInError::NotRefreshed {
            user,
            status,
            error,
            description,
        });
    }
    let next = next_refresh_token(&exchange.response);
    let earlier = match next.filter(|next| next != refresh_token) {
        Some(next) => {
            let rotated = CachedSignIn {
                refresh_token: Some(next),
                ..earlier.clone()
            };
            keep(&rotated)?;
            rotated
        }
        None => earlier.clone(),
    };
    let subject = subject_of(&earlier);
    let claims = Claims {
        issuer: &earlier.issuer,
        client_id: &earlier.client_id,
        nonce: None,
        user: asked.described_user(),
        subject: subject.as_deref(),
        // An answer that does not say what is granted grants what was asked for (RFC 6749 section 5.1).
        scope: &earlier.scopes.join(" "),
        now: asked.target.now(),
    };
    let tokens = validated(asked.target, &exchange, &claims).await?;
    let sign_in = cached(user, &claims, tokens, Some(&earlier));
    keep(&sign_in)?;
    Ok(SignedIn { sign_in, exchange })
}

fn next_refresh_token(response: &Response) -> Option<Secret> {
    let body = response.json.as_ref()?;
    body.get("refresh_token")?.as_str().map(Secret::new)
}

/// Who signed in, by the ID token that is in the cache.
fn subject_of(sign_in: &CachedSignIn) -> Option<String> {
    let jwt = Jwt::decode(sign_in.id_token.expose()).ok()?;
    jwt.claims.get("sub")?.as_str().map(str::to_owned)
}
