//! What the management API says of each check: the settings themselves, so its answer is exact.

mod agent;
mod resources;
mod server;
mod user;

pub use self::user::AGENTS_APP;
use super::{Board, Check, Checked};
use crate::management::{Lifecycle, Management, ManagementError};
use crate::scenario::model::{ClientRole, Edition, ServerRole};
use crate::targets::Deployment;

/// What is asked, and what for.
struct Reading<'r> {
    management: &'r Management,
    deployment: &'r Deployment,
    edition: Edition,
    /// Client id of the agent.
    agent: &'r str,
}

/// Reads the settings and notes what they say. What cannot be read is left to the requests of the protocol.
pub async fn examine(
    management: &Management,
    deployment: &Deployment,
    edition: Edition,
    board: &mut Board,
) {
    let Some(agent) = deployment.client(ClientRole::Agent, edition) else {
        return;
    };
    let reading = Reading {
        management,
        deployment,
        edition,
        agent: &agent.client_id,
    };
    let found = match reading.agent(board).await {
        Ok(found) => found,
        Err(refused) => {
            board.note(token_refused(&refused));
            return;
        }
    };
    reading.user(found.as_ref(), board).await;
    let connections = match &found {
        Some(_) => reading.connections(board).await,
        None => None,
    };
    if let Some(server) = deployment.servers.get(&ServerRole::CustomAs) {
        reading.server(server, connections.as_deref(), board).await;
    }
    if let Some(connections) = &connections {
        reading.resources(connections, board);
    }
}

/// The token is not valid.
fn token_refused(refused: &ManagementError) -> Checked {
    Checked::problem(Check::Management, refused.to_string(), refused.cure())
        .setting("management")
        .at(Some("Security > API > Tokens"))
}

/// Whether the token itself is refused. That it may not read one thing says nothing of the others.
const fn is_about_the_token(error: &ManagementError) -> bool {
    matches!(error, ManagementError::Refused { status: 401, .. })
}

/// Something of which a check is about whether it is in use. `said` names it and its status.
fn in_use(
    check: Check,
    status: &Lifecycle,
    said: String,
    problem: impl FnOnce(String) -> Checked,
) -> Checked {
    if status.is_off() {
        problem(said)
    } else if status.is_unknown() {
        let why = format!("{said}, of which this version of the kit does not know what it means");
        Checked::unknown(check, why, "see in the Admin Console whether it is in use")
    } else {
        Checked::ok(check, said)
    }
}

/// What could not be read, of a check that the protocol cannot see.
fn unread(check: Check, error: &ManagementError) -> Checked {
    Checked::unknown(check, error.to_string(), error.cure())
}

/// "`a`, `b`", or "none".
fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
