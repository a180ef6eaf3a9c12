//! The sections `vault` and `third_parties`.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use strict_yaml::{FromNode as _, MapReader, Problem};

use super::resolve::{KnownNames, RecordKind};
use super::words::{each, lifetime, orn, scopes, secret, set, users, uuid};
use crate::org::{ServiceAccount, ThirdParty, ThirdPartyId, Users, VaultedSecret};
use crate::secret::Secret;

/// What the vault holds.
#[derive(Default)]
pub(super) struct Vault {
    pub(super) secrets: BTreeMap<String, VaultedSecret>,
    pub(super) service_accounts: BTreeMap<String, ServiceAccount>,
}

pub(super) fn vault(top: &mut MapReader<'_, '_>, known: &mut KnownNames) -> Vault {
    let Some(node) = top.node("vault") else {
        return Vault::default();
    };
    let mut vault = MapReader::new(node, top.problems(), "the vault");
    let read = Vault {
        secrets: secrets(&mut vault, known),
        service_accounts: service_accounts(&mut vault, known),
    };
    vault.finish();
    read
}

fn secrets(
    vault: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<String, VaultedSecret> {
    each(vault, "secrets", "a secret", |entry| {
        let (id, orn) = identify(entry, RecordKind::Secret, known);
        let name = entry.required::<String>("name");
        let value = value(entry);
        let entitled_users = entitled(entry, known);
        let id = id?;
        Some((
            id.clone(),
            VaultedSecret {
                id,
                orn: orn?,
                name: name?,
                value: value?,
                entitled_users,
            },
        ))
    })
}

fn service_accounts(
    vault: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<String, ServiceAccount> {
    each(vault, "service_accounts", "a service account", |entry| {
        let (id, orn) = identify(entry, RecordKind::ServiceAccount, known);
        let name = entry.required::<String>("name");
        let username = secret(entry, "username");
        let password = secret(entry, "password");
        let entitled_users = entitled(entry, known);
        let id = id?;
        Some((
            id.clone(),
            ServiceAccount {
                id,
                orn: orn?,
                name: name?,
                username: username?,
                password: password?,
                entitled_users,
            },
        ))
    })
}

/// An entry goes by its id and by its ORN.
fn identify(
    entry: &mut MapReader<'_, '_>,
    kind: RecordKind,
    known: &mut KnownNames,
) -> (Option<String>, Option<String>) {
    let id = uuid(entry);
    if let Some(id) = &id {
        known.declare(kind, id, entry.problems());
    }
    let orn = orn(entry);
    if let (Some(orn), Some(id)) = (&orn, &id) {
        known.alias(kind, orn, &id.value, entry.problems());
    }
    (id.map(|id| id.value), orn.map(|orn| orn.value))
}

/// Who may be handed the value: said for every entry, since it is what protects it.
fn entitled(entry: &mut MapReader<'_, '_>, known: &KnownNames) -> Users {
    match entry.required_node("entitled_users") {
        Some(node) => users(node, known, entry.problems()),
        None => Users::Everyone,
    }
}

fn value(entry: &mut MapReader<'_, '_>) -> Option<BTreeMap<String, Secret>> {
    let node = entry.required_node("value")?;
    match node.as_map() {
        Some(map) => {
            for member in &map.entries {
                entry.problems().conceal(member.value.place);
            }
        }
        None => entry.problems().conceal(node.place),
    }
    let Some(map) = node.as_map().filter(|map| !map.entries.is_empty()) else {
        let mut problem = node.mismatch("a map of strings, at least one");
        if node.as_map().is_some() {
            "the secret holds no value".clone_into(&mut problem.message);
        }
        entry
            .problems()
            .push(problem.help("for example { apikey: … }"));
        return None;
    };
    map.entries
        .iter()
        .map(|member| {
            let text = String::from_node(&member.value, entry.problems())?;
            Some((member.key.value.clone(), Secret::new(text)))
        })
        .collect()
}

pub(super) fn third_parties(
    top: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<ThirdPartyId, ThirdParty> {
    each(top, "third_parties", "a third party", |party| {
        let id = party.required_str("id");
        if let Some(id) = &id {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if id.value.is_empty() || !id.value.bytes().all(plain) {
                party.problems().push(
                    Problem::new(
                        id.place,
                        format!("`{}` cannot be part of an address", id.value),
                    )
                    .expected("lower-case letters, digits and hyphens"),
                );
            }
            known.declare(RecordKind::ThirdParty, id, party.problems());
        }
        let name = party.required::<String>("name");
        let scopes = scopes(party, "scopes");
        if let Some(id) = &id {
            known.declare_scopes(RecordKind::ThirdParty, &id.value, set(&scopes));
        }
        let access_token_lifetime = lifetime(
            party,
            "access_token_lifetime",
            ("1s", "8760h"),
            SignedDuration::from_secs(3600),
        );
        let refresh = party.optional("refresh").unwrap_or(false);
        let id = ThirdPartyId::new(id?.value);
        Some((
            id.clone(),
            ThirdParty {
                id,
                name: name?,
                scopes: scopes.into_iter().map(|scope| scope.value).collect(),
                access_token_lifetime,
                refresh,
            },
        ))
    })
}
