//! An administrator's changes while the org runs: members of the org file, and keys that a client publishes.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use crate::core::{Core, Snapshot};
use crate::org::Org;

impl Core {
    /// Makes a change to what the org was read from, and reads that again: what could not stand in a file is refused
    /// in the same words. Earlier changes stay, and so does whoever was suspended or deactivated meanwhile, unless
    /// this change says otherwise. What lives (sessions, codes, tokens) is not touched; a reset undoes it all.
    ///
    /// # Errors
    /// 400 with every mistake.
    pub(crate) fn configure(&self, change: &Map<String, Value>) -> Result<Value, ControlError> {
        self.edit(|snapshot| self.reconfigure(snapshot, change))?;
        // Faults may have been set elsewhere than in the file, and were counted: only a change that names them sets them.
        if change.contains_key("faults") {
            let snapshot = self.snapshot();
            self.with_state(|state| state.faults.restart(&snapshot.org.faults));
        }
        Ok(Value::Null)
    }

    /// The same for a snapshot that is being edited, but for the faults. On an error it stays as it was.
    ///
    /// # Errors
    /// 400 with every mistake.
    pub(crate) fn reconfigure(
        &self,
        snapshot: &mut Snapshot,
        change: &Map<String, Value>,
    ) -> Result<(), ControlError> {
        let edition = snapshot.org.behaviours.edition;
        let text = snapshot.org.written.changed(change);
        let mut org = Org::from_yaml("the changed org", &text, edition).map_err(|problems| {
            let error = format!("the org cannot be configured like this:\n{problems}");
            ControlError::bad_request(error, "what an org file may hold")
        })?;
        (self.options().check)(&org).map_err(|error| {
            let error = format!("the org cannot be configured like this: {error}");
            ControlError::bad_request(error, "an org that this mock could start with")
        })?;
        let mut switched = snapshot.switched.clone();
        switched.follow(&mut org, change);
        keep_behaviours(&mut org, &snapshot.org, change);
        let keys = snapshot
            .keys
            .follow(&org, &self.options().seed, &self.at_start().keys)
            .map_err(|error| {
                ControlError::bad_request(error.to_string(), "keys that can be had")
            })?;
        snapshot.org = org;
        snapshot.switched = switched;
        snapshot.keys = keys;
        Ok(())
    }

    /// Pins the keys at a client's `jwks_uri`: they stay until others are published or a reset.
    ///
    /// # Errors
    /// 404 where no client has it.
    pub(super) fn publish(
        &self,
        at: &str,
        keys: &[Value],
        now: Timestamp,
    ) -> Result<Value, ControlError> {
        let snapshot = self.snapshot();
        let known = snapshot.org.clients.values();
        let known: Vec<&str> = known.filter_map(|one| one.jwks_uri.as_deref()).collect();
        if !known.contains(&at) {
            return Err(ControlError::not_found("jwks_uri", at, known));
        }
        let document = json!({ "keys": keys }).to_string();
        self.pin(at, document.as_bytes(), now);
        Ok(Value::Null)
    }
}

/// Switches may have been set elsewhere than in the file: only those that the change names are set.
fn keep_behaviours(org: &mut Org, now: &Org, change: &Map<String, Value>) {
    let read = std::mem::replace(&mut org.behaviours, now.behaviours.clone());
    let named = change.get("behaviours").and_then(Value::as_object);
    for name in named.into_iter().flat_map(Map::keys) {
        if let Some(position) = read.get(name) {
            // What was read is a position of that switch.
            let _ = org.behaviours.set(name, position);
        }
    }
}
