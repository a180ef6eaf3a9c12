//! Fresh tokens for refresh tokens. Each refresh is a task of its own: a case that is out of time must not lose the token that comes
//! in place of the one that was used.

use std::path::PathBuf;

use super::stored::Newest;
use super::{Asker, SignIns};
use crate::fill::NoNames;
use crate::forge::{Forge, Signed};
use crate::jwks::KeyRing;
use crate::run::perform::{Performed, send};
use crate::scenario::model::{ClientRole, UserRole};
use crate::sign_in::{Asked, SignInError, SignedIn, refreshed};
use crate::steps::refresh_sign_in;
use crate::targets::{DEFAULT_SCOPE, GivenRefreshToken};
use crate::token_cache::{CachedSignIn, TokenCache};

impl SignIns {
    /// Trades a refresh token of the target file.
    pub(super) async fn refresh(
        &self,
        client: ClientRole,
        given: GivenRefreshToken,
        scope: String,
        by: &Asker<'_>,
    ) -> Performed {
        let (target, edition) = (by.target.clone(), by.edition);
        let under_way = self.refreshing.clone().read_owned().await;
        let refreshing = tokio::spawn(async move {
            let _under_way = under_way;
            let mut performed = Performed::default();
            let turn = target.refresh_turn(&given).await;
            let (published, signed) = (KeyRing::default(), Signed::default());
            let forge = Forge {
                deployment: target.deployment(),
                edition,
                names: &NoNames,
                now: target.now(),
                published: &published,
                signed: &signed,
            };
            match refresh_sign_in(client, turn.token(), &scope, None, &forge) {
                Ok(request) => send(request, &target, &mut performed).await,
                Err(unforgeable) => performed.unforgeable = Some(unforgeable),
            }
            // Stored before anybody uses what came with it.
            if let Some(answer) = performed.exchanges.last() {
                turn.keep(answer).await;
            }
            performed
        });
        refreshing.await.unwrap_or_default()
    }

    /// Trades the refresh token of a sign-in of the token cache.
    pub(super) async fn refresh_cached(
        &self,
        cached: CachedSignIn,
        file: PathBuf,
        newest: Newest,
        user: UserRole,
        by: &Asker<'_>,
    ) -> Result<SignedIn, SignInError> {
        let (target, edition) = (by.target.clone(), by.edition);
        let ledger = self.ledger.clone();
        let under_way = self.refreshing.clone().read_owned().await;
        let refreshing = tokio::spawn(async move {
            let _under_way = under_way;
            let asked = Asked {
                target: &target,
                edition,
                user,
                scope: DEFAULT_SCOPE,
            };
            let keep = |sign_in: &CachedSignIn| {
                // Even where the file cannot be written, the token before it is used up.
                newest.set(sign_in.clone());
                TokenCache::keep(&file, sign_in.clone())?;
                if let Some(ledger) = &ledger {
                    ledger.keep(sign_in.secrets());
                }
                Ok(())
            };
            refreshed(&asked, &cached, &keep).await
        });
        refreshing.await.unwrap_or(Err(SignInError::Cancelled))
    }
}
