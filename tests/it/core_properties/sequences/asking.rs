//! How a step is asked, with the client's proof bent or not, and how the answer is taken in.

use std::collections::BTreeSet;

use conformance_tests::org::{Form, pairs, text};
use serde_json::Value;

use super::super::credentials;
use super::claims::{Differs, claims, lives, same, within, words};
use super::model::{AccessToken, Agent, Counts, Family, HOUR, IdToken, RefreshToken, User};
use super::play::{AGENTS, Play, USERS};
use super::steps::Bend;

impl Play<'_> {
    /// Asks with the client's proof bent; what is granted comes back.
    pub(super) fn ask(
        &mut self,
        name: &'static str,
        agent: Agent,
        path: &'static str,
        form: Form,
        bend: Bend,
        may: Counts,
    ) -> Result<Option<Value>, Differs> {
        let form = self.bent(agent, path, form, bend);
        self.expect(name, path, form, may)
            .map_err(|differs| format!("{differs}; bent: {bend:?}"))
    }

    pub(super) fn bent(&self, agent: Agent, path: &str, mut form: Form, bend: Bend) -> Form {
        if matches!(bend, Bend::Straight | Bend::Wrong) {
            return form;
        }
        form.retain(|(name, _)| !name.starts_with("client_assertion"));
        match bend {
            Bend::Stranger => form.extend(self.org.authenticated(AGENTS[1 - agent], path, &[])),
            Bend::UsedProof => {
                let proof = self.org.authenticated(AGENTS[agent], path, &[]);
                // Authenticated, and refused for want of everything else.
                self.org.post(path, &proof);
                form.extend(proof);
            }
            _ => form.extend(pairs(&[("client_id", AGENTS[agent])])),
        }
        form
    }

    pub(super) fn expect(
        &mut self,
        name: &'static str,
        path: &'static str,
        form: Form,
        may: Counts,
    ) -> Result<Option<Value>, Differs> {
        let answer = self.org.post(path, &form);
        self.last = Some((path, form));
        let accepted = answer.status().as_u16() == 200;
        let shown = || format!("{name}: {} {}", answer.status(), answer.body);
        let refused = answer.status().is_client_error() && credentials(&answer).is_empty();
        if !accepted && !refused {
            return Err(format!("neither granted nor refused, {}", shown()));
        }
        if (accepted && may == Counts::No) || (!accepted && may == Counts::Yes) {
            return Err(format!("{may:?} expected, {}", shown()));
        }
        self.count(name, accepted);
        Ok(accepted.then_some(answer.body))
    }

    /// Takes in what a code or a refresh gave; whether the refresh token was known comes back.
    pub(super) fn take(
        &mut self,
        body: &Value,
        agent: Agent,
        user: User,
        scopes: &BTreeSet<String>,
        family: Family,
    ) -> Result<bool, Differs> {
        let born = self.model.now;
        self.take_access_token(AccessToken {
            token: text(body, "access_token"),
            chat: false,
            agent,
            user,
            scopes: scopes.clone(),
            born,
            counts: Counts::Yes,
            family: Some(family),
        })?;
        let token = text(body, "id_token");
        let claims = claims(&token);
        same("aud of an ID token", &claims["aud"], AGENTS[agent])?;
        same("sub of an ID token", &claims["sub"], USERS[user].2)?;
        lives(&claims, born, HOUR)?;
        self.model.id_tokens.push(IdToken {
            token,
            agent,
            user,
            born,
        });
        let token = text(body, "refresh_token");
        let known = self
            .model
            .refresh_tokens
            .iter()
            .any(|old| old.token == token);
        if !known {
            self.model.refresh_tokens.push(RefreshToken {
                token,
                agent,
                user,
                scopes: scopes.clone(),
                rotated: false,
                counts: Counts::Yes,
                family,
            });
        }
        Ok(known)
    }

    pub(super) fn take_access_token(&mut self, token: AccessToken) -> Result<(), Differs> {
        let claims = claims(&token.token);
        same(
            "cid of an access token",
            &claims["cid"],
            AGENTS[token.agent],
        )?;
        same(
            "uid of an access token",
            &claims["uid"],
            USERS[token.user].2,
        )?;
        lives(&claims, token.born, HOUR)?;
        within("an access token", &words(&claims["scp"]), &token.scopes)?;
        self.model.access_tokens.push(token);
        Ok(())
    }

    pub(super) fn perhaps(&mut self, family: Family) {
        let model = &mut self.model;
        let of_family = model
            .refresh_tokens
            .iter_mut()
            .filter(|token| token.family == family);
        let refresh = of_family.map(|token| &mut token.counts);
        let tokens = model.access_tokens.iter_mut();
        let of_family = tokens.filter(|token| token.family == Some(family));
        for counts in refresh.chain(of_family.map(|token| &mut token.counts)) {
            if *counts == Counts::Yes {
                *counts = Counts::Perhaps;
            }
        }
    }

    pub(super) fn count(&mut self, name: &'static str, accepted: bool) {
        *self.tally.entry((name, accepted)).or_default() += 1;
    }
}
