//! Keeps account of what a real org issues during a run, so that it can be revoked at the end and reported.

mod answer;
mod revoke;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use self::answer::HandedOut;
pub(super) use self::revoke::{PATIENCE, PATIENCE_WHEN_INTERRUPTED};
use crate::evidence::Redactor;
use crate::exchange::{Exchange, Payload};
use crate::result::{End, Obtained, ObtainedKind};
use crate::scenario::model::{ClientRole, ServerRole};
use crate::secret::Secret;
use crate::targets::{Deployment, in_answer};

/// What was issued so far.
pub(super) struct RunLedger {
    deployment: Deployment,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// In the order in which they were issued.
    entries: Vec<Entry>,
    /// Position by value.
    known: BTreeMap<Secret, usize>,
    /// Refresh tokens of the sign-in that the target file gives: the one that stands there, and all that replaced it.
    given: BTreeSet<Secret>,
}

/// One thing.
#[derive(Clone)]
struct Entry {
    kind: ObtainedKind,
    value: Secret,
    from: String,
    server: Option<ServerRole>,
    client: Option<ClientRole>,
    expires: Option<i64>,
    end: Option<End>,
    why: Option<String>,
}

/// Says nothing of what was issued.
impl fmt::Debug for RunLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunLedger({})", self.lock().entries.len())
    }
}

impl RunLedger {
    /// Nothing so far. What the target file itself holds, and the refresh token that has come in place of its own, is not a
    /// run's to revoke.
    pub(super) fn new(deployment: &Deployment, newest: Option<Secret>) -> Self {
        let kept = Kept {
            given: deployment.credentials().into_iter().chain(newest).collect(),
            ..Kept::default()
        };
        Self {
            deployment: deployment.clone(),
            kept: Mutex::new(kept),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at an exchange: what it issued, what it ended.
    pub(super) fn note(&self, exchange: &Exchange) {
        let (request, response) = (&exchange.request, &exchange.response);
        // A portal's page with 200 issues and ends nothing.
        let is_answer = || in_answer(exchange, &self.deployment).is_none();
        if response.status != 200 || request.method != "POST" || !is_answer() {
            return;
        }
        let sent = |name: &str| match &request.payload {
            Payload::Form(fields) => {
                let mut fields = fields.iter();
                let field = fields.find(|(field, _)| field == name);
                field.map(|(_, value)| Secret::new(value.as_str()))
            }
            _ => None,
        };
        let url = request.url.split('?').next().unwrap_or_default();
        let client = request.client_id().and_then(|id| self.client(&id));
        let mut kept = self.lock();
        if let Some(server) = self.at("revocation_endpoint", url) {
            if let Some(value) = sent("token") {
                kept.revoked(&value, server, client);
            }
            return;
        }
        let issued = answer::issued(response, Timestamp::now().as_second());
        let used = sent("refresh_token");
        let is_given = used
            .as_ref()
            .is_some_and(|token| kept.given.contains(token));
        let server = self.at("token_endpoint", url);
        for HandedOut {
            kind,
            value,
            expires,
        } in issued
        {
            if kind == ObtainedKind::RefreshToken
                && let Some(used) = used.as_ref().filter(|used| **used != value)
            {
                kept.end(used, End::Replaced);
            }
            if kind == ObtainedKind::RefreshToken && is_given {
                kept.given.insert(value.clone());
            }
            kept.add(Entry {
                kind,
                value,
                from: url.to_owned(),
                server,
                client,
                expires,
                end: is_given.then_some(End::Kept),
                why: None,
            });
        }
    }

    /// Notes that tokens are in the token cache by now: the next run uses them, so this one does not revoke them.
    pub(super) fn keep(&self, tokens: impl Iterator<Item = Secret>) {
        let mut kept = self.lock();
        for token in tokens {
            let index = kept.known.get(&token).copied();
            if let Some(entry) = index.and_then(|index| kept.entries.get_mut(index)) {
                entry.end = Some(End::Kept);
                entry.why = Some("it is in the token cache".to_owned());
            }
            kept.given.insert(token);
        }
    }

    /// The server that has this endpoint.
    fn at(&self, endpoint: &str, url: &str) -> Option<ServerRole> {
        let mut servers = self.deployment.servers.iter();
        let found = servers.find(|(_, server)| server.endpoint(endpoint) == url);
        found.map(|(role, _)| *role)
    }

    /// The client that goes by an id.
    fn client(&self, id: &str) -> Option<ClientRole> {
        let mut clients = self.deployment.clients.iter();
        let found = clients.find(|(_, client)| client.client_id == id);
        found.map(|(role, _)| *role)
    }

    /// What is reported of it.
    pub(super) fn redacted(&self, redactor: &Redactor) -> Vec<Obtained> {
        let time = |seconds: i64| {
            Timestamp::from_second(seconds)
                .ok()
                .map(|at| at.to_string())
        };
        let kept = self.lock();
        let obtained = kept.entries.iter().map(|entry| Obtained {
            kind: entry.kind,
            fingerprint: redactor.fingerprint(entry.value.expose()),
            from: redactor.text(&entry.from),
            expires_at: entry.expires.and_then(time),
            end: entry.end.unwrap_or(End::Expires),
            why: entry.why.as_deref().map(|why| redactor.text(why)),
        });
        obtained.collect()
    }
}

impl Kept {
    /// Adds what is not known yet: Okta gives a brokered token again and again.
    fn add(&mut self, entry: Entry) {
        if !self.known.contains_key(&entry.value) {
            self.known.insert(entry.value.clone(), self.entries.len());
            self.entries.push(entry);
        }
    }

    /// Notes that a server answered 200 to the revocation of a token by a client. A server says so of tokens that it does not
    /// know and of those of other clients as well (RFC 7009 section 2.2), and these live on.
    fn revoked(&mut self, value: &Secret, server: ServerRole, client: Option<ClientRole>) {
        let index = self.known.get(value).copied();
        let entry = index.and_then(|index| self.entries.get(index));
        let is_own = entry.is_some_and(|entry| {
            entry.server == Some(server) && entry.client.is_some() && entry.client == client
        });
        if is_own {
            self.end(value, End::Revoked);
        }
    }

    /// Notes that something has ended.
    fn end(&mut self, value: &Secret, end: End) {
        if let Some(index) = self.known.get(value)
            && let Some(entry) = self.entries.get_mut(*index)
            && entry.end != Some(End::Kept)
        {
            entry.end = Some(end);
        }
    }
}

#[cfg(test)]
mod tests;
