//! The refresh token by which users sign in. An org may give another one with each answer and take each only once; reuse
//! then ends them all (RFC 9700 section 4.14.2). So the newest is kept, and as long as the org may do so, one request
//! waits for the answer to the one before.

use tokio::sync::{Mutex, MutexGuard};

use super::{GivenRefreshToken, Target};
use crate::exchange::Exchange;
use crate::files;
use crate::secret::Secret;

/// What is known of the refresh token of a run.
#[derive(Debug, Default)]
pub(super) struct RefreshTokens(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The one that the org gave last, where it is not the one of the target file.
    newest: Option<Secret>,
    /// The org has answered and left the token as it is.
    stays: bool,
    /// Why the newest could not be written into the file that the first was read from.
    unwritten: Option<String>,
}

/// One use of the refresh token. While it is alive no other begins, unless the org is known to leave the token as it is.
#[derive(Debug)]
pub struct RefreshTurn<'t> {
    tokens: &'t RefreshTokens,
    given: &'t GivenRefreshToken,
    held: Option<MutexGuard<'t, Kept>>,
    token: Secret,
}

impl Target {
    /// Waits for its turn to use the refresh token.
    pub async fn refresh_turn<'t>(&'t self, given: &'t GivenRefreshToken) -> RefreshTurn<'t> {
        let tokens = self.refresh_tokens();
        let kept = tokens.0.lock().await;
        let token = kept.newest.as_ref().unwrap_or(&given.token).clone();
        RefreshTurn {
            tokens,
            given,
            held: (!kept.stays).then_some(kept),
            token,
        }
    }

    /// The refresh token that stands in for the one of the target file by now.
    pub async fn newest_refresh_token(&self) -> Option<Secret> {
        self.refresh_tokens().0.lock().await.newest.clone()
    }

    /// What became of the refresh token of the target file, if the org has put another in its place.
    pub async fn refresh_token_used_up(&self) -> Option<RefreshTokenLeft> {
        let kept = self.refresh_tokens().0.lock().await;
        kept.newest.as_ref()?;
        Some(match (&self.deployment().sign_in, &kept.unwritten) {
            (Some(super::SignInWay::Refresh(given)), None) if given.file.is_some() => {
                RefreshTokenLeft::Written
            }
            (_, Some(why)) => RefreshTokenLeft::Unwritten(why.clone()),
            _ => RefreshTokenLeft::Lost,
        })
    }
}

/// What became of a refresh token that was used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshTokenLeft {
    /// The newest stands in the file that the first was read from.
    Written,
    /// It could not be written there.
    Unwritten(String),
    /// It was read from no file, so nobody has the newest.
    Lost,
}

impl RefreshTurn<'_> {
    /// The token to send.
    pub fn token(&self) -> &str {
        self.token.expose()
    }

    /// Keeps what an answer says of the token.
    pub async fn keep(mut self, answer: &Exchange) {
        let response = &answer.response;
        if response.status != 200 {
            return;
        }
        let next = response
            .json
            .as_ref()
            .and_then(|body| body.get("refresh_token")?.as_str());
        let next = next.filter(|next| *next != self.token.expose());
        let mut kept = match self.held.take() {
            Some(kept) => kept,
            None if next.is_none() => return,
            None => self.tokens.0.lock().await,
        };
        kept.stays = next.is_none();
        let Some(next) = next else {
            return;
        };
        kept.newest = Some(Secret::new(next));
        if let Some(file) = &self.given.file {
            let written = files::replace(file, next);
            kept.unwritten = written.err().map(|error| error.to_string());
        }
    }
}
