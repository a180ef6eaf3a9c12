//! `authorization_servers` of a target file.

use std::collections::BTreeMap;

use strict_yaml::{MapReader, Node, Problem, Problems};

use super::{Context, address};
use crate::scenario::model::ServerRole;
use crate::targets::deployment::{ENDPOINTS, SERVER_FACTS, Server};

/// Reads the servers by role. `None` when the org is missing or wrong.
pub(super) fn read(
    node: &Node,
    cx: &Context<'_>,
    problems: &mut Problems,
) -> Option<BTreeMap<ServerRole, Server>> {
    let mut servers = MapReader::new(node, problems, "the authorization servers");
    servers.required_node(ServerRole::Org.as_str());
    let mut found = BTreeMap::new();
    for (name, role) in ServerRole::ALL {
        if let Some(node) = servers.node(name)
            && let Some(server) = server(*role, node, cx, servers.problems())
        {
            found.insert(*role, server);
        }
    }
    servers.finish();
    found.contains_key(&ServerRole::Org).then_some(found)
}

fn server(
    role: ServerRole,
    node: &Node,
    cx: &Context<'_>,
    problems: &mut Problems,
) -> Option<Server> {
    let mut entry = MapReader::new(node, problems, "an authorization server");
    let issuer = entry.required_node("issuer");
    let issuer = issuer.and_then(|node| issuer_of(node, cx, entry.problems()));
    let mut server = Server::at(role, issuer.as_deref().unwrap_or_default());
    for (name, _) in ENDPOINTS {
        let node = entry.node(name);
        if let Some(url) = node.and_then(|node| address(node, cx, entry.problems())) {
            server.endpoints.insert(name, url);
        }
    }
    for name in SERVER_FACTS {
        if let Some(value) = entry.optional::<String>(name) {
            server.facts.insert(name, value);
        }
    }
    entry.finish();
    issuer.map(|_| server)
}

/// An issuer is compared character by character, so a slash too many is worth a message. Okta's have none at the end; those
/// of others may (RFC 8414 §2).
fn issuer_of(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<String> {
    let issuer = address(node, cx, problems)?;
    if issuer.contains(['?', '#']) {
        problems.push(
            Problem::new(node.place, "an issuer has no query or fragment")
                .help("write it exactly as the server's metadata has it"),
        );
        return None;
    }
    if cx.is_okta && issuer.ends_with('/') {
        problems.push(
            Problem::new(node.place, "an Okta issuer has no slash at its end")
                .help("write it exactly as the server's metadata has it; for a server that is not Okta's choose `profiles` without okta"),
        );
        return None;
    }
    Some(issuer)
}
