//! Carries commands out.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::command::{Command, ConnectionRef, ConsentChange};
use super::error::ControlError;
use super::find;
use super::query::JournalQuery;
use crate::core::Core;
use crate::defect::Defect;
use crate::grants::consented;
use crate::journal::JournalEntry;
use crate::keys::{KeyError, KeyJob, ServerName};
use crate::org::{ClientId, ConnectionId, ConnectionTarget, Status, UserId, UserStatus};
use crate::state::{ConsentKey, DataHandle, State};
use crate::variation::Variation;

/// What a query finds in the journal.
#[derive(Debug, Clone)]
pub struct FoundEntries {
    /// In the order asked for.
    pub entries: Vec<Arc<JournalEntry>>,
    /// How many entries were dropped before.
    pub dropped: u64,
    /// Where to go on: the number of the last entry that was looked at.
    pub next: u64,
}

/// An entry as JSON, with what was sent where that is asked for and kept.
pub fn shown(entry: &JournalEntry, raw: bool) -> Value {
    let mut value = json!(entry);
    if let (true, Some(sent), Value::Object(members)) = (raw, &entry.raw, &mut value) {
        members.insert("raw".to_owned(), sent.to_json());
    }
    value
}

impl Core {
    /// Carries out a command of test control. The answer is what to send, [`Value::Null`] when there is nothing to
    /// tell (204).
    ///
    /// [`Command::RotateKey`] makes an RSA key, which takes tens of milliseconds.
    ///
    /// # Errors
    /// 404 for an id that does not exist, 400 for one of another kind, both with what would have been right.
    pub fn control(&self, command: Command, now: Timestamp) -> Result<Value, ControlError> {
        match command {
            Command::Health => Ok(self.health(now)),
            Command::Journal(query) => Ok(self.journal(&query)),
            Command::Defects => Ok(self.defects()),
            Command::SetDefects(defects) => {
                self.set_defects(defects);
                Ok(self.defects())
            }
            Command::Variations => Ok(self.variations()),
            Command::SetVariations(variations) => {
                self.set_variations(variations);
                Ok(self.variations())
            }
            Command::Faults => Ok(self.faults()),
            Command::AddFault(fault) => Ok(self.add_fault(fault)?.to_json()),
            Command::RemoveFault(number) => self.remove_fault(&number),
            Command::ClearFaults => Ok(self.clear_faults()),
            Command::Reset => {
                self.reset();
                Ok(Value::Null)
            }
            Command::Consent {
                user,
                agent,
                resource,
                change,
            } => self.consent(&user, &agent, &resource, change, now.as_second()),
            Command::SetAutoSignIn(user) => self.set_auto_sign_in(user.as_deref()),
            Command::SetUserSuspended { user, suspended } => self.set_suspended(&user, suspended),
            Command::SetAgentActive { agent, active } => self.set_agent(&agent, active),
            Command::SetConnectionActive { connection, active } => {
                self.set_connection(&connection, active)
            }
            Command::RotateKey { issuer } => self.rotate(&issuer),
            Command::Configure(change) => self.configure(&change),
            Command::PublishKeys { at, keys } => self.publish(&at, &keys, now),
            Command::Sign {
                issuer,
                header,
                claims,
            } => self.sign(&issuer, header, &claims),
            Command::Seal { issuer, alg, input } => self.seal(&issuer, &alg, input),
        }
    }

    fn set_auto_sign_in(&self, user: Option<&str>) -> Result<Value, ControlError> {
        let snapshot = self.snapshot();
        let user = user.map(|name| find::user(&snapshot.org, name));
        let user = user.transpose()?.map(|user| user.id.clone());
        self.edit(|snapshot| snapshot.auto_sign_in = user);
        Ok(Value::Null)
    }

    fn health(&self, now: Timestamp) -> Value {
        json!({
            "status": "ok",
            "edition": self.snapshot().org.behaviours.edition.as_str(),
            "issuer": self.issuer(&ServerName::Org),
            "memory": self.memory_use(now),
        })
    }

    fn defects(&self) -> Value {
        let all: Vec<Value> = Defect::all()
            .map(|defect| json!({ "id": defect.to_string(), "summary": defect.summary() }))
            .collect();
        let snapshot = self.snapshot();
        let on: Vec<String> = snapshot.defects.iter().map(|on| on.to_string()).collect();
        json!({ "defects": all, "on": on })
    }

    fn variations(&self) -> Value {
        let all: Vec<Value> = Variation::ALL
            .iter()
            .map(|one| {
                json!({
                    "id": one.id(),
                    "summary": one.summary(),
                    "source": one.source(),
                    "reason": one.reason(),
                    "profiles": one.profiles(),
                    "aspect": one.aspect(),
                })
            })
            .collect();
        let on: Vec<Variation> = self.snapshot().variations.iter().collect();
        json!({ "variations": all, "on": on })
    }

    fn journal(&self, query: &JournalQuery) -> Value {
        let found = self.find_entries(query);
        let entries: Vec<Value> = found
            .entries
            .iter()
            .map(|entry| shown(entry, query.raw))
            .collect();
        json!({ "entries": entries, "dropped": found.dropped, "next": found.next })
    }

    /// The entries of the journal that a query asks for.
    pub fn find_entries(&self, query: &JournalQuery) -> FoundEntries {
        let snapshot = self.snapshot();
        let by_id = |name: &String| {
            let user = snapshot.org.user_named(name);
            user.map_or_else(|| name.clone(), |user| user.id.as_str().to_owned())
        };
        let query = JournalQuery {
            user: query.user.as_ref().map(by_id),
            ..query.clone()
        };
        // Copied under the lock, written out after it.
        self.with_state(|state| {
            let journal = &state.journal;
            let last = journal.next().saturating_sub(1);
            let matching = journal
                .entries_after(query.after)
                .filter(|entry| query.wants(entry));
            let entries: Vec<Arc<JournalEntry>> = if query.newest_first {
                let all: Vec<_> = matching.collect();
                let newest = all.into_iter().rev().take(query.limit);
                newest.cloned().collect()
            } else {
                matching.take(query.limit).cloned().collect()
            };
            let next = match entries.last() {
                Some(entry) if entries.len() == query.limit && !query.newest_first => entry.n,
                _ => last,
            };
            FoundEntries {
                entries,
                dropped: journal.dropped(),
                next,
            }
        })
    }

    fn consent(
        &self,
        user: &str,
        agent: &str,
        resource: &str,
        change: ConsentChange,
        now: i64,
    ) -> Result<Value, ControlError> {
        let snapshot = self.snapshot();
        let org = &snapshot.org;
        let user = find::user(org, user)?;
        let agent = find::agent(org, agent)?;
        let connection = find::connection_of(org, self.issuers(), agent, resource)?;
        let ConnectionTarget::ThirdParty {
            third_party,
            scopes,
        } = &connection.target
        else {
            return Err(ControlError::bad_request(
                format!("`{resource}` needs no consent"),
                "a resource with a connection of type STS_ACCESS_TOKEN",
            ));
        };
        let handle = DataHandle {
            key: ConsentKey {
                user: user.id.clone(),
                agent: agent.id.clone(),
                connection: connection.id.clone(),
            },
            third_party: third_party.clone(),
            scopes: scopes.clone(),
        };
        let Some(third_party) = org.third_parties.get(third_party) else {
            return Err(ControlError::not_found(
                "third party",
                third_party.as_str(),
                [],
            ));
        };
        self.with_state(|state| match change {
            ConsentChange::Grant => consented(state, &handle, third_party, now),
            ConsentChange::Refuse => {
                state
                    .data_handles
                    .retain(|pending| pending.key != handle.key);
                state.consents.remove(&handle.key);
            }
            ConsentChange::Withdraw => withdraw(state, &handle.key, now),
        });
        Ok(Value::Null)
    }

    fn set_suspended(&self, user: &str, suspended: bool) -> Result<Value, ControlError> {
        let id: UserId = find::user(&self.snapshot().org, user)?.id.clone();
        self.edit(|snapshot| {
            if let Some(user) = snapshot.org.users.get_mut(&id) {
                user.status = UserStatus::suspended(suspended);
            }
            snapshot.switched.users.insert(id, suspended);
        });
        Ok(Value::Null)
    }

    fn set_agent(&self, agent: &str, active: bool) -> Result<Value, ControlError> {
        let id: ClientId = find::agent(&self.snapshot().org, agent)?.id.clone();
        self.edit(|snapshot| {
            if let Some(agent) = snapshot.org.clients.get_mut(&id) {
                agent.status = Status::of(active);
            }
            snapshot.switched.clients.insert(id, Status::of(active));
        });
        Ok(Value::Null)
    }

    fn set_connection(&self, which: &ConnectionRef, active: bool) -> Result<Value, ControlError> {
        let snapshot = self.snapshot();
        let org = &snapshot.org;
        let connection = match which {
            ConnectionRef::Id(id) => find::connection(org, id)?,
            ConnectionRef::Of { agent, resource } => {
                let agent = find::agent(org, agent)?;
                find::connection_of(org, self.issuers(), agent, resource)?
            }
        };
        let id: ConnectionId = connection.id.clone();
        self.edit(|snapshot| {
            if let Some(connection) = snapshot.org.connections.get_mut(&id) {
                connection.status = Status::of(active);
            }
            snapshot.switched.connections.insert(id, Status::of(active));
        });
        Ok(Value::Null)
    }

    fn rotate(&self, issuer: &str) -> Result<Value, ControlError> {
        let (name, mut round) = {
            let snapshot = self.snapshot();
            let name = find::server(&snapshot.org, self.issuers(), issuer)?;
            let round = retired(&snapshot.keys, &name);
            (name, round)
        };
        loop {
            // The key is made without a lock; if another rotation came first, a later one is made.
            let fresh = KeyJob::rotation(name.clone(), &self.options().seed, round)
                .run()
                .map_err(|error| failed(&error))?;
            let rotated = self.edit(|snapshot| {
                let now = retired(&snapshot.keys, &name);
                if now == round {
                    snapshot.keys.rotate(&name, fresh).map(Ok)
                } else {
                    Ok(Err(now))
                }
            });
            match rotated.map_err(|error| failed(&error))? {
                Ok(kid) => return Ok(json!({ "kid": kid })),
                Err(now) => round = now,
            }
        }
    }
}

/// The consent goes, and with it the token that the third party gave for it.
fn withdraw(state: &mut State, key: &ConsentKey, now: i64) {
    let token = state
        .consents
        .remove(key)
        .and_then(|consent| consent.access_token);
    if let Some(token) = token {
        state.third_party_tokens.take(token.reveal(), now);
    }
}

/// How often a server's key was changed: distinguishes one rotation from the next.
fn retired(keys: &crate::keys::Keyring, name: &ServerName) -> u64 {
    keys.server(name)
        .map_or(0, |keys| keys.retired.len() as u64)
}

/// The mock itself could not do it.
pub(super) fn failed(error: &KeyError) -> ControlError {
    ControlError {
        status: http::StatusCode::INTERNAL_SERVER_ERROR,
        error: error.to_string(),
        expected: "a key that can be made".to_owned(),
    }
}
