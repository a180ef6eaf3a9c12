//! Who was suspended or deactivated, or the reverse, by a command of its own: it stays so when the org is configured
//! anew, unless the change says otherwise.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::org::{ClientId, ConnectionId, Org, Status, UserId, UserStatus};

/// What commands have switched since the start, by id.
#[derive(Debug, Clone, Default)]
pub struct Switched {
    /// Suspended, or not.
    pub(super) users: BTreeMap<UserId, bool>,
    /// Agents.
    pub(super) clients: BTreeMap<ClientId, Status>,
    /// Resource connections.
    pub(super) connections: BTreeMap<ConnectionId, Status>,
}

impl Switched {
    /// Forgets those of whom a change says a status itself, and switches the others in the org that was read.
    pub(super) fn follow(&mut self, org: &mut Org, change: &Map<String, Value>) {
        let says = |sections: &[&str], id: &str| {
            let lists = sections
                .iter()
                .filter_map(|name| change.get(*name)?.as_array());
            let mut entries = lists.flatten();
            entries.any(|entry| entry["id"] == id && entry.get("status").is_some())
        };
        self.users.retain(|id, _| !says(&["users"], id.as_str()));
        self.clients
            .retain(|id, _| !says(&["apps", "agents"], id.as_str()));
        self.connections
            .retain(|id, _| !says(&["connections"], id.as_str()));
        for (id, suspended) in &self.users {
            if let Some(user) = org.users.get_mut(id) {
                user.status = UserStatus::suspended(*suspended);
            }
        }
        for (id, status) in &self.clients {
            if let Some(client) = org.clients.get_mut(id) {
                client.status = *status;
            }
        }
        for (id, status) in &self.connections {
            if let Some(connection) = org.connections.get_mut(id) {
                connection.status = *status;
            }
        }
    }
}
