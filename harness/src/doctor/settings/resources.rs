//! The agent's connections with what the target file lists under `resources`.

use super::{Reading, in_use, quoted, unread};
use crate::doctor::{Board, Check, Checked};
use crate::management::{Connection, ConnectionKind};

/// The resources that a run exchanges for, and the kind of connection that leads to each.
const EXCHANGED: [(&str, ConnectionKind); 3] = [
    ("secret", ConnectionKind::Secret),
    ("service_account", ConnectionKind::ServiceAccount),
    ("resource_server", ConnectionKind::Brokered),
];

impl Reading<'_> {
    /// What the agent is connected with.
    pub(super) async fn connections(&self, board: &mut Board) -> Option<Vec<Connection>> {
        match self.management.connections(self.agent).await {
            Ok(connections) if connections.is_whole => Some(connections.items),
            Ok(_) => None,
            Err(error) => {
                board.note(unread(Check::Resource, &error));
                None
            }
        }
    }

    pub(super) fn resources(&self, connections: &[Connection], board: &mut Board) {
        for (name, kind) in EXCHANGED {
            if let Some(written) = self.deployment.resources.get(name) {
                let checked = connection(name, &kind, &written.resource, connections);
                board.note(checked.of(name));
            }
        }
    }
}

fn connection(name: &str, kind: &ConnectionKind, written: &str, all: &[Connection]) -> Checked {
    let problem = |what: String, cure: &str| {
        Checked::problem(Check::Resource, what, cure).setting(format!("resources.{name}.resource"))
    };
    let named: Vec<&Connection> = all
        .iter()
        .filter(|one| one.names().any(|name| name == written))
        .collect();
    let Some(found) = named
        .iter()
        .find(|one| !one.status.is_off())
        .or(named.first())
    else {
        let of_kind = all.iter().filter(|one| one.kind == *kind);
        let what = format!(
            "no connection of the agent is called `{written}`; those of this kind are {}",
            quoted(of_kind.flat_map(Connection::names))
        );
        let cure = "copy the resource indicator or ORN of the connection, or add one";
        return problem(what, cure);
    };
    let said = format!("the connection {} is {}", found.id, found.status.as_str());
    let is_off = found.status.is_off();
    if !is_off && found.kind != *kind {
        let what = format!(
            "the connection {} is of the kind {}, not {}",
            found.id,
            found.kind.as_str(),
            kind.as_str()
        );
        return problem(what, "name a connection of that kind");
    }
    in_use(Check::Resource, &found.status, said, |said| {
        problem(said, "activate the connection")
    })
}
