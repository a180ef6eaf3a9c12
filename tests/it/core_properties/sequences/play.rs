//! Plays a sequence: each step is asked of the org and held against the model.

use std::collections::{BTreeMap, BTreeSet};

use conformance_tests::org::{
    AGENT, BASE, CHAT, CHAT_TOKEN, Code as Redeemable, Form, OTHER_AGENT, TOKEN, TestOrg, get,
    pairs, text,
};
use http::{HeaderValue, header};
use mock_okta_core::control::Command;
use proptest::sample::Index;

use super::claims::{Differs, claims, damaged, joined, lives, same, within, words};
use super::model::{AccessToken, Agent, Code, Counts, ID_JAG, IdJag, Model, User};
use super::steps::{Bend, Step};

pub(super) const AGENTS: [&str; 2] = [AGENT, OTHER_AGENT];
pub(super) const USERS: [(&str, &str, &str); 2] = [
    (
        "ada@example.com",
        "ada-likes-engines",
        "00uada00000000000001",
    ),
    (
        "grace@example.com",
        "grace-finds-moths",
        "00ugrace000000000001",
    ),
];
const SCOPES: [&str; 4] = ["chat.read", "chat.history", "chat.write", "chat.delete"];
const OTHER_SERVER: &str = "/oauth2/default/v1/token";

/// How often each kind of step was accepted and refused.
pub type Tally = BTreeMap<(&'static str, bool), u32>;

/// A sequence under way.
pub struct Play<'a> {
    pub(super) org: &'a TestOrg,
    pub(super) model: Model,
    pub(super) last: Option<(&'static str, Form)>,
    pub(super) tally: &'a mut Tally,
}

impl<'a> Play<'a> {
    /// At the start of an org.
    pub fn new(org: &'a TestOrg, rotates: bool, tally: &'a mut Tally) -> Self {
        let position = if rotates { "on" } else { "off" };
        org.core.edit(|snapshot| {
            let behaviours = &mut snapshot.org.behaviours;
            let set = behaviours.set("refresh_token_rotation", position);
            set.expect("a position of the switch");
        });
        let model = Model {
            now: org.now().as_second(),
            rotates,
            ..Model::default()
        };
        Self {
            org,
            model,
            last: None,
            tally,
        }
    }

    /// Plays one step.
    ///
    /// # Errors
    /// When the org does something else than the model allows.
    pub fn step(&mut self, step: &Step) -> Result<(), Differs> {
        match step {
            Step::SignIn { agent, user, email } => self.sign_in(*agent, *user, *email),
            Step::RedeemCode { which, bend } => match at(*which, self.model.codes.len()) {
                Some(which) => self.redeem_code(which, *bend),
                None => Ok(()),
            },
            Step::Exchange {
                which,
                scopes,
                bend,
            } => match at(*which, self.model.id_tokens.len()) {
                Some(which) => self.exchange(which, *scopes, *bend),
                None => Ok(()),
            },
            Step::RedeemIdJag { which, bend } => match at(*which, self.model.id_jags.len()) {
                Some(which) => self.redeem_id_jag(which, *bend),
                None => Ok(()),
            },
            Step::Refresh { which, bend } => match at(*which, self.model.refresh_tokens.len()) {
                Some(which) => self.refresh(which, *bend),
                None => Ok(()),
            },
            Step::RevokeAccess { which, bend } => {
                match at(*which, self.model.access_tokens.len()) {
                    Some(which) => self.revoke_access(which, *bend),
                    None => Ok(()),
                }
            }
            Step::RevokeRefresh { which, bend } => {
                match at(*which, self.model.refresh_tokens.len()) {
                    Some(which) => self.revoke_refresh(which, *bend),
                    None => Ok(()),
                }
            }
            Step::Use(which) => match at(*which, self.model.access_tokens.len()) {
                Some(which) => self.present(which),
                None => Ok(()),
            },
            Step::Again => self.again(),
            Step::Suspend(user, suspended) => {
                self.suspend(*user, *suspended);
                Ok(())
            }
            Step::Wait(seconds) => {
                self.org.wait(*seconds);
                self.model.now += seconds;
                Ok(())
            }
        }
    }

    fn sign_in(&mut self, agent: Agent, user: User, email: bool) -> Result<(), Differs> {
        let scope = if email {
            "openid email offline_access"
        } else {
            "openid offline_access"
        };
        let (login, password, _) = USERS[user];
        let code = self.org.code_of((login, password), AGENTS[agent], scope);
        let may = !self.model.suspended[user];
        if code.is_some() != may {
            return Err(format!("{login} signs in: {may} expected"));
        }
        self.count("sign in", may);
        self.model.codes.extend(code.map(|code| Code {
            text: code.code,
            verifier: code.verifier,
            agent,
            user,
            scopes: scope.split(' ').map(str::to_owned).collect(),
            born: self.model.now,
            used: false,
        }));
        Ok(())
    }

    fn redeem_code(&mut self, which: usize, bend: Bend) -> Result<(), Differs> {
        let code = self.model.codes[which].clone();
        let verifier = match bend {
            Bend::Wrong => "another-verifier-that-is-long-enough-to-be-one".to_owned(),
            _ => code.verifier.clone(),
        };
        let form = self.org.redeem_code(
            AGENTS[code.agent],
            &Redeemable {
                code: code.text.clone(),
                verifier,
            },
        );
        let may = bend == Bend::Straight && self.model.may_redeem_code(which);
        let tokens = self.ask("redeem a code", code.agent, TOKEN, form, bend, yes(may))?;
        // Only the client itself can show that its code leaked.
        match (code.used, bend) {
            (true, Bend::Straight) => self.model.end(which, Counts::No),
            (true, Bend::Wrong) => self.perhaps(which),
            _ => {}
        }
        if let Some(tokens) = tokens {
            self.model.codes[which].used = true;
            let known = self.take(&tokens, code.agent, code.user, &code.scopes, which)?;
            if known {
                return Err("a code gave a refresh token that was known".to_owned());
            }
        }
        Ok(())
    }

    fn exchange(&mut self, which: usize, scopes: [bool; 4], bend: Bend) -> Result<(), Differs> {
        let id_token = self.model.id_tokens[which].clone();
        let asked: BTreeSet<String> = SCOPES
            .iter()
            .zip(scopes)
            .filter(|(_, asked)| *asked)
            .map(|(scope, _)| (*scope).to_owned())
            .collect();
        let subject = match bend {
            Bend::Wrong => damaged(&id_token.token),
            _ => id_token.token.clone(),
        };
        let kind = "urn:ietf:params:oauth:token-type:id-jag";
        let audience = format!("{BASE}/oauth2/{CHAT}");
        let agent = id_token.agent;
        let target = ("audience", audience.as_str());
        let mut form = self.org.exchange(AGENTS[agent], &subject, kind, target);
        if !asked.is_empty() {
            form.extend(pairs(&[("scope", &joined(&asked))]));
        }
        let may = bend == Bend::Straight && self.model.may_exchange(which, &asked);
        let Some(body) = self.ask("exchange", agent, TOKEN, form, bend, yes(may))? else {
            return Ok(());
        };
        let token = text(&body, "access_token");
        let claims = claims(&token);
        same(
            "client_id of an ID-JAG",
            &claims["client_id"],
            AGENTS[agent],
        )?;
        same("sub of an ID-JAG", &claims["sub"], USERS[id_token.user].2)?;
        same("aud of an ID-JAG", &claims["aud"], &audience)?;
        lives(&claims, self.model.now, ID_JAG)?;
        within("an ID-JAG", &words(&claims["scope"]), &asked)?;
        self.model.id_jags.push(IdJag {
            token,
            agent,
            user: id_token.user,
            scopes: asked,
            born: self.model.now,
            used: false,
        });
        Ok(())
    }

    fn redeem_id_jag(&mut self, which: usize, bend: Bend) -> Result<(), Differs> {
        let id_jag = self.model.id_jags[which].clone();
        let path = match bend {
            Bend::Wrong => OTHER_SERVER,
            _ => CHAT_TOKEN,
        };
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let form = [("grant_type", grant), ("assertion", &id_jag.token)];
        let form = self.org.authenticated(AGENTS[id_jag.agent], path, &form);
        let may = bend == Bend::Straight && self.model.may_redeem_id_jag(which);
        let answer = self.ask("redeem an ID-JAG", id_jag.agent, path, form, bend, yes(may))?;
        if let Some(body) = answer {
            self.model.id_jags[which].used = true;
            let token = AccessToken {
                token: text(&body, "access_token"),
                chat: true,
                agent: id_jag.agent,
                user: id_jag.user,
                scopes: id_jag.scopes,
                born: self.model.now,
                counts: Counts::Yes,
                family: None,
            };
            self.take_access_token(token)?;
        }
        Ok(())
    }

    fn refresh(&mut self, which: usize, bend: Bend) -> Result<(), Differs> {
        let old = self.model.refresh_tokens[which].clone();
        let mut form = pairs(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &old.token),
        ]);
        if bend == Bend::Wrong {
            let wider = format!("{} profile", joined(&old.scopes));
            form.extend(pairs(&[("scope", &wider)]));
        }
        form.extend(self.org.authenticated(AGENTS[old.agent], TOKEN, &[]));
        let may = match bend {
            Bend::Straight => self.model.may_refresh(which),
            _ => Counts::No,
        };
        let tokens = self.ask("refresh", old.agent, TOKEN, form, bend, may)?;
        match (old.rotated, bend) {
            (true, Bend::Straight) => self.model.end(old.family, Counts::No),
            (true, Bend::Wrong) => self.perhaps(old.family),
            _ => {}
        }
        if let Some(tokens) = tokens {
            self.model.refresh_tokens[which].rotated = self.model.rotates;
            let known = self.take(&tokens, old.agent, old.user, &old.scopes, old.family)?;
            if known == self.model.rotates {
                return Err(format!("a refresh token that was known: {known}"));
            }
        }
        Ok(())
    }

    fn revoke_access(&mut self, which: usize, bend: Bend) -> Result<(), Differs> {
        let token = &self.model.access_tokens[which];
        let path = if token.chat {
            "/oauth2/auschat0000000000001/v1/revoke"
        } else {
            "/oauth2/v1/revoke"
        };
        let (text, agent) = (token.token.clone(), token.agent);
        if self.revoke("revoke an access token", path, &text, agent, bend)? {
            self.model.access_tokens[which].counts = Counts::No;
        }
        Ok(())
    }

    fn revoke_refresh(&mut self, which: usize, bend: Bend) -> Result<(), Differs> {
        let token = self.model.refresh_tokens[which].clone();
        let (path, name) = ("/oauth2/v1/revoke", "revoke a refresh token");
        if self.revoke(name, path, &token.token, token.agent, bend)? {
            // One that counts no longer may be revoked for what it was, or not.
            if token.rotated || token.counts != Counts::Yes {
                self.perhaps(token.family);
            } else {
                self.model.end(token.family, Counts::No);
            }
        }
        Ok(())
    }

    /// RFC 7009 §2: whoever proves who it is gets 200; only the client's own token ends.
    fn revoke(
        &mut self,
        name: &'static str,
        path: &'static str,
        token: &str,
        agent: Agent,
        bend: Bend,
    ) -> Result<bool, Differs> {
        let token = match bend {
            Bend::Wrong => damaged(token),
            _ => token.to_owned(),
        };
        let form = self
            .org
            .authenticated(AGENTS[agent], path, &[("token", &token)]);
        let form = self.bent(agent, path, form, bend);
        let answer = self.org.post(path, &form);
        let proven = !matches!(bend, Bend::NoProof | Bend::UsedProof);
        if (answer.status().as_u16() == 200) != proven || answer.status().is_server_error() {
            return Err(format!("{name}, {bend:?}: {}", answer.status()));
        }
        self.count(name, proven);
        self.last = Some((path, form));
        Ok(bend == Bend::Straight)
    }

    /// At the resource or at userinfo, and at introspection.
    fn present(&mut self, which: usize) -> Result<(), Differs> {
        let token = self.model.access_tokens[which].clone();
        let (resource, introspect) = if token.chat {
            (
                "/resources/chat",
                "/oauth2/auschat0000000000001/v1/introspect",
            )
        } else {
            ("/oauth2/v1/userinfo", "/oauth2/v1/introspect")
        };
        let mut request = get(resource);
        let bearer = HeaderValue::try_from(format!("Bearer {}", token.token));
        let field = bearer.expect("a JWT fits a header field");
        request.headers_mut().insert(header::AUTHORIZATION, field);
        let status = self.org.ask(&request).status().as_u16();
        let form = [("token", token.token.as_str())];
        let form = self
            .org
            .authenticated(AGENTS[token.agent], introspect, &form);
        let active = self.org.post(introspect, &form).body["active"].clone();
        let enough = !token.chat || token.scopes.contains("chat.read");
        let expected = match (self.model.access_counts(which), enough) {
            (Counts::Yes, true) => (200, true),
            (Counts::Yes, false) => (403, true),
            (Counts::No, _) => (401, false),
            (Counts::Perhaps, _) => return Ok(()),
        };
        if (status, active == true) != expected {
            return Err(format!(
                "an access token: {status}, active {active}; {expected:?} expected"
            ));
        }
        self.count("present", expected.1);
        Ok(())
    }

    /// A client assertion is used up, so nothing that was proven before is proven again.
    fn again(&mut self) -> Result<(), Differs> {
        let Some((path, form)) = self.last.clone() else {
            return Ok(());
        };
        self.expect("again", path, form, Counts::No).map(drop)
    }

    fn suspend(&mut self, user: User, suspended: bool) {
        let command = Command::SetUserSuspended {
            user: USERS[user].0.to_owned(),
            suspended,
        };
        let done = self.org.core.control(command, self.org.now());
        done.expect("a user of the standard org");
        self.model.suspended[user] = suspended;
    }
}

fn at(which: Index, count: usize) -> Option<usize> {
    (count > 0).then(|| which.index(count))
}

const fn yes(may: bool) -> Counts {
    if may { Counts::Yes } else { Counts::No }
}
