//! The section `authorization_servers`.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use strict_yaml::MapReader;

use super::clients::grants;
use super::private_key::private_key;
use super::resolve::{KnownNames, RecordKind};
use super::words::{
    self, addresses, each, id, items, lifetime, lifetime_of, optional_users, scopes, set, status,
    strings,
};
use crate::behaviour::RedeemScope;
use crate::org::{AccessPolicy, AccessRule, ClientId, CustomServer, CustomServerId, KeyAlg};

/// Scopes that every server has, defined by OpenID Connect.
const OIDC_SCOPES: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
];

/// Bounds of an access token's lifetime, as the Admin Console has them.
const LIFETIME: (&str, &str) = ("5m", "24h");

/// What may become of a `scope` that is sent with an ID-JAG, as the switch of the same name has it.
pub(super) const REDEEM_SCOPE: [(&str, RedeemScope); 2] = [
    ("refuse", RedeemScope::Refuse),
    ("ignore", RedeemScope::Ignore),
];

const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_secs(3600);

/// Bounds of a refresh token's lifetime and of its idle time.
const REFRESH_LIFETIME: (&str, &str) = ("10m", "43800h");

/// A week without use ends a refresh token, where a rule says nothing else.
const DEFAULT_REFRESH_IDLE: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn servers(
    top: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<CustomServerId, CustomServer> {
    each(
        top,
        "authorization_servers",
        "an authorization server",
        |server| {
            let id = id(server, "aus", Some("default"));
            if let Some(id) = &id {
                known.declare(RecordKind::Server, id, server.problems());
            }
            let name = server.required::<String>("name");
            let audience = words::audience(server);
            let all = set(&scopes(server, "scopes"));
            if let Some(id) = &id {
                known.declare_scopes(RecordKind::Server, &id.value, all.clone());
            }
            let status = status(server);
            let key_pem = private_key(server, Some(KeyAlg::Rs256));
            let owner = id.as_ref().map_or("", |id| id.value.as_str());
            let mut some_of = |key| {
                let some = scopes(server, key);
                known.check_scopes(RecordKind::Server, owner, &some, &[], server.problems());
                set(&some)
            };
            let default_scopes = some_of("default_scopes");
            let consent_scopes = some_of("consent_required_scopes");
            let resources = addresses(server, "resources").into_iter().collect();
            let redeem_scope = server.optional_one_of("redeem_scope", &REDEEM_SCOPE);
            let policies = policies(server, known, owner);
            let id = CustomServerId::new(id?.value);
            Some((
                id.clone(),
                CustomServer {
                    id,
                    name: name?,
                    audience: audience?,
                    scopes: all,
                    default_scopes,
                    consent_scopes,
                    resources,
                    redeem_scope: redeem_scope.map(|found| found.value),
                    policies,
                    status,
                    key_pem,
                },
            ))
        },
    )
}

/// In the order written: it is the order of priority.
fn policies(server: &mut MapReader<'_, '_>, known: &KnownNames, owner: &str) -> Vec<AccessPolicy> {
    let mut all = Vec::new();
    for item in items(server, "policies") {
        let mut policy = MapReader::new(item, server.problems(), "a policy");
        let name = policy.required::<String>("name");
        policy.required_node("clients");
        let clients = items(&mut policy, "clients");
        let clients = strings(clients, policy.problems());
        let clients = known.find_all(
            &[RecordKind::Agent, RecordKind::App],
            &clients,
            policy.problems(),
        );
        let rules = rules(&mut policy, known, owner);
        policy.finish();
        if let Some(name) = name {
            all.push(AccessPolicy {
                name,
                clients: clients.into_iter().map(ClientId::new).collect(),
                rules,
            });
        }
    }
    all
}

fn rules(policy: &mut MapReader<'_, '_>, known: &KnownNames, owner: &str) -> Vec<AccessRule> {
    let mut all = Vec::new();
    policy.required_node("rules");
    for item in items(policy, "rules") {
        let mut rule = MapReader::new(item, policy.problems(), "a rule");
        let name = rule.required::<String>("name");
        rule.required_node("grant_types");
        let grant_types = grants(&mut rule).unwrap_or_default();
        let users = optional_users(&mut rule, "users", known);
        rule.required_node("scopes");
        let scopes = scopes(&mut rule, "scopes");
        known.check_scopes(
            RecordKind::Server,
            owner,
            &scopes,
            &OIDC_SCOPES,
            rule.problems(),
        );
        let access_token_lifetime = lifetime(
            &mut rule,
            "access_token_lifetime",
            LIFETIME,
            DEFAULT_LIFETIME,
        );
        let refresh_token_lifetime =
            lifetime_of(&mut rule, "refresh_token_lifetime", REFRESH_LIFETIME);
        let refresh_token_idle = lifetime(
            &mut rule,
            "refresh_token_idle",
            REFRESH_LIFETIME,
            DEFAULT_REFRESH_IDLE,
        );
        rule.finish();
        if let Some(name) = name {
            all.push(AccessRule {
                name,
                grant_types,
                users,
                scopes: set(&scopes),
                access_token_lifetime,
                refresh_token_lifetime,
                refresh_token_idle,
            });
        }
    }
    all
}
