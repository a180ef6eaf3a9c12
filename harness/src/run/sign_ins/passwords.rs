//! What the org has said of users' passwords. A wrong one is tried once in a run, however many cases sign in by themselves: an org
//! locks a user out after some tries.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

use super::{Made, SignIns};
use crate::run::perform::Performed;
use crate::scenario::model::UserRole;
use crate::sign_in::session;

/// By user.
#[derive(Default)]
pub(super) struct Passwords(Mutex<BTreeMap<UserRole, Arc<AsyncMutex<Password>>>>);

/// A user's password.
#[derive(Default)]
enum Password {
    #[default]
    Untried,
    Accepted,
    /// What was answered, and why it is a refusal.
    Refused(Box<Made>),
}

impl Passwords {
    fn of(&self, user: UserRole) -> Arc<AsyncMutex<Password>> {
        let mut passwords = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passwords.entry(user).or_default().clone()
    }
}

impl Password {
    /// What an attempt shows of it, if it shows something.
    fn seen_in(performed: &Performed, user: UserRole) -> Option<Self> {
        let mut exchanges = performed.exchanges.iter();
        let authn = exchanges.find(|exchange| session::is_authn(exchange))?;
        if let Some(error) = session::refusal(authn, user) {
            return Some(Self::Refused(Box::new(Made {
                answer: Some(authn.clone()),
                error: Some(error),
                until: None,
            })));
        }
        session::session_token(&authn.response).map(|_| Self::Accepted)
    }
}

impl SignIns {
    /// Signs a user in by password, unless the org has refused the password before. Until it has accepted it once, others wait.
    pub(in crate::run) async fn by_password<E>(
        &self,
        user: UserRole,
        attempt: impl Future<Output = Result<Performed, E>>,
    ) -> Result<Performed, E> {
        let password = self.passwords.of(user);
        let known = password.lock().await;
        if let Password::Refused(refused) = &*known {
            return Ok(refused.performed());
        }
        let is_first = matches!(*known, Password::Untried);
        let held = is_first.then_some(known);
        let performed = attempt.await?;
        if let Some(seen) = Password::seen_in(&performed, user) {
            let mut known = match held {
                Some(known) => known,
                None => password.lock().await,
            };
            *known = seen;
        }
        Ok(performed)
    }
}
