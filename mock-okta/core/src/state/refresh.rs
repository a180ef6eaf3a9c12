//! Refresh tokens and what ends with them. Tokens that come of one code by rotation are a family, and so are the access
//! tokens issued with them: whoever ends the family ends them all at once, however many there are.

use super::grants::RefreshGrant;
use super::{MEMORY_SECONDS, State};

/// What is left of a family.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Family {
    /// Its refresh tokens no longer count.
    refresh_tokens_ended: bool,
    /// The access tokens issued with them no longer count.
    access_tokens_ended: bool,
}

impl State {
    /// What a refresh token stands for, unless its family was ended.
    pub fn refresh_token(&self, token: &str, now: i64) -> Option<&RefreshGrant> {
        let grant = self.refresh_tokens.get(token, now)?;
        let family = self.families.get(&grant.family, now)?;
        (!family.refresh_tokens_ended).then_some(grant)
    }

    /// Remembers a refresh token and its family. Its limits are judged when it is used; it is remembered for a day beyond
    /// them, so that reuse is noticed.
    pub fn add_refresh_token(&mut self, token: &str, grant: RefreshGrant, now: i64) {
        let end = grant.limits.end().saturating_add(MEMORY_SECONDS);
        if self.families.get(&grant.family, now).is_none() {
            self.families
                .insert(&grant.family, end, Family::default(), now);
        }
        self.families.extend(&grant.family, end);
        self.refresh_tokens.insert(token, end, grant, now);
    }

    /// Notes that a refresh token was used and stays.
    pub fn use_refresh_token(&mut self, token: &str, now: i64) {
        let used = self.refresh_tokens.update(token, now, |grant| {
            grant.limits.used_at = now;
            (grant.limits.end(), grant.family.clone())
        });
        if let Some((end, family)) = used {
            let end = end.saturating_add(MEMORY_SECONDS);
            self.refresh_tokens.extend(token, end);
            self.families.extend(&family, end);
        }
    }

    /// Notes that a refresh token was used up by rotation.
    pub fn rotate_refresh_token(&mut self, token: &str, now: i64) {
        self.refresh_tokens
            .update(token, now, |grant| grant.rotated = true);
    }

    /// Remembers that an access token, which lives until `expires`, was issued with a refresh token of a family.
    pub fn add_access_token(&mut self, jti: &str, family: &str, expires: i64, now: i64) {
        self.access_tokens
            .insert(jti, expires, family.to_owned(), now);
        self.families
            .extend(family, expires.saturating_add(MEMORY_SECONDS));
    }

    /// Ends every refresh token of a family, and every access token that was issued with one.
    pub fn end_family(&mut self, family: &str, now: i64) {
        self.families.update(family, now, |family| {
            *family = Family {
                refresh_tokens_ended: true,
                access_tokens_ended: true,
            };
        });
    }

    /// Ends every refresh token of a family and leaves the access tokens that were issued with them.
    pub fn end_refresh_tokens(&mut self, family: &str, now: i64) {
        self.families.update(family, now, |family| {
            family.refresh_tokens_ended = true;
        });
    }

    /// Revokes a token by its `jti`. It is remembered until `until`.
    pub fn revoke(&mut self, jti: &str, until: i64, now: i64) {
        self.revoked.insert(jti, until, (), now);
    }

    /// Whether an access token was revoked, by itself or with its family.
    pub fn is_revoked(&self, jti: &str, now: i64) -> bool {
        let family = self.access_tokens.get(jti, now);
        let family = family.and_then(|family| self.families.get(family, now));
        family.is_some_and(|family| family.access_tokens_ended)
            || self.revoked.get(jti, now).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Limits, RefreshLimits};
    use super::*;
    use crate::keys::ServerName;
    use crate::org::{ClientId, UserId};

    fn state() -> State {
        let limits = Limits {
            journal_capacity: 10,
            memory_budget: 1 << 20,
        };
        State::new(&[0; 32], limits)
    }

    fn grant(family: &str, now: i64) -> RefreshGrant {
        RefreshGrant {
            server: ServerName::Org,
            client: ClientId::new("c"),
            user: UserId::new("u"),
            auth_time: now,
            scopes: BTreeSet::new(),
            nonce: None,
            family: family.to_owned(),
            rotated: false,
            resource: None,
            limits: RefreshLimits {
                expires_at: None,
                idle: 600,
                used_at: now,
            },
        }
    }

    #[test]
    fn a_family_ends_with_all_its_tokens_and_no_others() {
        let mut state = state();
        for (token, family) in [("a", "one"), ("b", "one"), ("c", "two")] {
            state.add_refresh_token(token, grant(family, 0), 0);
            state.add_access_token(&format!("AT.{token}"), family, 3600, 0);
        }
        state.end_family("one", 5);
        for (token, lives) in [("a", false), ("b", false), ("c", true)] {
            assert_eq!(state.refresh_token(token, 5).is_some(), lives, "{token}");
            assert_eq!(
                !state.is_revoked(&format!("AT.{token}"), 5),
                lives,
                "{token}"
            );
        }
        state.end_refresh_tokens("two", 5);
        assert!(state.refresh_token("c", 5).is_none());
        assert!(!state.is_revoked("AT.c", 5));
    }

    #[test]
    fn an_access_token_outlives_the_idle_time_of_its_refresh_token() {
        let mut state = state();
        state.add_refresh_token("a", grant("one", 0), 0);
        state.add_access_token("AT.a", "one", 10 * MEMORY_SECONDS, 0);
        let late = 5 * MEMORY_SECONDS;
        state.sweep(late);
        assert!(state.refresh_token("a", late).is_none());
        assert!(!state.is_revoked("AT.a", late));
        state.end_family("one", late);
        assert!(state.is_revoked("AT.a", late));
    }

    #[test]
    fn a_refresh_token_that_is_used_again_and_again_keeps_nothing_but_its_access_tokens() {
        let mut state = state();
        state.add_refresh_token("a", grant("one", 0), 0);
        state.use_refresh_token("a", 1);
        let before = state
            .refresh_tokens
            .get("a", 1)
            .map(|grant| grant.limits.used_at);
        let bytes = super::super::Bounded::bytes(&state.refresh_tokens);
        for now in 2..1000 {
            state.use_refresh_token("a", now);
            state.add_access_token(&format!("AT.{now}"), "one", now + 10, now);
            state.sweep(now);
        }
        assert_eq!(before, Some(1));
        assert_eq!(super::super::Bounded::bytes(&state.refresh_tokens), bytes);
        assert!(super::super::Bounded::entries(&state.access_tokens) <= 11);
    }
}
