//! What a target's way to sign in cannot give, and what to say then.

use super::capabilities::Lack;
use super::deployment::{Deployment, acting};
use super::sign_in_way::{DEFAULT_SCOPE, SignInWay};
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::token_cache::{CachedSignIn, Usable};

/// The ways that make a sign-in for one case.
const FRESH: &str = "this needs a target with `sign_in: {with: page}` or `{with: session}`";

impl Deployment {
    /// A sign-in of any kind.
    pub(super) fn lacks_any_sign_in(&self) -> Option<Lack> {
        self.sign_in.is_none().then(|| {
            Lack::new(
                "the target says nothing of how a user signs in",
                "add `sign_in` to the target file: `{with: page}` for a mock org; for a real one `browser`, `cache`, `session`, `given` or `refresh`",
            )
        })
    }

    /// A sign-in that is made for this case, as the case writes it.
    pub(super) fn lacks_fresh_sign_in(&self) -> Option<Lack> {
        self.lacks_fresh(
            "the case asks for a sign-in that is made as it says, and looks at what is answered",
        )
    }

    /// A sign-in that nobody else uses.
    pub(super) fn lacks_own_sign_in(&self) -> Option<Lack> {
        self.lacks_fresh(
            "the case ends the sign-in that it uses, and the target gives only one, which the other cases need",
        )
    }

    /// Why a case that changes the org, its clock perhaps, cannot sign in: what a person or `atx sign-in` did before it would
    /// not be what the case takes for granted.
    pub(crate) fn lacks_sign_in_after_change(&self) -> Option<Lack> {
        let way = self.sign_in.as_ref()?;
        way.cache()?;
        self.lacks_fresh("the case changes the org, and needs a sign-in that is made after that")
    }

    fn lacks_fresh(&self, reason: &str) -> Option<Lack> {
        let way = self.sign_in.as_ref()?;
        (!way.makes_fresh_sign_ins()).then(|| Lack::new(reason, FRESH))
    }

    /// An access token beside the ID token.
    pub(super) fn lacks_access_token(&self, edition: Edition) -> Option<Lack> {
        match &self.sign_in {
            Some(SignInWay::Given(tokens)) if tokens.access_token.is_none() => Some(Lack::new(
                "the target file gives an ID token and not the access token of the same sign-in",
                "add `access_token` beside `id_token` to `sign_in` in the target file",
            )),
            Some(SignInWay::Cache(_)) => {
                let cached = self.cached_sign_in(UserRole::Ada, edition)?;
                let is_there = cached.access_token.is_some();
                (!is_there).then(|| {
                    Lack::new(
                        "the token cache has an ID token and not the access token of the same sign-in",
                        "sign in again: atx sign-in",
                    )
                })
            }
            _ => None,
        }
    }

    /// Whether a person consents at third parties, because no program can do it and take it back.
    #[must_use]
    pub fn asks_for_consent(&self) -> bool {
        let drives = self.consent_page && self.control.is_some();
        matches!(self.sign_in, Some(SignInWay::Browser(_))) && !drives
    }

    /// What the token cache holds for the client that signs users in.
    #[must_use]
    pub fn cached_sign_in(&self, user: UserRole, edition: Edition) -> Option<&CachedSignIn> {
        let stored = self.sign_in.as_ref()?.cache()?;
        let client = self.client(ClientRole::UserClient, edition)?;
        stored.find(&self.org()?.issuer, &client.client_id, user.as_str())
    }

    /// How a run can use what the token cache holds, if it can.
    #[must_use]
    pub fn usable_sign_in(&self, user: UserRole, edition: Edition, now: i64) -> Option<Usable> {
        let cached = self.cached_sign_in(user, edition)?;
        cached.usable(DEFAULT_SCOPE, now)
    }

    /// Nothing, or what is lacking for this client to sign this user in.
    pub fn lacks_sign_in(
        &self,
        client: ClientRole,
        user: UserRole,
        edition: Edition,
    ) -> Option<Lack> {
        let user_client = acting(ClientRole::UserClient, edition);
        let is_user_client = acting(client, edition) == user_client;
        match self.sign_in.as_ref() {
            None => self.lacks_any_sign_in(),
            Some(SignInWay::Page | SignInWay::Session) => self.lacks_password(user),
            Some(SignInWay::Given(_) | SignInWay::Refresh(_)) => {
                let same = is_user_client && user == UserRole::Ada;
                (!same).then(|| {
                    Lack::new(
                        format!(
                            "the target gives a token of `ada` for `{user_client}` only, not of `{user}` for `{client}`"
                        ),
                        FRESH,
                    )
                })
            }
            Some(SignInWay::Browser(_) | SignInWay::Cache(_)) if !is_user_client => {
                let reason = format!(
                    "users sign in through `{user_client}` at a browser, and not through `{client}`"
                );
                Some(Lack::new(reason, FRESH))
            }
            Some(SignInWay::Browser(_)) => self.lacks_redirect_uri(user_client),
            // Whether ada has signed in is what the preflight asks. Who had signed in when a run was recorded is seen in the
            // cases that are there.
            Some(SignInWay::Cache(stored)) if user == UserRole::Ada || stored.is_nowhere() => None,
            Some(SignInWay::Cache(_)) => {
                let is_there = self.cached_sign_in(user, edition).is_some();
                (!is_there).then(|| {
                    Lack::new(
                        format!("the token cache has no sign-in of `{user}`"),
                        format!("sign in as that user: atx sign-in --user {user}"),
                    )
                })
            }
        }
    }

    fn lacks_password(&self, user: UserRole) -> Option<Lack> {
        let user_described = self.users.get(&user);
        let has_password = user_described.is_some_and(|described| described.password.is_some());
        (!has_password).then(|| {
            Lack::new(
                format!("the target gives no password of the user `{user}`"),
                format!("add `users.{user}.password` to the target file"),
            )
        })
    }

    fn lacks_redirect_uri(&self, client: ClientRole) -> Option<Lack> {
        let has_one = self
            .clients
            .get(&client)
            .is_none_or(|client| client.redirect_uri.is_some());
        (!has_one).then(|| {
            Lack::new(
                format!(
                    "the target gives no redirect URI of `{client}`, so no user can sign in at a browser"
                ),
                format!("add `clients.{client}.redirect_uri` to the target file"),
            )
        })
    }
}
