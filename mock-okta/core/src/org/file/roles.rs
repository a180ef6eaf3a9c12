//! The section `target`: who plays which role in the target file.

use std::collections::BTreeMap;

use strict_yaml::{MapReader, Problems};

use super::resolve::{KnownNames, RecordKind};
use crate::org::target::{CLIENT_ROLES, RESOURCE_ROLES, SERVER_ROLES, TargetRoles, USER_ROLES};
use crate::org::{ClientId, ConnectionId, CustomServerId, UserId};

pub(super) fn roles(top: &mut MapReader<'_, '_>, known: &KnownNames) -> TargetRoles {
    let Some(node) = top.node("target") else {
        return TargetRoles::default();
    };
    let mut target = MapReader::new(node, top.problems(), "the target section");
    let mut group = |key: &'static str, what, roles, kinds| match target.node(key) {
        Some(node) => {
            let mut reader = MapReader::new(node, target.problems(), what);
            let found = read(&mut reader, roles, |name, problems| {
                known.find_any(kinds, name, problems)
            });
            reader.finish();
            found
        }
        None => BTreeMap::new(),
    };
    let servers = group(
        "authorization_servers",
        "the map of servers",
        &SERVER_ROLES[..],
        &[RecordKind::Server][..],
    );
    let clients = group(
        "clients",
        "the map of clients",
        &CLIENT_ROLES,
        &[RecordKind::Agent, RecordKind::App],
    );
    let users = group(
        "users",
        "the map of users",
        &USER_ROLES,
        &[RecordKind::User],
    );
    let resources = group(
        "resources",
        "the map of resources",
        &RESOURCE_ROLES,
        &[RecordKind::Connection],
    );
    target.finish();
    TargetRoles {
        servers: ids(servers, CustomServerId::new),
        clients: ids(clients, ClientId::new),
        users: ids(users, UserId::new),
        resources: ids(resources, ConnectionId::new),
    }
}

fn read(
    reader: &mut MapReader<'_, '_>,
    roles: &'static [&'static str],
    find: impl Fn(&strict_yaml::Spanned<String>, &mut Problems) -> Option<String>,
) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for role in roles {
        if let Some(name) = reader.optional_str(role)
            && let Some(id) = find(&name, reader.problems())
        {
            found.insert(*role, id);
        }
    }
    found
}

fn ids<T>(
    found: BTreeMap<&'static str, String>,
    new: impl Fn(String) -> T,
) -> BTreeMap<&'static str, T> {
    found
        .into_iter()
        .map(|(role, id)| (role, new(id)))
        .collect()
}
