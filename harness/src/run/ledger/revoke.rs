//! Revokes at the end of a run what the run obtained: best effort, within a time, and what came of it is noted.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use strict_yaml::Place;
use tokio::time::Instant;

use super::{Entry, RunLedger};
use crate::forge::{Forge, Signed};
use crate::jwks::KeyRing;
use crate::result::{End, ObtainedKind};
use crate::run::vars::Vars;
use crate::scenario::model::{ClientAuth, ClientRole, Edition, ServerRole, StateChange, Template};
use crate::scenario::step::{Action, FormPost, Request};
use crate::steps::{Prepared, prepare};
use crate::targets::Target;

/// The longest time for it.
pub(in crate::run) const PATIENCE: Duration = Duration::from_mins(2);
/// The same where somebody waits for the end.
pub(in crate::run) const PATIENCE_WHEN_INTERRUPTED: Duration = Duration::from_secs(10);
/// Requests at once.
const AT_ONCE: usize = 4;
/// Batches in a row without an answer, after which it is given up.
const MOST_UNANSWERED: usize = 2;

/// A token that can be revoked, and how.
struct Revocable {
    index: usize,
    entry: Entry,
    server: ServerRole,
    client: ClientRole,
}

impl RunLedger {
    /// Revokes what can be revoked. Refresh tokens come first, for they live longest, then the access tokens that live
    /// longest.
    pub(in crate::run) async fn revoke(
        &self,
        target: &Target,
        edition: Edition,
        patience: Duration,
    ) {
        let until = Instant::now() + patience;
        // A run that has used up its requests gives back what it obtained all the same.
        let target = &target.beyond_most_requests();
        let names = Arc::new(target.deployment().names(edition));
        let vars = Vars::new(names);
        let mut unanswered = 0;
        for batch in self.revocable(target.now()).chunks(AT_ONCE) {
            if Instant::now() >= until {
                self.not_revoked(batch, "the time for it was up");
                continue;
            }
            if unanswered >= MOST_UNANSWERED {
                self.not_revoked(batch, "the target no longer answered");
                continue;
            }
            let sent = batch.iter().map(|one| send(one, target, &vars, edition));
            let Ok(answers) = tokio::time::timeout_at(until, join_all(sent)).await else {
                self.not_revoked(batch, "the time for it was up");
                continue;
            };
            let is_answered = answers
                .iter()
                .any(|answer| !matches!(answer, RevocationAnswer::None(_)));
            unanswered = if is_answered { 0 } else { unanswered + 1 };
            for (one, answer) in batch.iter().zip(answers) {
                match answer {
                    RevocationAnswer::Revoked => self.set(one.index, End::Revoked, None),
                    RevocationAnswer::Refused(why) | RevocationAnswer::None(why) => {
                        self.set(one.index, End::NotRevoked, Some(why));
                    }
                }
            }
        }
    }

    /// How many tokens can be revoked.
    pub(in crate::run) fn revocable_tokens(&self, target: &Target) -> usize {
        self.revocable(target.now()).len()
    }

    /// Notes why what could be revoked is not.
    pub(in crate::run) fn leave(&self, target: &Target, why: &str) {
        self.not_revoked(&self.revocable(target.now()), why);
    }

    /// What can be revoked and has not ended; what could be and must not is noted.
    fn revocable(&self, now: i64) -> Vec<Revocable> {
        let allows_revocation = {
            let allow = &self.deployment.permissions.allow;
            allow.contains(&StateChange::Revocation)
        };
        let mut kept = self.lock();
        let mut found = Vec::new();
        for (index, entry) in kept.entries.iter_mut().enumerate() {
            let is_over = entry.expires.is_some_and(|expires| expires <= now);
            if entry.end.is_some() || is_over {
                continue;
            }
            match entry.kind {
                ObtainedKind::AccessToken | ObtainedKind::RefreshToken => {}
                ObtainedKind::BrokeredToken if allows_revocation => {}
                ObtainedKind::BrokeredToken => {
                    entry.end = Some(End::NotRevoked);
                    entry.why = Some(
                        "the user would have to consent again; `allow: [revocation]` permits it"
                            .to_owned(),
                    );
                    continue;
                }
                ObtainedKind::IdToken
                | ObtainedKind::IdJag
                | ObtainedKind::VaultedSecret
                | ObtainedKind::ServiceAccount => continue,
            }
            if let (Some(server), Some(client)) = (entry.server, entry.client) {
                found.push(Revocable {
                    index,
                    entry: entry.clone(),
                    server,
                    client,
                });
            } else {
                entry.end = Some(End::NotRevoked);
                entry.why =
                    Some("no client and server of the target file are known to have it".to_owned());
            }
        }
        found.sort_by_key(|one| {
            let is_refresh = one.entry.kind == ObtainedKind::RefreshToken;
            (!is_refresh, std::cmp::Reverse(one.entry.expires))
        });
        found
    }

    fn not_revoked(&self, batch: &[Revocable], why: &str) {
        for one in batch {
            self.set(one.index, End::NotRevoked, Some(why.to_owned()));
        }
    }

    fn set(&self, index: usize, end: End, why: Option<String>) {
        let mut kept = self.lock();
        if let Some(entry) = kept.entries.get_mut(index) {
            entry.end = Some(end);
            entry.why = why;
        }
    }
}

/// What came of one request.
enum RevocationAnswer {
    Revoked,
    Refused(String),
    None(String),
}

async fn send(one: &Revocable, target: &Target, vars: &Vars, edition: Edition) -> RevocationAnswer {
    let forge = Forge {
        deployment: target.deployment(),
        edition,
        names: vars,
        now: target.now(),
        published: &KeyRing::default(),
        signed: &Signed::default(),
    };
    let request = match prepare(&action(one), None, &forge) {
        Ok(Prepared::Send(request)) => request,
        Ok(_) => return RevocationAnswer::Refused("it takes more than a request".to_owned()),
        Err(why) => return RevocationAnswer::Refused(why.to_string()),
    };
    match target.send(request).await {
        Ok(exchange) => match (exchange.response.status, target.trouble_in(&exchange)) {
            (_, Some(trouble)) => RevocationAnswer::Refused(trouble.to_string()),
            (200, None) => RevocationAnswer::Revoked,
            (status, None) => RevocationAnswer::Refused(format!("the org answered {status}")),
        },
        Err(trouble) => RevocationAnswer::None(trouble.to_string()),
    }
}

/// The request (RFC 7009 §2.1), made as cases make theirs.
fn action(one: &Revocable) -> Action {
    let hint = match one.entry.kind {
        ObtainedKind::RefreshToken => "refresh_token",
        ObtainedKind::BrokeredToken => "oauth_sts",
        _ => "access_token",
    };
    let literal =
        |name: &str, value: &str| (name.to_owned(), Template::literal(Place::START, value));
    FormPost {
        request: Request::Revoke,
        at: one.server,
        client: one.client,
        client_auth: ClientAuth::Registered,
        params: vec![
            literal("token", one.entry.value.expose()),
            literal("token_type_hint", hint),
        ],
    }
    .into()
}
